from __future__ import annotations

from django.contrib.auth.hashers import make_password

from .. import data
from ..errors import InvalidCredentials
from ..models import User
from ..queries import user_data


def authenticate(*, email: str, password: str) -> data.User:
    """The active user with these credentials.

    Raises InvalidCredentials, alike and after equal work for unknown, deactivated and wrong.
    """
    user = User.objects.filter(email=email.strip().lower(), is_active=True).prefetch_related("granted").first()
    if user is None:
        make_password(password[:1024])
        raise InvalidCredentials
    if not user.check_password(password[:1024]):
        raise InvalidCredentials
    return user_data(user)
