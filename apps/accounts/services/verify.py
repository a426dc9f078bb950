"""Proving that an address is one's own: a link is mailed to it, good for a week and for that address only."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.db import transaction

from apps.outbox import interface as outbox
from apps.platform import clock
from apps.platform.ids import new_id

from .. import data
from ..errors import InvalidVerification
from ..events import VerificationRequested
from ..models import User
from ..queries import get_user

SALT = "accounts.verify"
LIFE = timedelta(days=7)


def request_verification(*, user_id: UUID) -> None:
    """Ask for the link once more. Publishes VerificationRequested, unless the address is verified."""
    with transaction.atomic():
        if User.objects.filter(pk=user_id, is_active=True, email_verified_at=None).exists():
            outbox.publish(VerificationRequested(request_id=new_id(), user_id=user_id))


def verification_token(*, user_id: UUID) -> str | None:
    """What the letter's link holds; None when there is nothing (more) to verify. For that letter alone."""
    user = User.objects.filter(pk=user_id, is_active=True, email_verified_at=None).first()
    return signing.dumps([str(user.pk), user.email], salt=SALT) if user else None


def verify_email(*, token: str) -> data.User:
    """Note that the address of this link is its owner's. Twice is once. Raises InvalidVerification, also when the account has
    another address by now."""
    try:
        user_id, email = signing.loads(token, salt=SALT, max_age=LIFE)
        found = User.objects.filter(pk=UUID(user_id), email=email, is_active=True)
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        raise InvalidVerification from None
    if not found.exists():
        raise InvalidVerification
    found.filter(email_verified_at=None).update(email_verified_at=clock.now())
    return get_user(user_id=UUID(user_id))
