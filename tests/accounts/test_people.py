"""Signing up and in, roles, keys, tickets, commands, and what the rows themselves refuse."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from apps.accounts import interface as accounts
from apps.accounts.errors import EmailTaken, InvalidApiKey, InvalidCredentials
from apps.accounts.models import ApiKey, User
from apps.outbox.models import StoredEvent
from apps.platform import clock, db
from apps.platform.actors import ANONYMOUS, SYSTEM, Actor
from apps.platform.errors import Forbidden, Invalid, NotFound
from apps.platform.ids import new_id

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"


def register(**changes: str) -> accounts.User:
    return accounts.register(**{"email": "dora@example.org", "password": PASSWORD, "name": "Dora"} | changes)


def test_a_new_person_is_a_donor_with_an_argon2id_hash():
    user = register(email="Dora@Example.ORG", name="  Dora ")
    assert (user.email, user.name, user.roles) == ("dora@example.org", "Dora", {"donor"})
    assert User.objects.get().password.startswith("argon2$argon2id$")
    assert StoredEvent.objects.filter(type="user.registered").count() == 1


def test_an_address_opens_one_account_however_it_is_written():
    register()
    with pytest.raises(EmailTaken):
        register(email="DORA@example.org")
    assert User.objects.count() == 1
    assert StoredEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", ""),
        ("email", "no address"),
        ("email", "a@b\x00.org"),
        ("email", "x" * 250 + "@example.org"),
        ("name", ""),
        ("name", "   "),
        ("name", "x" * 121),
        ("name", "Do\x07ra"),
        ("name", "Do\u202era"),
        ("password", ""),
        ("password", "short"),
        ("password", "password"),
        ("password", "dora@example.org"),
        ("password", "x" * 1025),
    ],
)
def test_bad_input_is_refused_by_field_and_leaves_nothing(field: str, value: str):
    with pytest.raises(Invalid) as refused:
        register(**{field: value})
    assert {each.field for each in refused.value.fields} == {field}
    assert not User.objects.exists()
    assert not StoredEvent.objects.exists()


def test_signing_in_takes_the_address_in_any_case(bob: Actor):
    assert accounts.authenticate(email=" BOB@example.org", password=PASSWORD).id == bob.user_id


def test_unknown_wrong_and_deactivated_are_told_alike(bob: Actor, charlie: Actor):
    accounts.deactivate(user_id=charlie.user_id, by=SYSTEM)  # type: ignore[arg-type]
    seen = set()
    for email, password in [("x@example.org", PASSWORD), ("bob@example.org", "no"), ("charlie@example.org", PASSWORD)]:
        with pytest.raises(InvalidCredentials) as refused:
            accounts.authenticate(email=email, password=password)
        seen.add((refused.value.code, refused.value.detail))
    assert len(seen) == 1


@pytest.mark.parametrize("change", [accounts.grant_role, accounts.revoke_role])
@pytest.mark.parametrize("who", ["alice", "bob", "nobody", "key"])
def test_only_staff_change_roles(change: Any, who: str, bob: Actor, request: pytest.FixtureRequest):
    actors = {"nobody": ANONYMOUS, "key": Actor(api_key_id=new_id(), scopes=frozenset({"bank", "read"}))}
    by = actors.get(who) or request.getfixturevalue(who)
    with pytest.raises(Forbidden):
        change(user_id=bob.user_id, role="staff", by=by)
    assert accounts.get_user(user_id=bob.user_id).roles == {"donor"}  # type: ignore[arg-type]


def test_staff_grant_and_revoke_once(bob: Actor, sam: Actor):
    for _ in range(2):
        assert "manager" in accounts.grant_role(user_id=bob.user_id, role="manager", by=sam).roles  # type: ignore[arg-type]
    for _ in range(2):
        assert accounts.revoke_role(user_id=bob.user_id, role="manager", by=sam).roles == {"donor"}  # type: ignore[arg-type]
    published = StoredEvent.objects.filter(payload__user_id=str(bob.user_id)).values_list("type", flat=True)
    assert sorted(published) == ["user.role_granted", "user.role_revoked"]


def test_unknown_roles_and_people_are_refused(bob: Actor, sam: Actor):
    with pytest.raises(Invalid):
        accounts.grant_role(user_id=bob.user_id, role="root", by=sam)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        accounts.grant_role(user_id=new_id(), role="manager", by=sam)


@pytest.mark.parametrize("by", ["alice", "bob"])
def test_only_staff_deactivate(by: str, charlie: Actor, request: pytest.FixtureRequest):
    with pytest.raises(Forbidden):
        accounts.deactivate(user_id=charlie.user_id, by=request.getfixturevalue(by))  # type: ignore[arg-type]


def test_changing_the_password_needs_the_old_one(bob: Actor):
    with pytest.raises(Invalid) as refused:
        accounts.change_password(user_id=bob.user_id, old_password="no", password="a new long sentence")  # type: ignore[arg-type]
    assert refused.value.fields[0].field == "old_password"
    accounts.change_password(user_id=bob.user_id, old_password=PASSWORD, password="a new long sentence")  # type: ignore[arg-type]
    assert accounts.authenticate(email="bob@example.org", password="a new long sentence")


def test_people_are_read_in_two_queries(bob: Actor, alice: Actor, sam: Actor, django_assert_num_queries: Any):
    for people in ([bob], [bob, alice, sam]):
        with django_assert_num_queries(2):
            assert len(accounts.get_users(user_ids=[each.user_id for each in people if each.user_id])) == len(people)


def test_an_api_key_carries_its_scopes_and_is_stored_hashed():
    key, plain = accounts.create_api_key(name="shop", scopes=["read", "bank"])
    assert plain.startswith("cfa_")
    actor = accounts.actor_from_api_key(key=plain)
    assert (actor.api_key_id, actor.scopes, actor.roles) == (key.id, {"bank", "read"}, frozenset())
    assert plain not in db.rows("SELECT key::text AS row FROM accounts_apikey AS key")[0]["row"]


def test_a_revoked_or_unknown_api_key_is_refused():
    _, plain = accounts.create_api_key(name="shop", scopes=[])
    ApiKey.objects.update(revoked_at=clock.now())
    for key in (plain, "cfa_unknown", ""):
        with pytest.raises(InvalidApiKey):
            accounts.actor_from_api_key(key=key)


def test_the_use_of_a_key_is_noted_once_an_hour(django_assert_num_queries: Any):
    _, plain = accounts.create_api_key(name="shop", scopes=[])
    watch = clock.FrozenClock(clock.now())
    with clock.use(watch):
        for queries, wait in ((2, 0), (1, 59), (2, 2), (1, 0)):
            watch.forward(timedelta(minutes=wait))
            with django_assert_num_queries(queries):
                accounts.actor_from_api_key(key=plain)


def test_a_websocket_ticket_works_once_and_for_thirty_seconds(bob: Actor):
    watch = clock.FrozenClock(clock.now())
    with clock.use(watch):
        used, late = (accounts.issue_ws_ticket(user_id=bob.user_id) for _ in range(2))  # type: ignore[arg-type]
        assert accounts.redeem_ws_ticket(ticket=used) == bob.user_id
        assert accounts.redeem_ws_ticket(ticket=used) is None
        watch.forward(timedelta(seconds=31))
        assert accounts.redeem_ws_ticket(ticket=late) is None
        assert accounts.redeem_ws_ticket(ticket="\x00") is None


def test_create_user_makes_the_first_staff(monkeypatch: pytest.MonkeyPatch):
    ask = ["create_user", "--email", "first@example.org", "--name", "First", "--role", "staff", "--password-stdin"]
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
    call_command(*ask, stdout=io.StringIO())
    assert accounts.authenticate(email="first@example.org", password=PASSWORD).roles == {"donor", "staff"}
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    with pytest.raises(CommandError, match="too short"):
        call_command(*ask[:2], "second@example.org", *ask[3:], stdout=io.StringIO())


def test_bootstrap_makes_the_bank_key_known_and_may_be_repeated():
    for _ in range(2):
        call_command("bootstrap")
    assert accounts.actor_from_api_key(key=settings.BANK["API_KEY"]).scopes == {"bank"}
    assert ApiKey.objects.count() == 1


@pytest.mark.parametrize(
    ("sql", "constraint"),
    [
        ("UPDATE accounts_user SET email = 'Bob@example.org' WHERE id = %s", "accounts_user_email_lower"),
        ("UPDATE accounts_user SET email = 'alice@example.org' WHERE id = %s", "accounts_user_email_key"),
        (
            "INSERT INTO accounts_role (user_id, role, granted_at) VALUES (%s, 'root', now())",
            "accounts_role_known",
        ),
        (
            "INSERT INTO accounts_role (user_id, role, granted_at)"
            " SELECT id, 'staff', now() FROM accounts_user, generate_series(1, 2) WHERE id = %s",
            "accounts_role_once",
        ),
        (
            "INSERT INTO accounts_refreshtoken (id, family_id, digest, expires_at)"
            " SELECT gen_random_uuid(), id, 'second', now() FROM accounts_refreshfamily WHERE user_id = %s",
            "accounts_refresh_one_live",
        ),
    ],
)
def test_the_rows_refuse(sql: str, constraint: str, bob: Actor, alice: Actor):
    accounts.issue_tokens(user_id=bob.user_id)  # type: ignore[arg-type]
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        db.execute(sql, [bob.user_id])
    found = error.value.__cause__.diag.constraint_name  # type: ignore[union-attr]
    assert found.startswith("accounts_user_email") if "user_email_key" in constraint else found == constraint
