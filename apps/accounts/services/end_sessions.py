from __future__ import annotations

from uuid import UUID

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.crypto import get_random_string

from apps.platform import clock

from ..models import RefreshFamily, SiteSession, User


def end_sessions(*, user_id: UUID) -> None:
    """End every session of the site and every refresh token of this person; access tokens run out within ten minutes."""
    with transaction.atomic():
        User.objects.filter(pk=user_id).update(session_salt=get_random_string(16))
        RefreshFamily.objects.filter(user_id=user_id, dead_at=None).update(dead_at=clock.now())
        SiteSession.objects.filter(user_id=user_id).delete()


def end_session(*, user_id: UUID, session_id: UUID) -> bool:
    """End one of this person's sessions, of the site or of the API; whether there was one. An access token runs out
    within ten minutes."""
    with transaction.atomic():
        known = SiteSession.objects.filter(pk=session_id, user_id=user_id).first()
        if known is not None:
            Session.objects.filter(session_key=known.session_key).delete()
            known.delete()
            return True
        family = RefreshFamily.objects.filter(pk=session_id, user_id=user_id, dead_at=None)
        return bool(family.update(dead_at=clock.now()))
