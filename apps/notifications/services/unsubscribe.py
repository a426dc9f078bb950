"""Saying no with one click (RFC 8058): the link in a letter is signed, names one kind for one person, and needs no sign-in."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

from apps.accounts import interface as accounts
from apps.campaigns import interface as campaigns
from apps.platform.errors import NotFound
from apps.pledges import interface as pledges

from ..data import KINDS, KindPreference
from ..models import QuietGift
from ..queries.preferences import preferred
from .set_preferences import set_kind

SALT = "notifications.unsubscribe"
DIGEST, GUEST = "digest", "guest"


def unsubscribe_url_of_user(user_id: UUID, kind: str) -> str:
    return _url(["user", str(user_id), kind])


def unsubscribe_url_of_follower(follower_id: UUID) -> str:
    return _url(["follower", str(follower_id), "update"])


def unsubscribe_url_of_guest(pledge_id: UUID) -> str:
    return _url([GUEST, str(pledge_id), "answer"])


def unsubscribe_url_of_dedicatee(pledge_id: UUID) -> str:
    return _url(["dedicatee", str(pledge_id), "dedication"])


def unsubscribe(*, token: str) -> None:
    """Carry out what the token in a letter's link names. Repeating it changes nothing. Raises NotFound for any other token."""
    who, person_id, kind = read_unsubscribe(token)
    if who == "user":
        _stop_user(UUID(person_id), kind)
    elif who == GUEST:
        QuietGift.objects.get_or_create(pledge_id=UUID(person_id))
    elif who == "dedicatee":
        pledges.refuse_dedications(pledge_id=UUID(person_id))
    else:
        campaigns.end_follow(follower_id=UUID(person_id))


def read_unsubscribe(token: str) -> tuple[str, str, str]:
    try:
        who, person_id, kind = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise NotFound from None
    return str(who), str(person_id), str(kind)


def _stop_user(user_id: UUID, kind: str) -> None:
    if not accounts.get_users(user_ids=[user_id]):
        raise NotFound
    for name in KINDS if kind == DIGEST else [kind]:
        wish = preferred({(user_id, name)})[user_id, name]
        stopped = KindPreference(
            name, wish.live, False if kind != DIGEST else wish.email, wish.digest and kind != DIGEST
        )
        set_kind(user_id=user_id, wish=stopped)


def _url(named: list[str]) -> str:
    return settings.PUBLIC_URL + reverse("site:unsubscribe", args=[signing.dumps(named, salt=SALT)])
