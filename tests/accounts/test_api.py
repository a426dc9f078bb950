"""The contract's table of accounts over HTTP."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from apps.accounts import interface as accounts
from apps.accounts.models import RefreshFamily, User
from apps.platform.actors import Actor
from tests.conftest import headers_of

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"
NEW = {"email": "dora@example.org", "password": PASSWORD, "name": "Dora"}


def send(client: Client, method: str, path: str, body: Any = None, **headers: str) -> Any:
    data = body if isinstance(body, (str, bytes)) else json.dumps(body)
    return client.generic(method.upper(), f"/api/v1/auth/{path}", data, "application/json", headers=headers)


def test_registering_answers_with_the_user_and_a_pair(client: Client):
    response = send(client, "post", "register", NEW)
    assert response.status_code == 201
    body = response.json()
    assert body.keys() == {"user", "access", "refresh"}
    assert body["user"] == {"id": body["user"]["id"], "email": NEW["email"], "name": "Dora", "roles": ["donor"]}
    assert send(client, "get", "me", **{"Authorization": f"Bearer {body['access']}"}).json() == body["user"]


@pytest.mark.parametrize("extra", [{"role": "staff"}, {"roles": ["staff"]}, {"is_staff": True}, {"granted": ["staff"]}])
def test_a_role_sent_along_changes_nothing(client: Client, extra: dict[str, Any]):
    assert send(client, "post", "register", NEW | extra).json()["user"]["roles"] == ["donor"]
    token = accounts.issue_tokens(user_id=User.objects.get().pk).access
    response = send(client, "patch", "me", {"name": "Dora"} | extra, Authorization=f"Bearer {token}")
    assert (response.status_code, response.json()["roles"]) == (200, ["donor"])


def test_a_taken_address_is_a_conflict(client: Client, bob: Actor):
    response = send(client, "post", "register", NEW | {"email": "BOB@example.org"})
    assert (response.status_code, response.json()["code"]) == (409, "email-taken")


def test_the_whole_life_of_a_pair(client: Client, bob: Actor):
    first = send(client, "post", "token", {"email": "bob@example.org", "password": PASSWORD}).json()
    second = send(client, "post", "token/refresh", {"refresh": first["refresh"]})
    assert (second.status_code, second.json().keys()) == (200, {"access", "refresh"})
    replay = send(client, "post", "token/refresh", {"refresh": first["refresh"]})
    assert (replay.status_code, replay.json()["code"]) == (401, "invalid-refresh-token")
    assert send(client, "post", "token/refresh", {"refresh": second.json()["refresh"]}).status_code == 401


def test_revoking_is_204_also_twice_and_for_unknown(client: Client, bob: Actor):
    pair = accounts.issue_tokens(user_id=bob.user_id)  # type: ignore[arg-type]
    for refresh in (pair.refresh, pair.refresh, "unknown"):
        response = send(client, "post", "token/revoke", {"refresh": refresh})
        assert (response.status_code, response.content) == (204, b"")
    assert send(client, "post", "token/refresh", {"refresh": pair.refresh}).status_code == 401


def test_unknown_and_wrong_read_alike(client: Client, bob: Actor):
    answers = []
    for email in ("bob@example.org", "nobody@example.org"):
        response = send(client, "post", "token", {"email": email, "password": "wrong password"})
        body = response.json()
        answers.append((response.status_code, response["Content-Type"], body | {"trace_id": ""}))
    assert answers[0] == answers[1]
    assert (answers[0][0], answers[0][1], answers[0][2]["code"]) == (
        401,
        "application/problem+json",
        "invalid-credentials",
    )


@pytest.mark.parametrize(
    ("method", "path"), [("get", "me"), ("patch", "me"), ("post", "ws-ticket")], ids=lambda value: str(value)
)
@pytest.mark.parametrize("who", ["nobody", "nonsense", "late", "key", "basic"])
def test_only_a_person_has_an_account(client: Client, method: str, path: str, who: str):
    _, key = accounts.create_api_key(name="shop", scopes=["bank", "read"])
    headers = {
        "nobody": {},
        "nonsense": {"Authorization": "Bearer nonsense"},
        "late": {"Authorization": "Bearer"},
        "key": {"Authorization": f"Api-Key {key}"},
        "basic": {"Authorization": "Basic Ym9iOmJvYg=="},
    }[who]
    response = send(client, method, path, {"name": "X"}, **headers)
    assert response.status_code == (403 if who == "key" else 401)
    assert response["Content-Type"] == "application/problem+json"
    assert ("WWW-Authenticate" in response) == (response.status_code == 401)


def test_the_caller_renames_themself_and_nothing_else(client: Client, bob: Actor):
    changes = {"name": "Robert", "email": "evil@example.org", "id": "x", "is_active": False}
    response = send(client, "patch", "me", changes, **headers_of(bob))
    assert (response.json()["name"], response.json()["email"]) == ("Robert", "bob@example.org")
    assert send(client, "get", "me", **headers_of(bob)).json() == response.json()


@pytest.mark.parametrize("name", [None, "", "  ", 5, [], {}, "\x00", "x\x07y", "a\u202eb", "x" * 121])
def test_a_name_that_is_no_name_is_refused(client: Client, name: Any, bob: Actor):
    response = send(client, "patch", "me", {"name": name}, **headers_of(bob))
    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, "name")
    assert send(client, "get", "me", **headers_of(bob)).json()["name"] == "Bob Donor"


def test_a_ticket_is_good_for_one_socket(client: Client, bob: Actor):
    response = send(client, "post", "ws-ticket", {}, **headers_of(bob))
    assert response.status_code == 201
    assert accounts.redeem_ws_ticket(ticket=response.json()["ticket"]) == bob.user_id


BAD_VALUES = [None, "", 1, -1, 2**63, True, [], {}, ["x"], "\x00", "x\x07y", "a\u202eb", "x" * 100_000]
DEEP = "[" * 5_000 + "]" * 5_000


@pytest.mark.parametrize("value", BAD_VALUES, ids=lambda value: repr(value)[:12])
@pytest.mark.parametrize("field", ["email", "name", "password"])
def test_a_bad_field_is_named_and_nothing_written(client: Client, field: str, value: Any):
    response = send(client, "post", "register", NEW | {field: value})
    assert response.status_code == (413 if len(str(value)) > 60_000 else 400)
    if response.status_code == 400:
        assert response["Content-Type"] == "application/problem+json"
        assert {each["field"] for each in response.json()["errors"]} == {field}
    assert not User.objects.exists()


@pytest.mark.parametrize("path", ["register", "token", "token/refresh", "token/revoke"])
@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "null",
        "[]",
        "1",
        "NaN",
        '"x"',
        "{}",
        DEEP,
        '{"email":' + DEEP + "}",
        b"\xff\xfe",
        '{"email": "\\ud800"}',
    ],
    ids=lambda body: repr(body[:14]),
)
def test_a_body_that_is_no_use_is_400(client: Client, path: str, body: Any):
    response = send(client, "post", path, body)
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert response.json()["errors"]


@pytest.mark.parametrize("path", ["register", "token", "token/refresh", "token/revoke"])
def test_a_megabyte_is_refused(client: Client, path: str):
    assert send(client, "post", path, NEW | {"more": "x" * 1_000_000}).status_code == 413


@pytest.mark.parametrize("value", BAD_VALUES[:-1], ids=lambda value: repr(value)[:12])
@pytest.mark.parametrize("path", ["token", "token/refresh", "token/revoke"])
def test_bad_credentials_of_any_type_are_4xx(client: Client, path: str, value: Any):
    response = send(client, "post", path, {"email": value, "password": value, "refresh": value})
    assert response.status_code in (204, 400, 401)
    assert not RefreshFamily.objects.exists()


def test_guessing_a_password_is_throttled_and_success_is_not(client: Client, bob: Actor, settings: Any):
    settings.RATE_LIMITS = True
    right = {"email": "bob@example.org", "password": PASSWORD}
    statuses = [send(client, "post", "token", right).status_code for _ in range(15)]
    assert set(statuses) == {200}
    answers = [send(client, "post", "token", right | {"password": "guess"}) for _ in range(12)]
    assert [each.status_code for each in answers[:10]] == [401] * 10
    assert (answers[10].status_code, answers[10].json()["code"]) == (429, "too-many-requests")
    assert int(answers[10]["Retry-After"]) >= 1
