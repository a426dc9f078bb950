from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.notifications import interface as notifications

KIND_NAMES = {
    "gift_authorized": _("Your bank holds a gift of yours"),
    "gift_captured": _("A gift of yours has arrived"),
    "gift_failed": _("A gift of yours did not go through"),
    "gift_refunded": _("A gift of yours was given back"),
    "receipt_ready": _("A receipt is ready"),
    "update_posted": _("News from a campaign you follow"),
    "followed_goal_reached": _("A campaign you follow reached its goal"),
    "followed_ended": _("A campaign you follow has ended"),
    "answer_waiting": _("The team answered a question of yours"),
    "mentioned": _("Somebody mentioned you in a conversation"),
    "new_gift": _("A gift to your campaign"),
    "goal_reached": _("Your campaign reached its goal"),
    "campaign_published": _("Your campaign was approved"),
    "campaign_returned": _("Your campaign was returned for changes"),
    "campaign_ended": _("Your campaign has ended"),
    "refund_done": _("A refund reached its donor"),
    "payout_paid": _("A payout was sent by the bank"),
    "payout_failed": _("A payout was refused by the bank"),
    "payout_declined": _("A payout that you asked for was declined"),
    "question_waiting": _("A donor asks your team"),
    "message_reported": _("A message in your conversation was reported"),
    "endpoint_disabled": _("A webhook endpoint of yours was switched off"),
    "review_waiting": _("A campaign waits for review"),
    "payout_waiting": _("A payout waits for approval"),
    "payment_anomaly": _("A payment needs a look"),
    "delivery_dead": _("Deliveries were given up"),
    "provider_stopped": _("A payment provider does not answer"),
}
HOURS = [("", _("No quiet hours")), *((str(hour * 60), f"{hour:02}:00") for hour in range(24))]


class PreferencesForm(forms.Form):
    """How and where a person wants to hear of what; one row of three boxes for each kind."""

    language = forms.ChoiceField(required=False, label=_("Language of e-mails"))
    time_zone = forms.ChoiceField(label=_("Time zone"))
    quiet_from = forms.ChoiceField(required=False, choices=HOURS, label=_("Quiet from"))
    quiet_to = forms.ChoiceField(required=False, choices=HOURS, label=_("Quiet until"))

    def __init__(self, data: Any, *, preferences: notifications.Preferences) -> None:
        said = preferences
        initial = {
            "language": said.language,
            "time_zone": said.time_zone,
            "quiet_from": "" if said.quiet_from is None else str(said.quiet_from),
            "quiet_to": "" if said.quiet_to is None else str(said.quiet_to),
        }
        super().__init__(data, initial=initial)
        self.wishes = said.kinds
        language: Any = self.fields["language"]
        language.choices = [("", _("As when I gave")), *settings.LANGUAGES]
        zone: Any = self.fields["time_zone"]
        zone.choices = [(name, name.replace("_", " ")) for name in sorted(available_timezones()) if _is_place(name)]
        for wish in said.kinds:
            for channel in ("live", "email", "digest"):
                self.fields[f"{channel}-{wish.kind}"] = forms.BooleanField(
                    required=False, initial=getattr(wish, channel)
                )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """For each kind its name and boxes; e-mail is missing where a letter is sent in any case."""
        return [
            {
                "name": KIND_NAMES[wish.kind],
                "live": self[f"live-{wish.kind}"],
                "email": None if wish.kind in notifications.ALWAYS_MAILED else self[f"email-{wish.kind}"],
                "digest": self[f"digest-{wish.kind}"],
            }
            for wish in self.wishes
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if bool(cleaned.get("quiet_from")) != bool(cleaned.get("quiet_to")):
            self.add_error("quiet_to", _("Give both ends of the quiet hours, or neither."))
        return cleaned

    def save(self, user_id: Any) -> None:
        given = self.cleaned_data
        notifications.set_preferences(
            user_id=user_id,
            language=given["language"],
            time_zone=given["time_zone"],
            quiet_from=int(given["quiet_from"]) if given["quiet_from"] else None,
            quiet_to=int(given["quiet_to"]) if given["quiet_to"] else None,
            kinds=[
                notifications.KindPreference(
                    wish.kind,
                    live=given[f"live-{wish.kind}"],
                    email=given[f"email-{wish.kind}"],
                    digest=given[f"digest-{wish.kind}"],
                )
                for wish in self.wishes
            ],
        )


def _is_place(name: str) -> bool:
    return name == "UTC" or (name.partition("/")[0] in _AREAS and "/" in name)


_AREAS = {"Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
