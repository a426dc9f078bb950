"""What somebody types into the screens of gifts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.faces.shared.amounts import money
from apps.platform.ids import new_id
from apps.pledges import interface as pledges
from apps.reporting import interface as reporting

from ..typed import minor
from ..words import GIFT_STATES


class FilterForm(forms.Form):
    """The filter of a list of gifts; what cannot be used is said and left out."""

    search = forms.CharField(label=_("Search"), required=False, max_length=100)
    status = forms.ChoiceField(label=_("State"), required=False)
    campaign = forms.ChoiceField(label=_("Campaign"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    test = forms.ChoiceField(
        label=_("Tests"),
        required=False,
        choices=[("", _("All")), ("without", _("Without tests")), ("only", _("Tests only"))],
    )

    def __init__(self, data: Any, *, own: dict[UUID, str]) -> None:
        super().__init__(data)
        states: Any = self.fields["status"]
        states.choices = [("", _("All")), *((state, words) for state, (words, _tone) in GIFT_STATES.items())]
        of: Any = self.fields["campaign"]
        of.choices = [("", _("All")), *((str(each), title) for each, title in own.items())]

    def wanted(self, donor_key: str = "") -> reporting.GiftFilter:
        self.is_valid()
        given = self.cleaned_data
        return reporting.GiftFilter(
            search=given.get("search") or "",
            status=given.get("status") or "",
            campaign_id=UUID(given["campaign"]) if given.get("campaign") else None,
            donor_key=donor_key,
            since=given.get("since"),
            until=given.get("until"),
            is_test={"only": True, "without": False}.get(given.get("test") or ""),
        )


class TokenForm(forms.Form):
    """A form that does something once, however often it is sent: its token is the idempotency key."""

    token = forms.UUIDField(widget=forms.HiddenInput)

    @classmethod
    def fresh(cls) -> dict[str, Any]:
        return {"token": str(new_id())}


class NoteForm(TokenForm):
    body = forms.CharField(
        label=_("Note"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "short"}),
        help_text=_("For the team only. A note cannot be changed afterwards."),
    )


class RefundForm(TokenForm):
    amount = forms.CharField(label=_("Amount"), max_length=20)
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("Kept with the gift. The donor does not see it.")
    )

    def __init__(self, *args: Any, pledge: pledges.Pledge, left: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.pledge, self.left = pledge, left

    def clean_amount(self) -> int:
        amount = minor(self.cleaned_data["amount"], self.pledge.currency)
        # Sent again after it was done, a confirmed form must reach the answer that was kept; pledges refuses what is too much.
        if amount > self.left and "confirmed" not in self.data:
            most = money(self.left, self.pledge.currency)
            raise forms.ValidationError(_("At most %(most)s can be given back."), params={"most": most})
        return amount
