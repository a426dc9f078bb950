from __future__ import annotations

from uuid import UUID

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db import transaction

from apps.outbox import interface as outbox
from apps.platform import clock
from apps.platform.errors import FieldError, Invalid
from apps.platform.ids import new_id

from ..events import PasswordChanged
from ..models import RefreshFamily, SiteSession, User

MAX_LENGTH = 1024  # more is no safer, and hashing it is work that a stranger could order


def set_password(*, user_id: UUID, password: str) -> None:
    """Replace the password. Refresh tokens of before die; sessions too, since Django ties them to the hash.

    Does not check who asks: the caller holds a reset link or has just proved the old password.
    Raises Invalid (field `password`). Publishes PasswordChanged.
    """
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=user_id)
        refuse_weak(password, user)
        user.set_password(password)
        user.save(update_fields=["password"])
        RefreshFamily.objects.filter(user=user, dead_at=None).update(dead_at=clock.now())
        SiteSession.objects.filter(user=user).delete()
        outbox.publish(PasswordChanged(user_id=user_id, change_id=new_id()))


def change_password(*, user_id: UUID, old_password: str, password: str) -> None:
    """Like `set_password`, for someone who proves the old one. Raises Invalid (fields `old_password`, `password`)."""
    if not User.objects.get(pk=user_id).check_password(old_password[:MAX_LENGTH]):
        raise Invalid.field("old_password", "wrong-password", "This is not your current password.")
    set_password(user_id=user_id, password=password)


def check_password_rules(*, user_id: UUID, password: str) -> None:
    """Raise Invalid (field `password`) with every rule that this password would break for this person."""
    refuse_weak(password, User.objects.get(pk=user_id))


def refuse_weak(password: str, user: User) -> None:
    """Raise Invalid (field `password`) with every rule that is broken. `user` may be unsaved."""
    if len(password) > MAX_LENGTH:
        raise Invalid.field("password", "too-long", f"Use at most {MAX_LENGTH} characters.")
    try:
        password_validation.validate_password(password, user)
    except ValidationError as error:
        raise Invalid(fields=tuple(_field_error(each) for each in error.error_list)) from None


def _field_error(error: ValidationError) -> FieldError:
    return FieldError("password", str(error.code).replace("_", "-"), str(error.messages[0]))
