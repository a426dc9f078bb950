"""Every field of every endpoint, with everything that does not belong there: refused as a problem, and nothing is written."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client

from apps.notifications import interface as notifications
from apps.platform.actors import Actor
from apps.pledges import interface as pledges
from tests.campaigns.support import draft_of
from tests.conftest import headers_of
from tests.pledges.support import authorized, believe_captured, captured, open_campaign, tell, wish

pytestmark = pytest.mark.django_db(databases=["default", "bank"])
ACCOUNT = "4000-0000-0000-0001"
# Method, path, a good body, and the caller. `{...}` is filled from the world.
ENDPOINTS: dict[str, tuple[str, str, dict[str, Any], str]] = {
    "register": ("post", "auth/register", {"email": "n@example.org", "password": "correct horse", "name": "N"}, ""),
    "token": ("post", "auth/token", {"email": "n@example.org", "password": "correct horse"}, ""),
    "refresh": ("post", "auth/token/refresh", {"refresh": "made-up"}, ""),
    "revoke": ("post", "auth/token/revoke", {"refresh": "made-up"}, ""),
    "rename": ("patch", "auth/me", {"name": "N"}, "donor"),
    "create": (
        "post",
        "campaigns",
        {
            "title": "T",
            "summary": "S",
            "story": "S",
            "category": "relief",
            "goal_amount": 5,
            "currency": "BDT",
            "minimum_amount": 1,
            "maximum_amount": 9,
            "starts_at": "2030-01-01T00:00:00Z",
            "ends_at": "2031-01-01T00:00:00Z",
        },
        "owner",
    ),
    "give": (
        "post",
        "pledges",
        {
            "campaign": "{campaign_id}",
            "amount": 500_00,
            "currency": "BDT",
            "donor": {"name": "G", "email": "g@example.org"},
            "anonymous": False,
            "message": "M",
            "payment": {"provider": "bank", "account": ACCOUNT},
            "capture": "automatic",
        },
        "",
    ),
    "refund": ("post", "pledges/{pledge_id}/refunds", {"amount": 1, "reason": "R"}, "owner"),
    "open account": ("post", "bank/accounts", {"currency": "BDT", "balance": 5}, "bank"),
    "authorize": (
        "post",
        "bank/authorizations",
        {"account": ACCOUNT, "amount": 5, "currency": "BDT", "reference": str(uuid4())},
        "bank",
    ),
    "mandate": ("post", "bank/mandates", {"account": ACCOUNT, "reference": str(uuid4())}, "bank"),
    "bank transfer": (
        "post",
        "bank/transfers",
        {"account": ACCOUNT, "amount": 5, "currency": "BDT", "reference": str(uuid4())},
        "bank",
    ),
    "bank capture": ("post", "bank/authorizations/{hold_id}/capture", {"amount": 5}, "bank"),
    "bank refund": ("post", "bank/authorizations/{hold_id}/refund", {"amount": 5}, "bank"),
}
ENDPOINTS["edit"] = ("patch", "campaigns/{draft_id}", ENDPOINTS["create"][2], "owner")
ENDPOINTS["hook"] = (
    "post",
    "webhook-endpoints",
    {"url": "http://127.0.0.1:9/other", "description": "D", "event_types": ["pledge.captured"], "covers_all": False},
    "owner",
)
ENDPOINTS["edit hook"] = (
    "patch",
    "webhook-endpoints/{endpoint_id}",
    {"url": "http://127.0.0.1:9/third", "description": "D", "event_types": ["pledge.captured"], "is_active": True},
    "owner",
)
ENDPOINTS["replay"] = (
    "post",
    "webhook-endpoints/{endpoint_id}/replays",
    {
        "since": "2026-01-01T00:00:00Z",
        "until": "2026-01-02T00:00:00Z",
        "types": ["pledge.captured"],
        "only_failed": False,
    },
    "owner",
)
MISSING = object()
TEXT = {
    "null": None,
    "number": 7,
    "true": True,
    "list": [],
    "object": {},
    "too long": "x" * 60_000,
    "nul": "a\x00b",
    "bell": "a\x07b",
    "right-to-left override": "a\u202eb",
    "lone surrogate": "\ud800",
}
NUMBER = {
    "null": None,
    "text": "5",
    "empty": "",
    "true": True,
    "list": [1],
    "object": {"a": 1},
    "negative": -1,
    "zero": 0,
    "2^63": 2**63,
    "huge": 10**400,
    "fraction": 1.5,
    "NaN": float("nan"),
    "infinity": float("inf"),
}
OF_FIELD: dict[str, dict[str, Any]] = {
    "email": {"empty": "", "no address": "nobody", "two": "a@example.org,b@example.org", "no domain": "a@"},
    "name": {},
    "title": {"empty": "", "blank": "  "},
    "password": {"empty": "", "short": "x"},
    "refresh": {"empty": ""},
    "reason": {"empty": ""},
    "category": {"empty": "", "unknown": "weapons"},
    "currency": {"empty": "", "foreign": "XAU", "lower": "bdt"},
    "starts_at": {"not a time": "tomorrow", "a date": "2030-13-45"},
    "ends_at": {"not a time": "tomorrow", "before the start": "2029-01-01T00:00:00Z"},
    "campaign": {"empty": "", "unknown": str(uuid4()), "someone's draft": "{draft_id}", "not an id": "42"},
    "reference": {"empty": "", "not an id": "42"},
    "provider": {"empty": "", "unknown": "stripe2"},
    "account": {"empty": "", "unknown": "9999-9999-9999-9999", "nonsense": "' OR 1=1 --"},
    "capture": {"empty": "", "unknown": "later"},
    "url": {
        "empty": "",
        "no url": "hook",
        "another scheme": "ftp://example.org/",
        "inside": "https://10.0.0.1/",
        "user": "https://a:b@example.org/",
    },
    "since": {"not a time": "tomorrow"},
    "until": {"not a time": "tomorrow", "before since": "2025-01-01T00:00:00Z"},
}
REQUIRED = {
    "register": {"email", "password", "name"},
    "token": {"email", "password"},
    "refresh": {"refresh"},
    "revoke": {"refresh"},
    "create": {"title", "category", "goal_amount", "currency"},
    "give": {"campaign", "amount", "payment", "payment.provider", "payment.account", "donor", "donor.email"},
    "refund": {"reason"},
    "open account": {"currency"},
    "authorize": {"account", "amount", "currency", "reference"},
    "mandate": {"account", "reference"},
    "bank transfer": {"account", "amount", "currency", "reference"},
    "bank refund": {"amount"},
    "hook": {"url"},
    "replay": {"since", "until"},
}
# What is fine although it looks bad.
FINE = {
    ("create", "starts_at", "null"),
    ("create", "ends_at", "null"),
    ("edit", "starts_at", "null"),
    ("edit", "ends_at", "null"),
    ("give", "currency", "null"),
    ("give", "currency", "empty"),
    ("give", "donor.name", "null"),
    ("give", "message", "null"),
    ("refund", "amount", "null"),
    ("bank capture", "amount", "null"),
    ("open account", "balance", "zero"),
    # RFC 7009: revoking what is no token is done already. A number that no bank knows is declined later, as any card is.
    ("revoke", "refresh", "bell"),
    ("revoke", "refresh", "right-to-left override"),
    ("give", "payment.account", "unknown"),
}


def fields(body: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in body.items():
        yield f"{before}{name}", value
        if isinstance(value, dict):
            yield from fields(value, f"{before}{name}.")


def cases() -> Iterator[tuple[str, str, str, Any]]:
    for endpoint, (_, _, body, _) in ENDPOINTS.items():
        for field, good in fields(body):
            name = field.rsplit(".", 1)[-1]
            if isinstance(good, bool):
                values = {"null": None, "text": "yes", "number": 1, "list": []}
            elif isinstance(good, int):
                values = NUMBER
            elif isinstance(good, list):
                values = {
                    "null": None,
                    "empty": [],
                    "text": "pledge.captured",
                    "unknown": ["x"],
                    "numbers": [1],
                    "nested": [[]],
                }
            elif isinstance(good, dict):
                values = {"text": "x", "list": [], "number": 1}
            else:
                values = TEXT | OF_FIELD.get(name, {})
            if field in REQUIRED.get(endpoint, ()):
                values = values | {"missing": MISSING}
            for label, value in values.items():
                if (endpoint, field, label) not in FINE:
                    yield endpoint, field, label, value


@pytest.fixture
def world(client: Client, alice: Actor, bob: Actor, charlie: Actor, bank_key: str) -> dict[str, Any]:
    campaign = open_campaign(alice)
    taken = pledges.make_pledge(new=wish(campaign.id, donor_id=bob.user_id))
    tell(authorized(taken.pledge_id), captured(taken.pledge_id))
    believe_captured(taken.pledge_id)
    key = {"Authorization": f"Api-Key {bank_key}"}
    hold = ENDPOINTS["authorize"][2] | {"reference": str(uuid4())}
    held = client.post("/api/v1/bank/authorizations", hold, content_type="application/json", headers=key).json()
    return {
        "headers": {"": {}, "donor": headers_of(bob), "owner": headers_of(alice), "bank": key},
        "ids": {
            "campaign_id": str(campaign.id),
            "draft_id": str(draft_of(alice).id),
            "pledge_id": str(taken.pledge_id),
            "hold_id": held["id"],
            "endpoint_id": str(notifications.create_endpoint(by=alice, url="http://127.0.0.1:9/hook")[0].id),
        },
    }


def with_ids(value: Any, ids: dict[str, str]) -> Any:
    """`{campaign_id}` and its like become ids, wherever they stand."""
    if isinstance(value, dict):
        return {name: with_ids(each, ids) for name, each in value.items()}
    return ids.get(value[1:-1], value) if isinstance(value, str) and value.startswith("{") else value


def spoilt(body: dict[str, Any], field: str, value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(body)
    *path, name = field.split(".")
    place = changed
    for each in path:
        place = place[each]
    if value is MISSING:
        del place[name]
    else:
        place[name] = value
    return changed


def written() -> dict[str, int]:
    """How many rows there are, table by table, in both databases."""
    counts: dict[str, int] = {}
    for alias in ("default", "bank"):
        with connections[alias].cursor() as cursor:
            names = [name for name in connections[alias].introspection.table_names(cursor) if "callcount" not in name]
            cursor.execute(" UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in names))
            counts |= {f"{alias}.{name}": number for name, number in cursor.fetchall()}
    return counts


def send(client: Client, world: dict[str, Any], endpoint: str, body: dict[str, Any] | str | bytes) -> Any:
    method, path, _, caller = ENDPOINTS[endpoint]
    data = body if isinstance(body, (str, bytes)) else json.dumps(with_ids(body, world["ids"]))
    return client.generic(
        method.upper(),
        f"/api/v1/{path.format(**world['ids'])}",
        data,
        content_type="application/json",
        headers=world["headers"][caller],
    )


def fault(answer: Any) -> str:
    """What is wrong with this refusal, empty when nothing is."""
    if not 400 <= answer.status_code < 500:
        return f"{answer.status_code} {answer.content[:200]!r}"
    if answer["Content-Type"] != "application/problem+json":
        return str(answer["Content-Type"])
    problem = answer.json()
    if not {"type", "title", "status", "detail", "code", "trace_id"} <= problem.keys():
        return f"lacks something: {sorted(problem)}"
    if answer.status_code == 400 and not problem.get("errors"):
        return "names no field"
    return ""


@pytest.mark.parametrize("endpoint", sorted(ENDPOINTS))
def test_the_good_body_is_taken(client: Client, world: dict[str, Any], endpoint: str) -> None:
    """The control: what the bad bodies are made from is good."""
    made_up = {"token": 401, "refresh": 401, "revoke": 204, "bank refund": 409}
    answer = send(client, world, endpoint, ENDPOINTS[endpoint][2])
    assert answer.status_code == made_up.get(endpoint, answer.status_code), answer.content
    assert answer.status_code < 300 or endpoint in made_up, answer.content


@pytest.mark.parametrize("endpoint", sorted(ENDPOINTS))
def test_bad_values_are_refused_and_write_nothing(client: Client, world: dict[str, Any], endpoint: str) -> None:
    body, before, faults = ENDPOINTS[endpoint][2], written(), {}
    mine = [case for case in cases() if case[0] == endpoint]
    for _, field, label, value in mine:
        answer = send(client, world, endpoint, spoilt(body, field, value))
        if wrong := fault(answer):
            faults[f"{field}: {label}"] = wrong
    assert faults == {}
    assert written() == before
    assert len(mine) >= 4


@pytest.mark.parametrize("endpoint", sorted(ENDPOINTS))
def test_bodies_that_are_no_bodies_are_refused(client: Client, world: dict[str, Any], endpoint: str) -> None:
    good = json.dumps(with_ids(ENDPOINTS[endpoint][2], world["ids"]))
    bad: dict[str, str | bytes] = {
        "not json": "{",
        "a list": "[]",
        "a number": "7",
        "text": '"x"',
        "null": "null",
        "deep": "[" * 20_000 + "]" * 20_000,
        "deep inside": '{"x": ' + '{"x":' * 10_000 + "1" + "}" * 10_001,
        "a megabyte": good[:-1] + ', "more": "' + "x" * 1_000_000 + '"}',
        "named twice": good[:-1] + "," + good[1:],
        "not utf-8": b"\xff\xfe" + good.encode(),
        "utf-16": good.encode("utf-16"),
        "NaN": good[:-1] + ', "more": NaN}',
        "half": good[: len(good) // 2],
    }
    before = written()
    faults = {label: wrong for label, body in bad.items() if (wrong := fault(send(client, world, endpoint, body)))}
    assert faults == {}
    assert written() == before


@pytest.mark.parametrize(
    "query",
    [
        "page_size=0",
        "page_size=x",
        "page_size=1e9",
        "cursor=%00",
        "cursor=x",
        "cursor=" + "A" * 4000,
        "page_size=5&cursor=%ff",
    ],
)
def test_bad_queries_are_refused(client: Client, world: dict[str, Any], query: str) -> None:
    ids, headers = world["ids"], world["headers"]
    for path, caller in (
        ("campaigns", ""),
        (f"campaigns/{ids['campaign_id']}/donations", ""),
        ("pledges", "donor"),
        (f"bank/accounts/{ACCOUNT}/transactions", "bank"),
    ):
        answer = client.get(f"/api/v1/{path}?{query}", headers=headers[caller])
        assert fault(answer) == "", path


@pytest.mark.parametrize("key", ["", "x" * 256, "é", "a\tb"])
def test_bad_idempotency_keys_are_refused(client: Client, world: dict[str, Any], key: str) -> None:
    body = json.dumps(with_ids(ENDPOINTS["give"][2], world["ids"]))
    before = written()
    for name in ("Idempotency-Key", "X-Idempotency-Key"):
        answer = client.post("/api/v1/pledges", body, content_type="application/json", headers={name: key})
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid-idempotency-key")
    assert written() == before
