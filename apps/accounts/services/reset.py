from __future__ import annotations

from uuid import UUID

from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from apps.outbox import interface as outbox
from apps.platform.ids import new_id

from ..data import ResetLink
from ..events import PasswordResetRequested
from ..models import User


def request_password_reset(*, email: str) -> None:
    """Announce the wish. Does the same work, and says nothing, whether or not there is an account with this address."""
    user = User.objects.filter(email=email.strip().lower(), is_active=True).values_list("pk", flat=True).first()
    with transaction.atomic():
        outbox.publish(PasswordResetRequested(request_id=new_id(), user_id=user))


def password_reset_link(*, user_id: UUID) -> ResetLink | None:
    """What a reset link is made of, valid for an hour from now and until the password changes; None for deactivated people.

    For the letter alone: whoever holds it can set the password.
    """
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return None
    return ResetLink(uid=urlsafe_base64_encode(force_bytes(user.pk)), token=default_token_generator.make_token(user))
