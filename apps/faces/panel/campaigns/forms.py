"""What a campaign's manager types. Amounts and times are typed as people do; what is allowed is said by campaigns."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, DecimalException
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.campaigns import interface as campaigns
from apps.platform.errors import Refused
from apps.platform.money import CURRENCIES, exponent

from ..words import CATEGORIES

AMOUNTS = ("goal_amount", "minimum_amount", "maximum_amount")
TIMES = ("starts_at", "ends_at")
FIXED = ("currency", "minimum_amount", "maximum_amount")


class CampaignForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120)
    summary = forms.CharField(
        label=_("Summary"),
        max_length=280,
        required=False,
        help_text=_("One or two sentences, shown in lists and shared links."),
    )
    story = forms.CharField(
        label=_("Story"),
        max_length=50_000,
        required=False,
        widget=forms.Textarea,
        help_text=_("Markdown: headings, lists, links and emphasis."),
    )
    category = forms.ChoiceField(label=_("Category"), choices=CATEGORIES)
    goal_amount = forms.CharField(label=_("Goal"), max_length=20)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in sorted(CURRENCIES)])
    minimum_amount = forms.CharField(label=_("Smallest gift"), max_length=20, required=False)
    maximum_amount = forms.CharField(label=_("Largest gift"), max_length=20, required=False)
    starts_at = forms.CharField(
        label=_("Begins"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text=_("Empty: as soon as it is published."),
    )
    ends_at = forms.CharField(
        label=_("Ends"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text=_("Empty: open end."),
    )

    def __init__(self, data: Any = None, *, campaign: campaigns.Campaign | None = None) -> None:
        super().__init__(data, initial=_initial(campaign) if campaign else {"currency": "BDT"})
        self.campaign = campaign
        if campaign and campaign.status != "draft":
            for name in FIXED:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        currency = given.get("currency") or (self.campaign.currency if self.campaign else "")
        for name in AMOUNTS:
            if name in given and currency:
                given[name] = self._amount(name, given[name], currency)
        for name in TIMES:
            if name in given:
                given[name] = self._moment(name, given[name])
        return given

    def take_refusal(self, refused: Refused) -> None:
        """Show what campaigns refused beside the field that it is about."""
        for each in refused.fields:
            self.add_error(each.field if each.field in self.fields else None, each.detail)
        if not refused.fields:
            self.add_error(None, refused.detail)

    def _amount(self, name: str, typed: str, currency: str) -> int | None:
        if not typed:
            return None
        try:
            amount = Decimal(typed.replace(",", "").strip()).scaleb(exponent(currency))
            if amount.is_finite() and amount == amount.to_integral_value() and abs(amount) <= 10**15:
                return int(amount)
        except DecimalException:
            pass
        self.add_error(name, _("Enter an amount in numbers, for example 750."))
        return None

    def _moment(self, name: str, typed: str) -> datetime | None:
        if not typed:
            return None
        try:
            return datetime.fromisoformat(typed).replace(tzinfo=ZoneInfo(settings.REPORTS_TIME_ZONE))
        except ValueError:
            self.add_error(name, _("Enter a date and a time."))
            return None


def _initial(campaign: campaigns.Campaign) -> dict[str, Any]:
    values: dict[str, Any] = {
        name: getattr(campaign, name) for name in ("title", "summary", "story", "category", "currency")
    }
    digits = exponent(campaign.currency)
    values |= {name: f"{Decimal(getattr(campaign, name)).scaleb(-digits):f}" for name in AMOUNTS}
    zone = ZoneInfo(settings.REPORTS_TIME_ZONE)
    for name in TIMES:
        moment = getattr(campaign, name)
        values[name] = moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if moment else ""
    return values


class CoverForm(forms.Form):
    image = forms.FileField(
        label=_("Picture"),
        help_text=_("JPEG, PNG or WebP, at most 8 MB; it is cropped to 16:9."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    focus = forms.ChoiceField(label=_("What must stay in view"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        focus: Any = self.fields["focus"]
        focus.choices = [(name, words) for name, (words, _point) in FOCUS.items()]


FOCUS = {
    "middle": (_("The middle"), (0.5, 0.5)),
    "left": (_("The left"), (0.0, 0.5)),
    "right": (_("The right"), (1.0, 0.5)),
    "top": (_("The top"), (0.5, 0.0)),
    "bottom": (_("The bottom"), (0.5, 1.0)),
}


class ReviewForm(forms.Form):
    """Staff publish, or send back and say why."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("publish", _("Publish it")), ("return", _("Send it back"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("What is to be mended"),
        required=False,
        max_length=1000,
        widget=forms.Textarea,
        help_text=_("Needed when you send it back. The manager reads it."),
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("decision") == "return" and not given.get("reason", "").strip():
            self.add_error("reason", _("Say what is to be mended."))
        return given
