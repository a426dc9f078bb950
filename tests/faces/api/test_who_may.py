"""A1: nobody reads or writes what is not theirs. Every route, every kind of caller; a new route fails until it is listed.

The world: Alice's active campaign and her draft, Bob's captured pledge and another that waits to be captured.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from apps.accounts import interface as accounts
from apps.campaigns import interface as campaigns
from apps.notifications import interface as notifications
from apps.platform import db
from apps.platform.actors import Actor
from apps.pledges import interface as pledges
from tests.campaigns.support import draft_of
from tests.conftest import headers_of
from tests.pledges.support import authorized, believe_captured, captured, open_campaign, tell, wish

from .routes import api_routes

pytestmark = pytest.mark.django_db(databases=["default", "bank"])
CALLERS = ("anonymous", "donor", "other", "owner", "staff", "key")
# method path: what anonymous, Bob who gave, Charlie who manages others' campaigns, Alice who manages this one, staff, and an
# API key without scopes are answered.
EXPECTED: dict[str, str] = {
    "delete /api/v1/campaigns/{campaign_id}": "401 403 403 409 409 403",
    "delete /api/v1/campaigns/{campaign_id}/updates/{update_id}": "401 403 403 204 204 403",
    "delete /api/v1/campaigns/{draft_id}": "401 404 404 204 204 404",
    "delete /api/v1/campaigns/{draft_id}/updates/{update_id}": "401 404 404 404 404 404",
    "delete /api/v1/webhook-endpoints/{endpoint_id}": "401 404 404 204 204 403",
    "get /api/v1/auth/me": "401 200 200 200 200 403",
    "get /api/v1/bank/accounts/{number}": "401 403 403 403 403 403",
    "get /api/v1/bank/accounts/{number}/transactions": "401 403 403 403 403 403",
    "get /api/v1/bank/authorizations": "401 403 403 403 403 403",
    "get /api/v1/bank/authorizations/{authorization_id}": "401 403 403 403 403 403",
    "get /api/v1/bank/events": "401 403 403 403 403 403",
    "get /api/v1/bank/mandates": "401 403 403 403 403 403",
    "get /api/v1/bank/transfers": "401 403 403 403 403 403",
    "get /api/v1/bank/test-accounts": "200 200 200 200 200 200",
    "get /api/v1/campaigns": "200 200 200 200 200 200",
    "get /api/v1/campaigns/{campaign_id}": "200 200 200 200 200 200",
    "get /api/v1/campaigns/{campaign_id}/donations": "200 200 200 200 200 200",
    "get /api/v1/campaigns/{campaign_id}/updates": "200 200 200 200 200 200",
    "get /api/v1/campaigns/{draft_id}": "404 404 404 200 200 404",
    "get /api/v1/campaigns/{draft_id}/donations": "404 404 404 200 200 404",
    "get /api/v1/campaigns/{draft_id}/updates": "404 404 404 200 200 404",
    "get /api/v1/donations/{tracking_token}": "200 200 200 200 200 200",
    "get /api/v1/pledges": "401 200 200 200 200 200",
    "get /api/v1/pledges/{pledge_id}": "404 200 404 200 200 404",
    "get /api/v1/webhook-endpoints": "401 200 200 200 200 403",
    "get /api/v1/webhook-endpoints/{endpoint_id}": "401 404 404 200 200 403",
    "get /api/v1/webhook-endpoints/{endpoint_id}/deliveries": "401 404 404 200 200 403",
    "patch /api/v1/auth/me": "401 200 200 200 200 403",
    "patch /api/v1/campaigns/{campaign_id}": "401 403 403 200 200 403",
    "patch /api/v1/campaigns/{campaign_id}/updates/{update_id}": "401 403 403 200 200 403",
    "patch /api/v1/campaigns/{draft_id}": "401 404 404 200 200 404",
    "patch /api/v1/campaigns/{draft_id}/updates/{update_id}": "401 404 404 404 404 404",
    "patch /api/v1/webhook-endpoints/{endpoint_id}": "401 404 404 200 200 403",
    "post /api/v1/auth/register": "201 201 201 201 201 201",
    "post /api/v1/auth/token": "401 401 401 401 401 401",
    "post /api/v1/auth/token/refresh": "401 401 401 401 401 401",
    "post /api/v1/auth/token/revoke": "204 204 204 204 204 204",
    "post /api/v1/auth/ws-ticket": "401 201 201 201 201 403",
    "post /api/v1/bank/transfers": "401 403 403 403 403 403",
    "post /api/v1/bank/accounts": "401 403 403 403 403 403",
    "post /api/v1/bank/authorizations": "401 403 403 403 403 403",
    "post /api/v1/bank/authorizations/{authorization_id}/capture": "401 403 403 403 403 403",
    "post /api/v1/bank/authorizations/{authorization_id}/refund": "401 403 403 403 403 403",
    "post /api/v1/bank/authorizations/{authorization_id}/release": "401 403 403 403 403 403",
    "post /api/v1/bank/mandates": "401 403 403 403 403 403",
    "post /api/v1/bank/mandates/{mandate}/revocation": "401 403 403 403 403 403",
    "post /api/v1/campaigns": "401 403 201 201 201 403",
    "post /api/v1/campaigns/{campaign_id}/closure": "401 403 403 200 200 403",
    "post /api/v1/campaigns/{campaign_id}/pause": "401 403 403 200 200 403",
    "post /api/v1/campaigns/{campaign_id}/publication": "401 403 403 409 409 403",
    "post /api/v1/campaigns/{campaign_id}/return": "401 403 403 409 409 403",
    "post /api/v1/campaigns/{campaign_id}/submission": "401 403 403 409 409 403",
    "post /api/v1/campaigns/{campaign_id}/updates": "401 403 403 201 201 403",
    "post /api/v1/campaigns/{draft_id}/closure": "401 404 404 409 409 404",
    "post /api/v1/campaigns/{draft_id}/pause": "401 404 404 409 409 404",
    "post /api/v1/campaigns/{draft_id}/publication": "401 404 404 409 409 404",
    "post /api/v1/campaigns/{draft_id}/return": "401 404 404 409 409 404",
    "post /api/v1/campaigns/{draft_id}/submission": "401 404 404 200 200 404",
    "post /api/v1/campaigns/{draft_id}/updates": "401 404 404 409 409 404",
    "post /api/v1/payments/webhooks/{provider}": "401 401 401 401 401 401",
    "post /api/v1/pledges": "201 201 201 201 201 201",
    "post /api/v1/pledges/{held_id}/cancellation": "401 202 404 202 202 404",
    "post /api/v1/pledges/{held_id}/capture": "401 403 404 202 202 404",
    "post /api/v1/pledges/{pledge_id}/cancellation": "401 409 404 409 409 404",
    "post /api/v1/pledges/{pledge_id}/capture": "401 403 404 409 409 404",
    "post /api/v1/pledges/{pledge_id}/refunds": "401 403 404 201 201 404",
    "post /api/v1/webhook-endpoints": "401 403 201 201 201 403",
    "post /api/v1/webhook-endpoints/{endpoint_id}/pings": "401 404 404 202 202 403",
    "post /api/v1/webhook-endpoints/{endpoint_id}/replays": "401 404 404 202 202 403",
    "post /api/v1/webhook-endpoints/{endpoint_id}/secrets": "401 404 404 201 201 403",
    "put /api/v1/campaigns/{campaign_id}/cover": "401 403 403 400 400 403",
    "put /api/v1/campaigns/{draft_id}/cover": "401 404 404 400 400 404",
}


@pytest.fixture
def headers(alice: Actor, bob: Actor, charlie: Actor, sam: Actor) -> dict[str, dict[str, str]]:
    accounts.ensure_api_key(key="cfa_" + "k" * 40, name="no scopes", scopes=[])
    people = {"donor": bob, "other": charlie, "owner": alice, "staff": sam}
    known = {name: headers_of(actor) for name, actor in people.items()}
    return known | {"anonymous": {}, "key": {"Authorization": "Api-Key cfa_" + "k" * 40}}


@pytest.fixture
def arguments(alice: Actor, bob: Actor) -> dict[str, Any]:
    campaign = open_campaign(alice)
    taken, held = (
        pledges.make_pledge(new=wish(campaign.id, donor_id=bob.user_id, capture=capture))
        for capture in ("automatic", "manual")
    )
    tell(captured(taken.pledge_id), authorized(held.pledge_id))
    believe_captured(taken.pledge_id)
    db.execute(
        "UPDATE payments_payment SET status = 'authorized', hold = id::text WHERE reference = %s", [held.pledge_id]
    )
    db.execute("UPDATE payments_operation SET status = 'done', finished_at = now() WHERE kind = 'authorize'")
    return {
        "campaign_id": campaign.id,
        "draft_id": draft_of(alice).id,
        "update_id": campaigns.post_update(campaign_id=campaign.id, by=alice, title="News", body="Here.").id,
        "pledge_id": taken.pledge_id,
        "held_id": held.pledge_id,
        "tracking_token": taken.tracking_token,
        "authorization_id": uuid4(),
        "mandate": "mnd_" + "A" * 32,
        "endpoint_id": notifications.create_endpoint(by=alice, url="http://127.0.0.1:9/hook")[0].id,
        "number": "4000-0000-0000-0001",
        "provider": "bank",
    }


def cells() -> Iterator[tuple[str, str, str]]:
    """Method, path, and the path with the arguments that this row is about."""
    for route in api_routes():
        for method in route.methods:
            yield method, route.path, route.path
            if "{campaign_id}" in route.path:
                yield method, route.path, route.path.replace("{campaign_id}", "{draft_id}")
            if "{pledge_id}" in route.path and method == "post" and not route.path.endswith("refunds"):
                yield method, route.path, route.path.replace("{pledge_id}", "{held_id}")


def test_every_route_is_listed() -> None:
    assert {f"{method} {shown}" for method, _, shown in cells()} == set(EXPECTED)


@pytest.mark.parametrize("row", sorted(EXPECTED))
def test_each_caller_gets_what_is_theirs(
    client: Client,
    headers: dict[str, dict[str, str]],
    arguments: dict[str, Any],
    row: str,
    settings: Any,
    tmp_path: Any,
) -> None:
    settings.MEDIA_ROOT = tmp_path
    method, path = row.split(" ")
    answers = {caller: _ask(client, method, path.format(**arguments), headers[caller], arguments) for caller in CALLERS}
    shown = " ".join(str(answers[caller]) for caller in CALLERS)
    assert shown == EXPECTED[row]


BODIES: dict[str, Any] = {
    "post /api/v1/pledges": {
        "campaign": "{campaign_id}",
        "amount": 500_00,
        "donor": {"email": "guest@example.org"},
        "payment": {"provider": "bank", "account": "4000-0000-0000-0001"},
    },
    "post /api/v1/auth/register": {"email": "new@example.org", "password": "correct horse battery", "name": "New"},
    "post /api/v1/auth/token": {"email": "bob@example.org", "password": "wrong"},
    "post /api/v1/auth/token/refresh": {"refresh": "made-up"},
    "post /api/v1/auth/token/revoke": {"refresh": "made-up"},
    "patch /api/v1/auth/me": {"name": "Renamed"},
    "post /api/v1/campaigns": {"title": "T", "category": "relief", "goal_amount": 5, "currency": "BDT"},
    "patch": {"title": "Renamed"},
    "updates": {"title": "Boats are here", "body": "Six."},
    "post /api/v1/webhook-endpoints": {"url": "http://127.0.0.1:9/other"},
    "replays": {"since": "2026-01-01T00:00:00Z", "until": "2026-01-02T00:00:00Z"},
    "refunds": {"amount": 1, "reason": "asked"},
    "post /api/v1/bank/accounts": {"currency": "BDT"},
    "post /api/v1/bank/transfers": {
        "account": "4000-0000-0000-0001",
        "amount": 1,
        "currency": "BDT",
        "reference": str(uuid4()),
    },
    "post /api/v1/bank/authorizations": {
        "account": "4000-0000-0000-0001",
        "amount": 1,
        "currency": "BDT",
        "reference": str(uuid4()),
    },
}


def _ask(client: Client, method: str, path: str, headers: dict[str, str], arguments: dict[str, Any]) -> int:
    """The status; what it did is undone."""
    body: Any = BODIES.get(f"{method} {path}") or BODIES.get(path.rsplit("/", 1)[1]) or BODIES.get(method, {})
    data, kind = (
        (b"no picture", "image/png")
        if path.endswith("/cover")
        else (json.dumps(body).replace("{campaign_id}", str(arguments["campaign_id"])), "application/json")
    )
    with transaction.atomic(), transaction.atomic(using="bank"):
        answer = client.generic(
            method.upper(), path, data if method != "get" else "", content_type=kind, headers=headers
        )
        transaction.set_rollback(True)
        transaction.set_rollback(True, using="bank")
    return int(answer.status_code)
