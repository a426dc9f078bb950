from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.campaigns import interface as campaigns
from apps.faces.shared.amounts import percent_of_points
from apps.payments import interface as payments
from apps.payments.data import AT_BANK
from apps.platform import text
from apps.platform.actors import Actor
from apps.platform.ids import new_id
from apps.pledges import interface as pledges

from ..templatetags.amounts import money
from .presets import presets
from .typed import read_amount

OTHER = "other"
ONCE, MONTHLY = "once", "monthly"
PROVIDER = "bank"
# The bank's published test accounts (GET /api/v1/bank/test-accounts), in words for people.
TEST_ACCOUNTS = [
    ("4000-0000-0000-0001", _("Test account that pays")),
    ("4000-0000-0000-0002", _("Test account without funds: the gift is declined")),
    ("4000-0000-0000-0012", _("Test account whose bank answers a minute late")),
    (AT_BANK, _("On the bank's own page")),
    ("4000-0000-0000-0003", _("Closed account: the gift is declined")),
    ("4000-0000-0000-0010", _("The bank says taken before it says held")),
    ("4000-0000-0000-0011", _("The bank says everything five times")),
    ("4000-0000-0000-0013", _("The amount is held, then not paid")),
    ("4000-0000-0000-0014", _("The bank does not answer in time, but the money moves")),
    ("4000-0000-0000-0015", _("The bank is unavailable at first")),
    ("4000-0000-0000-0016", _("The bank never says that it paid; we ask it")),
]
COMMON_ACCOUNTS = 4


class GiveForm(forms.Form):
    """A gift in one form. Amounts are typed in major units and become whole minor units without a float."""

    preset = forms.ChoiceField(widget=forms.RadioSelect, label=_("Amount"))
    other_amount = forms.CharField(required=False, max_length=20, label=_("Other amount"))
    frequency = forms.ChoiceField(
        required=False,
        widget=forms.RadioSelect,
        choices=[(ONCE, _("Once")), (MONTHLY, _("Every month"))],
        label=_("How often"),
    )
    dedication = forms.ChoiceField(
        required=False,
        widget=forms.RadioSelect,
        choices=[
            ("", _("For the campaign")),
            ("honour", _("In honour of somebody")),
            ("memory", _("In memory of somebody")),
        ],
        label=_("Dedication"),
    )
    honoree = forms.CharField(required=False, max_length=120, label=_("Whom the gift is for"))
    dedication_shown = forms.BooleanField(
        required=False, label=_("Show the dedication beside my gift on the campaign's page")
    )
    recipient_name = forms.CharField(required=False, max_length=120, label=_("Whom to tell"))
    recipient_email = forms.CharField(required=False, max_length=254, label=_("Their e-mail address"))
    recipient_message = forms.CharField(
        required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}), label=_("Your words to them")
    )
    send_on = forms.DateField(required=False, label=_("On which day"))
    covers_fee = forms.BooleanField(required=False, label=_("Cover the fee of the payment"))
    name = forms.CharField(max_length=120, label=_("Your name"))
    email = forms.CharField(max_length=254, label=_("E-mail address"))
    anonymous = forms.BooleanField(required=False, label=_("Don't display my name publicly. The team still sees it."))
    message = forms.CharField(
        required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}), label=_("Message of support")
    )
    account = forms.CharField(max_length=19, label=_("Account number"))
    token = forms.UUIDField(widget=forms.HiddenInput)
    # For the carding guard: the signed form token, the trap that people do not see, the solved challenge.
    shown = forms.CharField(required=False, widget=forms.HiddenInput)
    website = forms.CharField(required=False)
    solution = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, campaign: campaigns.Campaign, person: tuple[str, str] | None = None) -> None:
        initial = {"token": new_id(), "frequency": ONCE, "account": TEST_ACCOUNTS[0][0] if settings.DEMO_MODE else ""}
        if person:
            initial |= {"name": person[0], "email": person[1]}
        super().__init__(data, initial=initial)
        self.campaign = campaign
        least, most = campaign.minimum_amount, campaign.maximum_amount
        amounts = presets(currency=campaign.currency, least=least, most=most, own=campaign.presets)
        choices = [(str(amount), money(amount, campaign.currency)) for amount in amounts]
        preset: Any = self.fields["preset"]
        preset.choices = [*choices, (OTHER, _("Other"))]
        if settings.DEMO_MODE:
            self.fields["account"].widget = forms.RadioSelect(choices=TEST_ACCOUNTS)
        else:
            self.fields["account"].required = False

    @property
    def common_accounts(self) -> list[Any]:
        return list(self["account"])[:COMMON_ACCOUNTS]

    @property
    def rare_accounts(self) -> list[Any]:
        return list(self["account"])[COMMON_ACCOUNTS:]

    @property
    def is_rare_account_chosen(self) -> bool:
        return self["account"].value() in dict(TEST_ACCOUNTS[COMMON_ACCOUNTS:])

    @property
    def limits(self) -> str:
        """The least and the most that can be given, in words."""
        low = money(self.campaign.minimum_amount, self.campaign.currency)
        high = money(self.campaign.maximum_amount, self.campaign.currency)
        return _("Give between %(low)s and %(high)s.") % {"low": low, "high": high}

    def renew_token(self) -> None:
        """Show the form with a new idempotency key: sent again, it is another gift. Only after an answer that made none."""
        data: Any = self.data
        renewed = data.copy()
        renewed["token"] = str(new_id())
        self.data = renewed

    def clean_email(self) -> str:
        return self._text(text.normalise_email, self.cleaned_data["email"])

    def clean_name(self) -> str:
        return self._text(lambda value: text.clean_line(value, 120), self.cleaned_data["name"])

    def clean_message(self) -> str:
        return self._text(lambda value: text.clean_text(value, 500), self.cleaned_data["message"])

    def clean_account(self) -> str:
        """Left empty where people type it: they name it on the bank's own page."""
        account = self.cleaned_data["account"].strip() or AT_BANK
        if account == AT_BANK and self.data.get("frequency") == MONTHLY:
            raise forms.ValidationError(
                _("The bank's own page approves one gift. For a gift every month, choose an account.")
            )
        return account

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        preset = cleaned.get("preset")
        if preset == OTHER:
            cleaned["amount"] = self._typed_amount(cleaned.get("other_amount", ""))
        elif preset:
            cleaned["amount"] = int(preset)
        return cleaned

    @property
    def total(self) -> int:
        """What the valid form takes: the gift, and on top what covers the fee, where that is wished."""
        amount: int = self.cleaned_data["amount"]
        return payments.total_covering(provider=PROVIDER, amount=amount) if self.cleaned_data["covers_fee"] else amount

    @property
    def fee(self) -> str:
        """The part that the provider keeps, in words such as 1.5 %; empty where it keeps nothing."""
        points = payments.fee_points(provider=PROVIDER)
        return percent_of_points(points) if points else ""

    @property
    def fee_points(self) -> int:
        return payments.fee_points(provider=PROVIDER)

    @property
    def totals(self) -> list[tuple[str, str, str]]:
        """For each choice its total, the total with the fee covered, and what covers it; empty for Other."""
        shown = []
        for value, _label in self.fields["preset"].choices:  # type: ignore[attr-defined]
            given = getattr(self, "cleaned_data", {}).get("amount") if value == OTHER else int(value)
            if not given:
                shown.append(("", "", ""))
                continue
            total = payments.total_covering(provider=PROVIDER, amount=given)
            amounts = (given, total, total - given)
            shown.append(tuple(money(amount, self.campaign.currency) for amount in amounts))  # type: ignore[arg-type]
        return shown

    @property
    def is_monthly(self) -> bool:
        """Whether the valid form asks for a gift of every month."""
        return bool(self.cleaned_data["frequency"] == MONTHLY)

    @property
    def new_dedication(self) -> pledges.NewDedication | None:
        given = self.cleaned_data
        if not given["dedication"]:
            return None
        return pledges.NewDedication(
            kind=given["dedication"],
            honoree=given["honoree"],
            is_public=given["dedication_shown"],
            recipient_name=given["recipient_name"],
            recipient_email=given["recipient_email"],
            message=given["recipient_message"],
            send_on=given["send_on"],
        )

    @property
    def is_dedicated(self) -> bool:
        """Whether that part of the form stands open."""
        fields = ("dedication", "honoree", "recipient_name", "recipient_email", "recipient_message", "send_on")
        return any(self[name].value() for name in fields)

    def to_new_pledge(self, actor: Actor) -> pledges.NewPledge:
        given = self.cleaned_data
        scope = f"user:{actor.user_id}" if actor.user_id else "guest"
        facts = [
            str(self.campaign.id),
            given["amount"],
            given["email"],
            given["name"],
            given["anonymous"],
            given["message"],
            given["account"],
        ]
        if self.is_monthly:
            facts.append(MONTHLY)
        if given["covers_fee"]:
            facts.append(self.total)
        if dedication := self.new_dedication:
            facts.append(repr(dedication))
        return pledges.NewPledge(
            campaign_id=self.campaign.id,
            amount=self.total,
            cover_amount=self.total - given["amount"],
            donor_id=actor.user_id,
            donor_email=given["email"],
            donor_name=given["name"],
            language=get_language() or "",
            anonymous=given["anonymous"],
            message=given["message"],
            dedication=dedication,
            account=given["account"],
            caller_scope=scope,
            idempotency_key=f"form:{given['token']}",
            fingerprint=hashlib.sha256(repr(facts).encode()).digest(),
        )

    def _typed_amount(self, typed: str) -> int | None:
        amount = read_amount(typed, self.campaign.currency)
        if amount is None:
            self.add_error("other_amount", _("Enter an amount in numbers, for example 750."))
        elif not self.campaign.minimum_amount <= amount <= self.campaign.maximum_amount:
            self.add_error("other_amount", self.limits)
        else:
            return amount
        return None

    def _text(self, clean: Any, value: str) -> str:
        try:
            return str(clean(value))
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None
