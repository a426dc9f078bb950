from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID
from zoneinfo import available_timezones

from django.conf import settings
from django.db import transaction

from apps.platform.errors import FieldError, Invalid

from ..data import KINDS, KindPreference
from ..models import Preference, Recipient

MINUTES = 1440


def set_preferences(
    *,
    user_id: UUID,
    language: str = "",
    time_zone: str = "UTC",
    quiet_from: int | None = None,
    quiet_to: int | None = None,
    kinds: Iterable[KindPreference] = (),
) -> None:
    """Keep how and where a person wants to hear of what. Kinds that are not named stay as they are. Raises Invalid."""
    wishes = list(kinds)
    faults = []
    if language not in ("", *(code for code, _ in settings.LANGUAGES)):
        faults.append(FieldError("language", "unknown-choice", "Choose one of the languages of this site."))
    if time_zone not in available_timezones():
        faults.append(FieldError("time_zone", "unknown-choice", "Choose a time zone such as Asia/Dhaka."))
    if (quiet_from is None) != (quiet_to is None) or not all(
        0 <= each < MINUTES for each in (quiet_from, quiet_to) if each is not None
    ):
        faults.append(FieldError("quiet_from", "invalid", "Give both ends of the quiet hours, or neither."))
    if unknown := [each.kind for each in wishes if each.kind not in KINDS]:
        faults.append(FieldError("kinds", "unknown-choice", f"There is no kind {unknown[0]}."))
    if faults:
        raise Invalid(fields=tuple(faults))
    with transaction.atomic():
        Recipient.objects.update_or_create(
            user_id=user_id,
            defaults={
                "language": language,
                "time_zone": time_zone,
                "quiet_from": quiet_from,
                "quiet_to": quiet_to,
            },
        )
        for wish in wishes:
            set_kind(user_id=user_id, wish=wish)


def set_kind(*, user_id: UUID, wish: KindPreference) -> None:
    """Keep where a person wants to hear of one kind."""
    values = {"live": wish.live, "email": wish.email, "digest": wish.digest}
    Preference.objects.update_or_create(user_id=user_id, kind=wish.kind, defaults=values)
