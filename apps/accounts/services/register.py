from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.outbox import interface as outbox
from apps.platform import clock, text
from apps.platform.errors import Invalid

from .. import data
from ..errors import EmailTaken
from ..events import RoleGranted, UserRegistered
from ..models import Role, User
from ..queries import get_user, user_data
from .passwords import refuse_weak


def register(*, email: str, password: str, name: str) -> data.User:
    """Open an account as a donor. Raises Invalid naming the fields, EmailTaken. Publishes UserRegistered."""
    user = User(email=_field("email", text.normalise_email, email), name=_field("name", _name, name))
    refuse_weak(password, user)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
            outbox.publish(UserRegistered(user_id=user.pk))
    except IntegrityError as error:
        raise EmailTaken from error
    return user_data(user)


def ensure_user(*, email: str, password: str, name: str, roles: Iterable[str]) -> data.User:
    """For operators and demo data: the account with these roles and this password, made where it is missing.

    Does not check permissions or the password's strength.
    """
    with transaction.atomic():
        user, is_new = User.objects.get_or_create(
            email=text.normalise_email(email), defaults={"name": name, "email_verified_at": clock.now()}
        )
        if is_new or not user.check_password(password):
            user.set_password(password)
            user.save(update_fields=["password"])
        for role in roles:
            _, granted = Role.objects.get_or_create(user=user, role=role)
            if granted:
                outbox.publish(RoleGranted(user_id=user.pk, role=role, by_id=None))
    return get_user(user_id=user.pk)


def rename(*, user_id: UUID, name: str) -> data.User:
    """Change the name that a person goes by. Raises Invalid."""
    User.objects.filter(pk=user_id).update(name=_field("name", _name, name))
    return get_user(user_id=user_id)


def _name(value: str) -> str:
    if not (name := text.clean_line(value, 120)):
        raise ValueError("Enter a name.")
    return name


def _field(field: str, clean: Callable[[str], str], value: str) -> str:
    try:
        return clean(value)
    except ValueError as error:
        raise Invalid.field(field, "invalid", str(error)) from None
