from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.platform.errors import Refused

from ..typed import minor


class AccountForm(forms.Form):
    account = forms.CharField(
        label=_("Account number"), max_length=19, help_text=_("Four groups of four digits, as the bank writes it.")
    )
    holder = forms.CharField(label=_("Account holder"), max_length=120)

    def take_refusal(self, refused: Refused) -> None:
        for each in refused.fields:
            self.add_error(each.field, each.detail)


class RequestForm(forms.Form):
    amount = forms.CharField(label=_("Amount"), max_length=20)
    note = forms.CharField(
        label=_("What it is for"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "short"}),
        help_text=_("Whoever approves reads it; the public does not."),
    )

    def __init__(self, data: Any = None, *, currency: str, **options: Any) -> None:
        super().__init__(data, **options)
        self.currency = currency

    def clean_amount(self) -> int:
        return minor(self.cleaned_data["amount"], self.currency)


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("approve", _("Approve: the money is sent")), ("decline", _("Decline"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "short"}),
        help_text=_("Needed when you decline: whoever asked reads it."),
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("decision") == "decline" and not given.get("note", "").strip():
            self.add_error("note", _("Say why."))
        return given
