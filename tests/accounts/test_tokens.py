"""Refresh tokens work once, also when eight ask at once; access tokens say who calls without a query."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import jwt
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from rest_framework_simplejwt.backends import TokenBackend

from apps.accounts import interface as accounts
from apps.accounts.errors import InvalidRefreshToken, InvalidToken
from apps.accounts.models import RefreshFamily, User
from apps.outbox.models import StoredEvent
from apps.platform import audits, clock, db
from apps.platform.actors import SYSTEM, Actor

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 8


def user_id_of(actor: Actor) -> Any:
    assert actor.user_id
    return actor.user_id


def refuses(refresh: str) -> None:
    with pytest.raises(InvalidRefreshToken):
        accounts.rotate_refresh(refresh=refresh)


def at_once(effect: Callable[[], Any]) -> Counter[str]:
    """Run `effect` in a crowd of threads that start together; how often each kind of result came out."""
    start = Barrier(CROWD)

    def run(_: int) -> str:
        try:
            start.wait(10)
            return type(effect()).__name__
        except InvalidRefreshToken as refused:
            return type(refused).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(CROWD) as pool:
        return Counter(pool.map(run, range(CROWD)))


def test_a_refresh_token_is_replaced_by_the_next_pair(bob: Actor):
    first = accounts.issue_tokens(user_id=user_id_of(bob))
    second = accounts.rotate_refresh(refresh=first.refresh)
    third = accounts.rotate_refresh(refresh=second.refresh)
    assert len({first.refresh, second.refresh, third.refresh}) == 3
    assert accounts.actor_from_access_token(token=third.access).user_id == bob.user_id


def test_a_replayed_refresh_token_kills_its_family_and_no_other(bob: Actor):
    stolen, elsewhere = (accounts.issue_tokens(user_id=user_id_of(bob)) for _ in range(2))
    newest = accounts.rotate_refresh(refresh=stolen.refresh)
    refuses(stolen.refresh)
    refuses(newest.refresh)
    refuses(stolen.refresh)
    assert StoredEvent.objects.filter(type="user.refresh_token_replayed").count() == 1
    accounts.rotate_refresh(refresh=elsewhere.refresh)


def test_a_crowd_with_one_refresh_token_gets_one_pair_and_a_dead_family(bob: Actor):
    pair = accounts.issue_tokens(user_id=user_id_of(bob))
    results = at_once(lambda: accounts.rotate_refresh(refresh=pair.refresh))
    assert results == {"TokenPair": 1, "InvalidRefreshToken": CROWD - 1}
    assert RefreshFamily.objects.get(user_id=bob.user_id).dead_at is not None
    assert StoredEvent.objects.filter(type="user.refresh_token_replayed").count() == 1


def test_control_looking_first_lets_the_whole_crowd_through(bob: Actor):
    """What the conditional UPDATE is for: the same crowd, reading before it writes."""
    pair = accounts.issue_tokens(user_id=user_id_of(bob))
    digest = hashlib.sha256(pair.refresh.encode()).digest()
    everyone_looked = Barrier(CROWD)

    def look_then_spend() -> object:
        with transaction.atomic():
            unused = db.rows("SELECT id FROM accounts_refreshtoken WHERE digest = %s AND used_at IS NULL", [digest])
            everyone_looked.wait(10)
            if not unused:
                raise InvalidRefreshToken
            db.execute("UPDATE accounts_refreshtoken SET used_at = now() WHERE id = %s", [unused[0]["id"]])
            return pair

    assert at_once(look_then_spend) == {"TokenPair": CROWD}


@pytest.mark.parametrize("refresh", ["", "nonsense", "x" * 600, "\x00", "ünï"])
def test_an_unknown_refresh_token_is_refused(refresh: str, bob: Actor):
    accounts.issue_tokens(user_id=user_id_of(bob))
    refuses(refresh)
    assert not RefreshFamily.objects.exclude(dead_at=None).exists()


def test_a_refresh_token_dies_after_a_day(bob: Actor):
    watch = clock.FrozenClock(clock.now())
    with clock.use(watch):
        pair = accounts.issue_tokens(user_id=user_id_of(bob))
        watch.forward(timedelta(hours=24))
        refuses(pair.refresh)


def test_revoking_ends_the_family_and_may_be_repeated(bob: Actor):
    pair = accounts.issue_tokens(user_id=user_id_of(bob))
    accounts.revoke_refresh(refresh=pair.refresh)
    accounts.revoke_refresh(refresh=pair.refresh)
    accounts.revoke_refresh(refresh="unknown")
    refuses(pair.refresh)


def test_a_new_password_and_a_deactivation_end_every_family(bob: Actor):
    before = accounts.issue_tokens(user_id=user_id_of(bob))
    accounts.set_password(user_id=user_id_of(bob), password="another horse, another battery")
    refuses(before.refresh)
    after = accounts.issue_tokens(user_id=user_id_of(bob))
    accounts.deactivate(user_id=user_id_of(bob), by=SYSTEM)
    refuses(after.refresh)


def test_a_refreshed_token_carries_the_roles_of_now(bob: Actor):
    pair = accounts.issue_tokens(user_id=user_id_of(bob))
    accounts.grant_role(user_id=user_id_of(bob), role="manager", by=SYSTEM)
    assert not accounts.actor_from_access_token(token=pair.access).is_manager
    pair = accounts.rotate_refresh(refresh=pair.refresh)
    assert accounts.actor_from_access_token(token=pair.access).is_manager
    accounts.revoke_role(user_id=user_id_of(bob), role="manager", by=SYSTEM)
    assert not accounts.actor_from_access_token(token=accounts.rotate_refresh(refresh=pair.refresh).access).is_manager


def test_an_access_token_costs_no_query(bob: Actor, django_assert_num_queries: Any):
    token = accounts.issue_tokens(user_id=user_id_of(bob)).access
    with django_assert_num_queries(0):
        assert accounts.actor_from_access_token(token=token) == bob


def forged(key: str = settings.JWT_SIGNING_KEY, algorithm: str = "HS256", **changes: Any) -> str:
    claims = {"token_type": "access", "sub": str(uuid4()), "roles": ["staff"], "exp": 4_000_000_000}
    return TokenBackend(algorithm, signing_key=key).encode(claims | changes)


def test_families_are_forgotten_when_all_their_tokens_expired(bob: Actor):
    watch = clock.FrozenClock(clock.now())
    with clock.use(watch):
        accounts.issue_tokens(user_id=user_id_of(bob))
        rotated = accounts.issue_tokens(user_id=user_id_of(bob))
        watch.forward(timedelta(hours=12))
        newest = accounts.rotate_refresh(refresh=rotated.refresh)
        watch.forward(timedelta(hours=13))
        assert (accounts.forget_expired_tokens(), accounts.forget_expired_tokens()) == (1, 0)
        accounts.rotate_refresh(refresh=newest.refresh)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a.b.c",
        "ünï",
        forged("another key of sufficient length 0123456789"),
        forged("another key, long enough for sixty-four bytes " * 2, algorithm="HS512"),
        forged(exp=1),
        forged(token_type="refresh"),
        forged(sub="me"),
        forged(sub=None),
        forged(roles=None),
        "eyJhbGciOiJub25lIn0.eyJ0b2tlbl90eXBlIjoiYWNjZXNzIn0.",
    ],
)
def test_a_forged_or_late_access_token_is_refused(token: str):
    with pytest.raises(InvalidToken):
        accounts.actor_from_access_token(token=token)


def test_only_hashes_of_refresh_tokens_are_stored(bob: Actor):
    pair = accounts.issue_tokens(user_id=user_id_of(bob))
    stored = db.rows("SELECT token::text AS row FROM accounts_refreshtoken AS token")[0]["row"]
    assert pair.refresh not in stored
    assert hashlib.sha256(pair.refresh.encode()).hexdigest() in stored


def test_the_audit_finds_a_family_with_two_live_tokens(bob: Actor):
    accounts.issue_tokens(user_id=user_id_of(bob))
    check = next(each for each in audits.checks() if each.code == "A3")
    assert db.rows(check.sql) == []
    with transaction.atomic():
        db.execute("DROP INDEX accounts_refresh_one_live")
        db.execute(
            "INSERT INTO accounts_refreshtoken (id, family_id, digest, expires_at)"
            " SELECT gen_random_uuid(), family_id, 'copy', expires_at FROM accounts_refreshtoken"
        )
        assert len(db.rows(check.sql)) == 1
        transaction.set_rollback(True)


def test_a_key_that_was_replaced_is_known_until_its_tokens_have_ended(bob: Actor, settings: Any):
    before = accounts.issue_tokens(user_id=user_id_of(bob)).access
    old, settings.JWT_SIGNING_KEY = settings.JWT_SIGNING_KEY, "a new key, also long enough for this 0123456789"
    with pytest.raises(InvalidToken):
        accounts.actor_from_access_token(token=before)
    settings.JWT_OLD_KEYS = (old,)
    after = accounts.issue_tokens(user_id=user_id_of(bob)).access
    assert accounts.actor_from_access_token(token=before) == accounts.actor_from_access_token(token=after) == bob
    assert jwt.get_unverified_header(before)["kid"] != jwt.get_unverified_header(after)["kid"]
    with pytest.raises(InvalidToken):  # named after a key that did not sign it
        accounts.actor_from_access_token(
            token=jwt.encode({"exp": 4_000_000_000}, "k" * 40, headers=jwt.get_unverified_header(after))
        )


def test_sessions_outlive_a_replaced_key(bob: Actor, settings: Any):
    browser = Client()
    browser.force_login(User.objects.get(pk=user_id_of(bob)))
    old, settings.SECRET_KEY = settings.SECRET_KEY, "a new key, also long enough for this 0123456789"
    settings.SECRET_KEY_FALLBACKS = (old,)
    assert browser.get("/accounts/profile/").status_code == 200
    settings.SECRET_KEY_FALLBACKS = ()
    stranger = Client()
    stranger.cookies = browser.cookies
    assert stranger.get("/accounts/profile/").status_code == 200, "signed anew with the key of now"
