"""Pledges over HTTP: shapes, replays, bad input, and who may see and do what."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.campaigns import interface as campaigns
from apps.platform import db
from apps.platform.actors import ANONYMOUS, Actor
from apps.platform.ids import new_id
from tests.conftest import headers_of

from .support import PAYS, authorized, believe_captured, captured, open_campaign, refunded, tell

pytestmark = pytest.mark.django_db(transaction=True)


def post(client: Client, path: str, body: Any, actor: Actor = ANONYMOUS, key: str | None = None) -> Any:
    headers = {} if actor.is_anonymous else headers_of(actor)
    if key is not None:
        headers["Idempotency-Key"] = key
    data = body if isinstance(body, (str, bytes)) else json.dumps(body)
    return client.post(f"/api/v1/{path}", data, content_type="application/json", headers=headers)


def get(client: Client, path: str, actor: Actor = ANONYMOUS) -> Any:
    return client.get(f"/api/v1/{path}", headers={} if actor.is_anonymous else headers_of(actor))


def gift(campaign_id: UUID, **changes: Any) -> dict[str, Any]:
    donor = {"name": "Gulshan Guest", "email": "guest@example.org"}
    body = {"campaign": str(campaign_id), "amount": 500_00, "donor": donor, "message": "Stay warm"}
    return body | {"payment": {"provider": "bank", "account": PAYS}} | changes


def hold(client: Client, campaign: campaigns.Campaign, actor: Actor = ANONYMOUS) -> UUID:
    """An authorized pledge, in the eyes of payments as well."""
    made = post(client, "pledges", gift(campaign.id, capture="manual"), actor).json()
    db.execute(
        "UPDATE payments_payment SET status = 'authorized', hold = id::text WHERE reference = %s", [UUID(made["id"])]
    )
    db.execute(
        "UPDATE payments_operation SET status = 'done', finished_at = now() WHERE kind = 'authorize'",
    )
    tell(authorized(UUID(made["id"])))
    return UUID(made["id"])


def take(client: Client, campaign: campaigns.Campaign, actor: Actor = ANONYMOUS, **changes: Any) -> dict[str, Any]:
    """A captured pledge."""
    made: dict[str, Any] = post(client, "pledges", gift(campaign.id, **changes), actor).json()
    tell(captured(UUID(made["id"])))
    believe_captured(UUID(made["id"]))
    return made


def test_a_guest_gives(client: Client, campaign: campaigns.Campaign) -> None:
    response = post(client, "pledges", gift(campaign.id))

    made = response.json()
    assert response.status_code == 201
    assert set(made) == {
        "id", "status", "campaign", "amount", "currency", "tracking_url", "tracking_token", "next_action", "created_at",
    }  # fmt: skip
    assert (made["status"], made["amount"], made["currency"]) == ("pending", 500_00, "BDT")
    assert made["campaign"] == str(campaign.id)
    assert made["tracking_url"].endswith(f"/donations/{made['tracking_token']}/")
    assert made["created_at"].endswith("Z")
    assert "Idempotent-Replayed" not in response.headers
    gift_now = get(client, f"donations/{made['tracking_token']}").json()
    assert set(gift_now) >= {"status", "amount", "currency", "campaign", "timeline", "refunded_amount", "receipt_url"}
    assert [step["status"] for step in gift_now["timeline"]] == ["pending"]
    assert "guest" not in json.dumps(gift_now).lower()


@pytest.mark.parametrize("header", ["Idempotency-Key", "X-Idempotency-Key"])
def test_a_repeat_is_answered_as_the_first_time(client: Client, campaign: campaigns.Campaign, header: str) -> None:
    body = json.dumps(gift(campaign.id))
    first, again = (
        client.post("/api/v1/pledges", body, content_type="application/json", headers={header: "k"}) for _ in range(2)
    )

    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["Idempotent-Replayed"] == "true"
    other = client.post(
        "/api/v1/pledges",
        json.dumps(gift(campaign.id, amount=1)),
        content_type="application/json",
        headers={header: "k"},
    )
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")


BAD = [
    ("{", 400), ("[]", 400), ("null", 400), ('"x"', 400), ("", 400), ("[" * 20_000, 400), ("x" * 70_000, 413), (b"\xff\xfe", 400),
    ({"campaign": "nobody"}, 400), ({"campaign": None}, 400), ({"campaign": 7}, 400),
    ({"campaign": "01890a5d-ac96-774b-bcce-b302099a8057"}, 404),
    ({"amount": None}, 400), ({"amount": "500"}, 400), ({"amount": 500.5}, 400), ({"amount": 500.0}, 400), ({"amount": True}, 400),
    ({"amount": 0}, 400), ({"amount": -5}, 400), ({"amount": 1}, 400), ({"amount": 2**63}, 400), ({"amount": 10**400}, 400),
    ({"currency": "USD"}, 400), ({"currency": 5}, 400),
    ({"donor": None}, 400), ({"donor": {}}, 400), ({"donor": "x"}, 400), ({"donor": {"email": "x"}}, 400),
    ({"donor": {"email": "a@b.org", "name": 5}}, 400),
    ({"donor": {"email": "a@b.org", "name": "\u202egnp"}}, 400),
    ({"donor": {"email": "a" * 300 + "@b.org"}}, 400), ({"donor": {"email": "a@b.org\x00"}}, 400),
    ({"anonymous": "yes"}, 400), ({"message": "x" * 501}, 400), ({"message": "\x07"}, 400), ({"message": 5}, 400),
    ({"payment": None}, 400), ({"payment": {}}, 400), ({"payment": {"provider": "bank"}}, 400),
    ({"payment": {"provider": "x" * 5000, "account": PAYS}}, 400), ({"payment": {"provider": "bank", "account": 5}}, 400),
    ({"payment": {"provider": "bank", "account": "\u202e4000"}}, 400), ({"capture": "later"}, 400), ({"capture": None}, 400),
]  # fmt: skip


@pytest.mark.parametrize(("bad", "status"), BAD, ids=[str(each)[:40] for each, _ in BAD])
def test_bad_input_is_refused_and_leaves_nothing(
    client: Client, campaign: campaigns.Campaign, bad: Any, status: int
) -> None:
    response = post(client, "pledges", gift(campaign.id, **bad) if isinstance(bad, dict) else bad, key="k")

    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "code", "trace_id"} <= set(response.json())
    assert (status == 400) == ("errors" in response.json())
    assert db.rows("SELECT 1 FROM pledges_pledge UNION ALL SELECT 1 FROM payments_payment") == []


def test_a_key_that_cannot_be_used_is_refused(client: Client, campaign: campaigns.Campaign) -> None:
    for key in ("", "x" * 256, "é"):
        assert post(client, "pledges", gift(campaign.id), key=key).status_code == 400


def test_the_limits_of_the_campaign_are_named(client: Client, campaign: campaigns.Campaign) -> None:
    for amount, code in ((9_99, "below-minimum"), (50_000_01, "above-maximum")):
        [error] = post(client, "pledges", gift(campaign.id, amount=amount)).json()["errors"]
        assert (error["field"], error["code"]) == ("amount", code)


def test_closed_campaigns_and_other_peoples_drafts(client: Client, campaign: campaigns.Campaign, alice: Actor) -> None:
    campaigns.close_campaign(campaign_id=campaign.id, by=alice)
    closed = post(client, "pledges", gift(campaign.id))
    assert (closed.status_code, closed.json()["code"]) == (409, "campaign-not-accepting")

    db.execute("UPDATE campaigns_campaign SET status = 'archived' WHERE id = %s", [campaign.id])
    hidden = post(client, "pledges", gift(campaign.id))
    assert (hidden.status_code, hidden.json()["code"]) == (404, "campaign-not-found")


def test_who_may_see_and_do_what(
    client: Client, campaign: campaigns.Campaign, alice: Actor, bob: Actor, charlie: Actor, sam: Actor
) -> None:
    """Alice manages, Bob gave, Charlie manages another campaign, Sam is staff."""
    open_campaign(charlie)
    held = hold(client, campaign, bob)
    taken = take(client, campaign, bob)["id"]
    everyone = {"guest": ANONYMOUS, "alice": alice, "bob": bob, "charlie": charlie, "sam": sam}
    seen = {name: get(client, f"pledges/{held}", actor).status_code for name, actor in everyone.items()}
    assert seen == {"guest": 404, "alice": 200, "bob": 200, "charlie": 404, "sam": 200}
    of_campaign = {
        name: get(client, f"pledges?campaign={campaign.id}", actor).status_code for name, actor in everyone.items()
    }
    assert of_campaign == {"guest": 401, "alice": 200, "bob": 403, "charlie": 403, "sam": 200}
    refusals = {
        f"pledges/{held}/capture": {"guest": 401, "bob": 403, "charlie": 404},
        f"pledges/{held}/cancellation": {"guest": 401, "charlie": 404},
        f"pledges/{taken}/refunds": {"guest": 401, "bob": 403, "charlie": 404},
    }
    for path, statuses in refusals.items():
        for name, status in statuses.items():
            assert post(client, path, {"reason": "x"}, everyone[name]).status_code == status, (path, name)
    assert post(client, f"pledges/{taken}/refunds", {"reason": "x", "amount": 1}, alice).status_code == 201
    assert post(client, f"pledges/{taken}/refunds", {"reason": "x", "amount": 1}, sam).status_code == 201
    assert post(client, f"pledges/{held}/cancellation", {}, bob).status_code == 202


def test_only_managers_and_staff_see_payments(
    client: Client, campaign: campaigns.Campaign, alice: Actor, bob: Actor, sam: Actor
) -> None:
    made = take(client, campaign, bob)

    assert "payments" not in get(client, f"pledges/{made['id']}", bob).json()
    assert "payments" not in get(client, "pledges", bob).json()["results"][0]
    for actor in (alice, sam):
        [payment] = get(client, f"pledges/{made['id']}", actor).json()["payments"]
        assert set(payment) == {"id", "provider", "status", "hold"}
        assert get(client, f"pledges?campaign={campaign.id}", actor).json()["results"][0]["payments"] == [payment]


def test_lists_hold_what_is_the_callers(client: Client, campaign: campaigns.Campaign, alice: Actor, bob: Actor) -> None:
    own = [take(client, campaign, bob)["id"] for _ in range(3)]
    take(client, campaign)

    first = get(client, "pledges?page_size=2", bob).json()
    assert [each["id"] for each in first["results"]] == own[:0:-1]
    assert first["previous"] is None
    second = client.get(first["next"].partition("8000")[2], headers=headers_of(bob)).json()
    assert [each["id"] for each in second["results"]] == own[:1]
    assert second["next"] is None
    back = client.get(second["previous"].partition("8000")[2], headers=headers_of(bob)).json()
    assert [each["id"] for each in back["results"]] == own[:0:-1]
    assert get(client, "pledges", alice).json()["results"] == []
    assert len(get(client, f"pledges?campaign={campaign.id}", alice).json()["results"]) == 4
    for bad in ("page_size=0", "page_size=101", "page_size=x", "cursor=x", "cursor=%FF", "campaign=x"):
        assert get(client, f"pledges?{bad}", bob).status_code == 400, bad
    assert get(client, f"pledges?campaign={new_id()}", bob).status_code == 404


def test_capture_is_asked_once(client: Client, campaign: campaigns.Campaign, alice: Actor) -> None:
    held = hold(client, campaign)
    first = post(client, f"pledges/{held}/capture", "", alice, key="k")
    again = post(client, f"pledges/{held}/capture", "", alice, key="k")

    assert (first.status_code, first.json()["status"]) == (202, "authorized")
    assert (again.status_code, again.json(), again.headers["Idempotent-Replayed"]) == (202, first.json(), "true")
    assert len(db.rows("SELECT 1 FROM payments_operation WHERE kind = 'capture'")) == 1
    late = post(client, f"pledges/{held}/cancellation", "", alice)
    assert (late.status_code, late.json()["code"]) == (409, "invalid-transition")


def test_only_authorized_pledges_are_captured_or_cancelled(
    client: Client, campaign: campaigns.Campaign, alice: Actor
) -> None:
    pending = post(client, "pledges", gift(campaign.id)).json()["id"]
    taken = take(client, campaign)["id"]

    for pledge_id in (pending, taken):
        for move in ("capture", "cancellation"):
            refusal = post(client, f"pledges/{pledge_id}/{move}", {}, alice)
            assert (refusal.status_code, refusal.json()["code"]) == (409, "invalid-transition")
    refusal = post(client, f"pledges/{pending}/refunds", {"reason": "x"}, alice)
    assert (refusal.status_code, refusal.json()["code"]) == (409, "invalid-transition")


def test_refunds(client: Client, campaign: campaigns.Campaign, alice: Actor) -> None:
    path = f"pledges/{take(client, campaign)['id']}/refunds"
    part = post(client, path, {"amount": 200_00, "reason": "asked"}, alice, key="k")
    assert part.status_code == 201
    assert set(part.json()) == {"id", "pledge", "amount", "currency", "reason", "status", "created_at"}
    assert post(client, path, {"amount": 200_00, "reason": "asked"}, alice, key="k").json() == part.json()
    assert post(client, path, {"amount": 1, "reason": "asked"}, alice, key="k").status_code == 422
    above = post(client, path, {"amount": 300_01, "reason": "asked"}, alice)
    assert (above.status_code, above.json()["code"]) == (409, "refund-exceeds-captured")
    rest = post(client, path, {"reason": "all"}, alice)
    assert (rest.status_code, rest.json()["amount"]) == (201, 300_00)
    assert post(client, path, {"reason": "more"}, alice).json()["code"] == "refund-exceeds-captured"
    for bad in ({}, {"reason": ""}, {"reason": 5}, {"reason": "x" * 201}, {"reason": "\x00"}, "[]", "{"):
        assert post(client, path, bad, alice).status_code == 400, bad
    for amount in (0, -1, 1.5, "1", 2**63, True):
        assert post(client, path, {"amount": amount, "reason": "x"}, alice).status_code == 400, amount


def test_the_wall_names_only_who_wants_it(client: Client, campaign: campaigns.Campaign) -> None:
    named, hidden = take(client, campaign), take(client, campaign, anonymous=True)
    gone = take(client, campaign, message="refunded")
    tell(refunded(UUID(gone["id"]), 500_00))
    post(client, "pledges", gift(campaign.id, message="pending"))

    response = get(client, f"campaigns/{campaign.id}/donations")

    wall = response.json()["results"]
    assert [(each["id"], each["donor_name"]) for each in wall] == [(hidden["id"], None), (named["id"], "Gulshan Guest")]
    assert {each["message"] for each in wall} == {"Stay warm"}
    assert b"@" not in response.content
    page = get(client, f"campaigns/{campaign.id}/donations?page_size=1").json()
    rest = client.get(page["next"].partition("8000")[2]).json()
    assert [each["id"] for each in page["results"] + rest["results"]] == [hidden["id"], named["id"]]
    assert get(client, f"campaigns/{new_id()}/donations").status_code == 404


def test_reads_cost_the_same_with_one_row_and_with_three(
    client: Client, campaign: campaigns.Campaign, alice: Actor
) -> None:
    paths = [f"pledges?campaign={campaign.id}", f"campaigns/{campaign.id}/donations"]

    def queries() -> list[int]:
        counts = []
        for path in paths:
            with CaptureQueriesContext(connection) as captured_queries:
                assert get(client, path, alice).status_code == 200
            counts.append(len(captured_queries))
        return counts

    take(client, campaign)
    with_one = queries()
    take(client, campaign)
    take(client, campaign)
    assert queries() == with_one


def test_other_methods_are_refused_as_problems(client: Client, campaign: campaigns.Campaign) -> None:
    response = client.delete("/api/v1/pledges")

    assert (response.status_code, response.headers["Allow"]) == (405, "GET, POST")
    assert response.json()["code"] == "method-not-allowed"
