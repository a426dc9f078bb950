from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.crypto import get_random_string

from apps.platform import clock

from ..models import RefreshFamily, User


def end_sessions(*, user_id: UUID) -> None:
    """End every session of the site and every refresh token of this person; access tokens run out within ten minutes."""
    with transaction.atomic():
        User.objects.filter(pk=user_id).update(session_salt=get_random_string(16))
        RefreshFamily.objects.filter(user_id=user_id, dead_at=None).update(dead_at=clock.now())
