from __future__ import annotations

from uuid import UUID

from django.db import transaction

from apps.outbox import interface as outbox
from apps.platform import clock
from apps.platform.actors import MANAGER, STAFF, Actor
from apps.platform.errors import Forbidden, Invalid, NotFound

from .. import data
from ..events import RoleGranted, RoleRevoked, UserDeactivated
from ..models import RefreshFamily, Role, SiteSession, User
from ..queries import get_user
from .record_action import record_action


def grant_role(*, user_id: UUID, role: str, by: Actor) -> data.User:
    """Give a role. Staff only. Raises Forbidden, Invalid, NotFound. Publishes RoleGranted once."""
    _check(user_id, role, by)
    with transaction.atomic():
        _, granted = Role.objects.get_or_create(user_id=user_id, role=role, defaults={"granted_by": by.user_id})
        if granted:
            outbox.publish(RoleGranted(user_id=user_id, role=role, by_id=by.user_id))
            record_action(by=by, action="user.grant_role", subject_id=user_id, detail={"role": role})
    return get_user(user_id=user_id)


def revoke_role(*, user_id: UUID, role: str, by: Actor) -> data.User:
    """Take a role away. Staff only; access tokens already issued carry it for ten more minutes at most.

    Raises Forbidden (also for one's own role of staff), Invalid, NotFound. Publishes RoleRevoked once.
    """
    _check(user_id, role, by)
    if role == STAFF and by.user_id == user_id:
        raise Forbidden("Ask another member of staff: nobody takes this role from themselves.")
    with transaction.atomic():
        if Role.objects.filter(user_id=user_id, role=role).delete()[0]:
            outbox.publish(RoleRevoked(user_id=user_id, role=role, by_id=by.user_id))
            record_action(by=by, action="user.revoke_role", subject_id=user_id, detail={"role": role})
    return get_user(user_id=user_id)


def deactivate(*, user_id: UUID, by: Actor) -> None:
    """Let this person in no more: sessions and refresh tokens end now, access tokens within ten minutes. Staff only.

    Raises Forbidden. Publishes UserDeactivated once.
    """
    if not by.is_staff:
        raise Forbidden("Only staff deactivate accounts.")
    with transaction.atomic():
        if User.objects.filter(pk=user_id, is_active=True).update(is_active=False):
            RefreshFamily.objects.filter(user_id=user_id, dead_at=None).update(dead_at=clock.now())
            SiteSession.objects.filter(user_id=user_id).delete()
            outbox.publish(UserDeactivated(user_id=user_id, by_id=by.user_id))
            record_action(by=by, action="user.deactivate", subject_id=user_id)


def _check(user_id: UUID, role: str, by: Actor) -> None:
    if not by.is_staff:
        raise Forbidden("Only staff grant and revoke roles.")
    if role not in (MANAGER, STAFF):
        raise Invalid.field("role", "unknown-role", f"Use {MANAGER} or {STAFF}.")
    if not User.objects.filter(pk=user_id).exists():
        raise NotFound("There is no such person.")
