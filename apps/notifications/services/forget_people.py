from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from apps.platform import db

from ..models import Endpoint, Preference, Recipient


def forget_people(*, user_ids: Sequence[UUID]) -> None:
    """Delete what is kept of these people: inbox, wishes, endpoints with their log. Letters hold neither name nor address, and
    those that wait are dropped by themselves, since nobody is there to read them."""
    people = list(user_ids)
    db.execute("DELETE FROM notifications_inboxentry WHERE user_id = ANY(%s)", [people])
    db.execute("DELETE FROM notifications_inbox WHERE user_id = ANY(%s)", [people])
    for model in (Preference, Recipient):
        model.objects.filter(user_id__in=people).delete()
    Endpoint.objects.filter(owner_id__in=people).delete()
