"""Testers of stolen cards are stopped before a payment exists; donors and tools of ordinary use are not."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from apps.accounts import interface as accounts
from apps.campaigns import interface as campaigns
from apps.guard.services.remember import forget
from apps.platform import clock, db
from apps.platform.actors import Actor
from tests.conftest import headers_of
from tests.pledges.support import failed, released, tell

from .support import be_declined, capture, decline, give, pledges_made, solved

pytestmark = pytest.mark.django_db(transaction=True)


def codes(answers: list[Any]) -> list[tuple[int, str]]:
    return [(each.status_code, each.json().get("code", "")) for each in answers]


def test_declines_that_pile_up_at_an_address_ask_for_work_and_then_end(
    client: Client, campaign: campaigns.Campaign
) -> None:
    be_declined(client, campaign, 7)
    assert give(client, campaign).status_code == 201
    be_declined(client, campaign, 1)
    before = pledges_made()

    asked = give(client, campaign)

    problem = asked.json()
    assert (asked.status_code, problem["code"], asked["Content-Type"]) == (
        403, "challenge-required", "application/problem+json",
    )  # fmt: skip
    assert "X-Challenge-Solution" in problem["detail"]
    assert pledges_made() == before
    assert give(client, campaign, "198.51.100.7").status_code == 201, "others are not asked"

    for _ in range(16):
        decline(give(client, campaign, solution=solved(give(client, campaign).json()["challenge"])))
    ended = give(client, campaign, solution=solved(problem["challenge"]))
    assert (ended.status_code, ended.json()["code"], ended["Retry-After"]) == (429, "too-many-declines", "300")


def test_a_solution_is_good_for_one_gift_to_its_campaign(
    client: Client, campaign: campaigns.Campaign, other_campaign: campaigns.Campaign
) -> None:
    be_declined(client, campaign, 8)
    one, two = (solved(give(client, campaign).json()["challenge"]) for _ in range(2))

    assert give(client, other_campaign, solution=one).status_code == 403
    assert give(client, campaign, solution=one).status_code == 201
    assert give(client, campaign, solution=one).status_code == 403, "used"
    with clock.use(clock.FrozenClock(clock.now())):
        assert give(client, campaign, solution=two).status_code == 201


def test_a_retry_from_where_nothing_may_be_tried_gets_its_answer_again(
    client: Client, campaign: campaigns.Campaign
) -> None:
    """Its first answer got lost; meanwhile declines piled up at its address. Another body under its key is refused."""

    def ask(email: str) -> Any:
        return give(client, campaign, email=email, **{"Idempotency-Key": "lost"})

    first = ask("gita@example.org")
    be_declined(client, campaign, 8)
    asked = [ask("gita@example.org"), ask("other@example.org")]
    assert [each.status_code for each in asked] == [201, 403]
    assert (asked[0].json(), asked[0]["Idempotent-Replayed"]) == (first.json(), "true")


def test_the_database_refuses_a_solution_twice(campaign: campaigns.Campaign) -> None:
    db.execute("INSERT INTO guard_redeemed (signature, at) VALUES ('s', now())")
    with pytest.raises(IntegrityError), transaction.atomic():
        db.execute("INSERT INTO guard_redeemed (signature, at) VALUES ('s', now())")


@pytest.mark.parametrize(
    "change",
    [
        lambda payload: payload | {"solution": {}},
        lambda payload: payload | {"challenge": {}},
        lambda payload: payload | {"solution": payload["solution"] | {"counter": 2**40}},
        lambda payload: payload | {"solution": payload["solution"] | {"counter": "1"}},
        lambda payload: payload | {"solution": payload["solution"] | {"derivedKey": "00" * 32}},
        lambda payload: payload | {"challenge": payload["challenge"] | {"signature": "0" * 64}},
        lambda payload: payload | {"challenge": payload["challenge"] | {"signature": None}},
        lambda payload: _with(payload, cost=1),
        lambda payload: _with(payload, cost=10**12),
        lambda payload: _with(payload, keyPrefix=""),
        lambda payload: _with(payload, expiresAt=2**62),
        lambda payload: _with(payload, data=[]),
        lambda payload: [],
        lambda payload: None,
    ],
)
def test_a_forged_solution_is_as_good_as_none(client: Client, campaign: campaigns.Campaign, change: Any) -> None:
    be_declined(client, campaign, 8)
    payload = json.loads(base64.b64decode(solved(give(client, campaign).json()["challenge"])))
    forged = base64.b64encode(json.dumps(change(payload)).encode()).decode()
    assert codes([give(client, campaign, solution=forged)]) == [(403, "challenge-required")]
    for nonsense in ("x", "=", "é", "x" * 5000, base64.b64encode(b"[" * 2000).decode()):
        assert codes([give(client, campaign, solution=nonsense)]) == [(403, "challenge-required")]


def _with(payload: dict[str, Any], **parameters: Any) -> dict[str, Any]:
    challenge = payload["challenge"]
    return payload | {"challenge": challenge | {"parameters": challenge["parameters"] | parameters}}


def test_many_gifts_from_one_place_are_no_sin(client: Client, campaign: campaigns.Campaign, settings) -> None:
    """What tools of ordinary use do: dozens of guests from one address, test accounts that decline among them."""
    settings.GUARD |= {"DECLINES": 40}
    for _ in range(3):
        answers = [give(client, campaign) for _ in range(30)]
        assert {each.status_code for each in answers} == {201}
        decline(*answers[:13])


def test_a_school_behind_one_address_may_have_declines(client: Client, campaign: campaigns.Campaign) -> None:
    answers = [give(client, campaign) for _ in range(40)]
    decline(*answers[:12])
    assert give(client, campaign).status_code == 201, "12 of 40 is no test of cards"


def test_what_a_donor_ends_is_no_decline(client: Client, campaign: campaigns.Campaign) -> None:
    answers = [give(client, campaign) for _ in range(12)]
    tell(*(released(each.json()["id"]) for each in answers))
    assert give(client, campaign).status_code == 201


def test_an_ipv6_network_is_one_address(client: Client, campaign: campaigns.Campaign) -> None:
    for number in range(8):
        decline(give(client, campaign, f"2001:db8:1:2::{number:x}"))
    assert give(client, campaign, "2001:db8:1:2:ffff::1").status_code == 403
    assert give(client, campaign, "2001:db8:1:3::1").status_code == 201
    assert give(client, campaign, "not an address").status_code == 201


def test_the_breaker_asks_everyone_on_that_campaign(
    client: Client, campaign: campaigns.Campaign, other_campaign: campaigns.Campaign
) -> None:
    for number in range(24):
        decline(give(client, campaign, f"192.0.2.{number}"))
    assert codes([give(client, campaign, "198.51.100.1")]) == [(403, "challenge-required")]
    assert give(client, other_campaign, "198.51.100.1").status_code == 201
    metrics = client.get("/metrics").content.decode()
    assert 'careforall_guard_suspects{scope="campaign"} 1.0' in metrics
    assert "careforall_guard_declines 24.0" in metrics


def test_whoever_is_trusted_passes(
    client: Client, campaign: campaigns.Campaign, alice: Actor, bob: Actor, charlie: Actor
) -> None:
    new = accounts.ensure_user(email="new@example.org", password="x" * 20, name="New", roles=[])
    stranger = headers_of(accounts.actor_of_user(user_id=new.id))
    accounts.ensure_api_key(key="cfa_" + "k" * 40, name="tool", scopes=[])
    capture(give(client, campaign, "203.0.113.9", **headers_of(bob)))
    be_declined(client, campaign, 8)
    capture(give(client, campaign, **headers_of(bob)))

    assert give(client, campaign, **headers_of(bob)).status_code == 201
    assert give(client, campaign, **headers_of(charlie)).status_code == 201
    assert give(client, campaign, Authorization="Api-Key cfa_" + "k" * 40).status_code == 201
    assert give(client, campaign, **stranger).status_code == 403


def test_without_the_guard_the_same_attack_goes_through(client: Client, campaign: campaigns.Campaign, settings) -> None:
    settings.GUARD |= {"ON": False}
    be_declined(client, campaign, 30)
    assert give(client, campaign).status_code == 201


def test_attempts_touch_no_total_and_no_wall_and_every_decline_reads_the_same(
    client: Client, campaign: campaigns.Campaign, alice: Actor, bob: Actor
) -> None:
    made = give(client, campaign, **headers_of(bob)).json()
    tell(failed(made["id"]))
    shown = client.get(f"/api/v1/pledges/{made['id']}", headers=headers_of(bob)).json()
    managed = client.get(f"/api/v1/pledges/{made['id']}", headers=headers_of(alice)).json()
    assert (shown["status"], shown["failure_reason"]) == ("failed", "declined")
    assert managed["failure_reason"] == "insufficient-funds"
    page = client.get(f"/donations/{made['tracking_token']}/").content.decode()
    assert "insufficient" not in page
    tracked = client.get(f"/api/v1/donations/{made['tracking_token']}").json()
    assert "insufficient" not in json.dumps(tracked)
    assert client.get(f"/api/v1/campaigns/{campaign.id}/donations").json()["results"] == []
    totals = db.rows("SELECT captured, donor_count FROM campaigns_totals WHERE campaign_id = %s", [campaign.id])
    assert totals == [{"captured": 0, "donor_count": 0}]


def test_the_guard_forgets_after_a_day_and_knows_no_address(client: Client, campaign: campaigns.Campaign) -> None:
    be_declined(client, campaign, 2, "192.0.2.77")
    known = db.rows("SELECT address, device FROM guard_attempt")
    assert "192.0.2.77" not in str(known)
    assert forget() == 0
    with clock.use(clock.FrozenClock(clock.now() + timedelta(days=1, minutes=1))):
        assert forget() == 4
