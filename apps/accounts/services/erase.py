"""The right to be forgotten: what names a person goes, what the books need stays under ids that lead to nobody."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from apps.outbox import interface as outbox
from apps.platform import clock
from apps.platform.actors import MANAGER, STAFF, Actor
from apps.platform.errors import Invalid

from ..errors import HasDuties
from ..events import UserErased
from ..models import RecoveryCode, RefreshFamily, Role, SecondFactor, SiteSession, User, WsTicket
from .passwords import MAX_LENGTH
from .record_action import record_action

NAME = "Erased"


def erase_account(*, user_id: UUID, password: str) -> None:
    """Erase the person who proves who they are by their password. There is no way back.

    Name, address and password go; every session, token and ticket ends. Publishes UserErased, upon which other contexts
    let go of what they know. Raises Invalid (field `password`), HasDuties for managers and staff: their roles are to be
    handed over first.
    """
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=user_id)
        if not user.is_active or not user.check_password(password[:MAX_LENGTH]):
            raise Invalid.field("password", "wrong-password", "This is not your password.")
        if Role.objects.filter(user_id=user_id, role__in=[MANAGER, STAFF]).exists():
            raise HasDuties
        user.email, user.name, user.is_active = f"{user.pk.hex}@erased.invalid", NAME, False
        user.set_unusable_password()
        user.save(update_fields=["email", "name", "is_active", "password"])
        RefreshFamily.objects.filter(user_id=user_id, dead_at=None).update(dead_at=clock.now())
        WsTicket.objects.filter(user_id=user_id).delete()
        SiteSession.objects.filter(user_id=user_id).delete()
        RefreshFamily.objects.filter(user_id=user_id).update(user_agent="")
        RecoveryCode.objects.filter(user_id=user_id).delete()
        SecondFactor.objects.filter(user_id=user_id).delete()
        outbox.publish(UserErased(user_id=user_id))
        record_action(by=Actor(user_id=user_id), action="user.erase", subject_id=user_id)
