from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from apps.platform.actors import DONOR, Actor

from . import data
from .models import User


def user_data(user: User) -> data.User:
    roles = frozenset({DONOR, *(granted.role for granted in user.granted.all())})
    return data.User(user.id, user.email, user.name, roles, user.is_active, user.created_at)


def get_users(*, user_ids: Iterable[UUID]) -> dict[UUID, data.User]:
    """The users of these ids, those that exist, in two queries."""
    found = User.objects.filter(pk__in=list(user_ids)).prefetch_related("granted")
    return {user.pk: user_data(user) for user in found}


def get_user(*, user_id: UUID) -> data.User:
    """Raises LookupError for an unknown id."""
    return get_users(user_ids=[user_id])[user_id]


def find_user_by_email(*, email: str) -> data.User | None:
    found = User.objects.filter(email=email.lower()).prefetch_related("granted").first()
    return user_data(found) if found else None


def actor_of_user(*, user_id: UUID) -> Actor:
    """What this person may do at this moment."""
    return Actor(user_id=user_id, roles=get_user(user_id=user_id).roles)
