"""The form of what a campaign's page may have beside its story."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.campaigns import interface as campaigns

from ..typed import major, minor


class ExtrasForm(forms.Form):
    """A row of fields for each question and milestone; rows that are left empty are no question and no milestone."""

    thank_you = forms.CharField(
        label=_("A word of thanks"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"class": "short", "rows": 3}),
        help_text=_("Shown to donors on the page of their gift, once it has arrived."),
    )
    presets = forms.CharField(
        label=_("Suggested amounts"),
        required=False,
        max_length=120,
        help_text=_("Up to six, with spaces between them, for example 200 500 1000. Empty: the usual ones."),
    )

    def __init__(self, data: Any = None, *, campaign: campaigns.Campaign) -> None:
        self.campaign = campaign
        super().__init__(data, initial=_initial(campaign))
        for number in range(campaigns.MOST_MILESTONES):
            self.fields[f"amount{number}"] = forms.CharField(label=_("Amount"), required=False, max_length=20)
            self.fields[f"title{number}"] = forms.CharField(
                label=_("What it makes possible"), required=False, max_length=120
            )
        for number in range(campaigns.MOST_QUESTIONS):
            self.fields[f"question{number}"] = forms.CharField(label=_("Question"), required=False, max_length=200)
            self.fields[f"answer{number}"] = forms.CharField(
                label=_("Answer"),
                required=False,
                max_length=2000,
                widget=forms.Textarea(attrs={"class": "short", "rows": 3}),
            )

    @property
    def milestones(self) -> Iterator[tuple[int, Any, Any]]:
        """Number, amount and title of each row."""
        return ((n + 1, self[f"amount{n}"], self[f"title{n}"]) for n in range(campaigns.MOST_MILESTONES))

    @property
    def questions(self) -> Iterator[tuple[int, Any, Any]]:
        return ((n + 1, self[f"question{n}"], self[f"answer{n}"]) for n in range(campaigns.MOST_QUESTIONS))

    def clean_presets(self) -> list[int]:
        return [minor(each, self.campaign.currency) for each in self.cleaned_data["presets"].split()]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        for number in range(campaigns.MOST_MILESTONES):
            if typed := given.get(f"amount{number}"):
                try:
                    given[f"amount{number}"] = minor(typed, self.campaign.currency)
                except forms.ValidationError as error:
                    self.add_error(f"amount{number}", error)
        return given

    def wanted(self) -> dict[str, Any]:
        """What campaigns takes; rules about it are said there."""
        given = self.cleaned_data
        return {
            "thank_you": given["thank_you"],
            "presets": given["presets"],
            "milestones": [
                campaigns.Milestone(given[f"amount{n}"] or 0, given[f"title{n}"])
                for n in range(campaigns.MOST_MILESTONES)
                if given[f"amount{n}"] or given[f"title{n}"]
            ],
            "faq": [
                campaigns.Question(given[f"question{n}"], given[f"answer{n}"])
                for n in range(campaigns.MOST_QUESTIONS)
                if given[f"question{n}"] or given[f"answer{n}"]
            ],
        }


def _initial(campaign: campaigns.Campaign) -> dict[str, Any]:
    values: dict[str, Any] = {
        "thank_you": campaign.thank_you,
        "presets": " ".join(major(each, campaign.currency) for each in campaign.presets),
    }
    for number, step in enumerate(campaign.milestones):
        values |= {f"amount{number}": major(step.amount, campaign.currency), f"title{number}": step.title}
    for number, each in enumerate(campaign.faq):
        values |= {f"question{number}": each.question, f"answer{number}": each.answer}
    return values
