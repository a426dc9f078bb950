"""Outgoing webhooks: signed per endpoint, only what its owner may know, retried for days, never into our own network."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client, override_settings
from standardwebhooks import Webhook

from apps.accounts import interface as accounts
from apps.campaigns import interface as campaigns
from apps.notifications import interface as notifications
from apps.notifications.gateway import webhooks as gateway
from apps.notifications.services.webhooks.send import send_webhooks
from apps.outbox import interface as outbox
from apps.platform import clock, db
from apps.platform.actors import Actor
from apps.platform.errors import Forbidden, Invalid
from apps.platform.ids import new_id
from apps.pledges import interface as pledges
from tests.conftest import headers_of
from tests.pledges.support import captured, failed, open_campaign, refunded, tell, wish
from tests.support.webhook_receiver import Receiver

pytestmark = pytest.mark.django_db
API = "/api/v1/webhook-endpoints"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


def endpoint_of(actor: Actor, receiver: Receiver, **changes: Any) -> tuple[notifications.Endpoint, str]:
    return notifications.create_endpoint(by=actor, url=receiver.url, **changes)


def send_all() -> None:
    outbox.drain()
    send_webhooks()


def hurry() -> None:
    db.execute("UPDATE notifications_webhookdelivery SET due_at = now() WHERE delivered_at IS NULL")


class TestTelling:
    def test_the_seven_events_signed_and_without_a_name(self, alice: Actor, receiver: Receiver) -> None:
        _, secret = endpoint_of(alice, receiver)
        campaign = open_campaign(alice, goal_amount=400_00)
        taken, lost = (
            pledges.make_pledge(new=wish(campaign.id, anonymous=True, donor_name="Hidden Hasan")).pledge_id
            for _ in "ab"
        )
        tell(captured(taken), failed(lost))
        tell(refunded(taken, 500_00))
        campaigns.close_campaign(campaign_id=campaign.id, by=alice)
        send_all()

        bodies = [Webhook(secret).verify(each.body, each.headers) for each in receiver.taken]
        assert sorted({body["type"] for body in bodies}) == sorted(notifications.EVENT_TYPES)
        assert len(bodies) == 8  # created twice
        [gift] = [body["data"] for body in bodies if body["type"] == "pledge.captured"]
        assert gift == {
            "campaign": str(campaign.id),
            "pledge": str(taken),
            "amount": 500_00,
            "currency": "BDT",
            "anonymous": True,
        }
        assert "Hidden" not in str(receiver.taken)
        assert "@" not in str([each.body for each in receiver.taken])

    def test_managers_hear_of_their_own_campaigns_and_staff_of_all(
        self, alice: Actor, charlie: Actor, sam: Actor
    ) -> None:
        with Receiver() as of_alice, Receiver() as of_charlie, Receiver() as of_sam, Receiver() as of_sam_own:
            endpoint_of(alice, of_alice, event_types=["pledge.created"])
            endpoint_of(charlie, of_charlie)
            endpoint_of(sam, of_sam, covers_all=True, event_types=["pledge.created"])
            endpoint_of(sam, of_sam_own)
            pledges.make_pledge(new=wish(open_campaign(alice).id))
            send_all()
            counts = [len(each.taken) for each in (of_alice, of_charlie, of_sam, of_sam_own)]
        assert counts == [1, 0, 1, 0]

    def test_who_lost_the_role_is_told_no_more(self, alice: Actor, sam: Actor, receiver: Receiver) -> None:
        campaign = open_campaign(alice)
        outbox.drain()
        endpoint_of(alice, receiver)
        assert alice.user_id
        accounts.revoke_role(user_id=alice.user_id, role="manager", by=sam)
        pledges.make_pledge(new=wish(campaign.id))
        send_all()
        assert receiver.taken == []

    def test_a_repeated_fact_is_one_delivery(self, alice: Actor, receiver: Receiver) -> None:
        endpoint_of(alice, receiver, event_types=["pledge.created"])
        pledges.make_pledge(new=wish(open_campaign(alice).id))
        send_all()
        db.execute("UPDATE outbox_delivery SET done_at = NULL, due_at = now()")
        send_all()
        assert len(receiver.taken) == 1


class TestTrying:
    @pytest.fixture
    def waiting(self, alice: Actor, receiver: Receiver) -> notifications.Endpoint:
        endpoint, _ = endpoint_of(alice, receiver, event_types=["pledge.created"])
        pledges.make_pledge(new=wish(open_campaign(alice).id))
        outbox.drain()
        return endpoint

    def test_again_with_the_same_id_until_it_is_taken(
        self, waiting: notifications.Endpoint, receiver: Receiver, alice: Actor
    ) -> None:
        receiver.status = 500
        assert send_webhooks().failed == 1
        assert send_webhooks().failed == 0, "not before its time"
        [log] = notifications.list_deliveries(endpoint_id=waiting.id, by=alice, status="pending").results
        assert (log.attempts, log.response_status, log.error) == (1, 500, "http-500")
        assert notifications.get_endpoint(endpoint_id=waiting.id, by=alice).failing_since

        receiver.status = 204
        hurry()
        assert send_webhooks().delivered == 1
        assert {each.headers["webhook-id"] for each in receiver.taken} == {str(log.id)}
        assert notifications.get_endpoint(endpoint_id=waiting.id, by=alice).failing_since is None

    def test_given_up_after_three_days_and_the_endpoint_is_switched_off(
        self, waiting: notifications.Endpoint, receiver: Receiver, alice: Actor
    ) -> None:
        receiver.status = 503
        send_webhooks()
        db.execute("UPDATE notifications_webhookdelivery SET started_at = started_at - interval '73 hours'")
        db.execute("UPDATE notifications_endpoint SET failing_since = failing_since - interval '73 hours'")
        hurry()
        send_webhooks()

        [log] = notifications.list_deliveries(endpoint_id=waiting.id, by=alice, status="failed").results
        assert (log.status, log.attempts) == ("failed", 2)
        found = notifications.get_endpoint(endpoint_id=waiting.id, by=alice)
        assert (found.is_active, found.disabled_at is not None) == (False, True)
        assert alice.user_id
        assert "endpoint_disabled" in {e.kind for e in notifications.list_inbox(user_id=alice.user_id).results}
        again = notifications.edit_endpoint(endpoint_id=waiting.id, by=alice, changes={"is_active": True})
        assert (again.is_active, again.failing_since) == (True, None)

    def test_gone_switches_off_at_once(self, waiting: notifications.Endpoint, receiver: Receiver, alice: Actor) -> None:
        receiver.status = 410
        send_webhooks()
        assert not notifications.get_endpoint(endpoint_id=waiting.id, by=alice).is_active

    def test_a_range_is_played_again_with_the_same_ids(
        self, waiting: notifications.Endpoint, receiver: Receiver, alice: Actor
    ) -> None:
        send_webhooks()
        now = clock.now()
        replayed = notifications.replay_deliveries(
            endpoint_id=waiting.id, by=alice, since=now - timedelta(hours=1), until=now + timedelta(hours=1)
        )
        nothing = notifications.replay_deliveries(
            endpoint_id=waiting.id, by=alice, since=now - timedelta(hours=2), until=now - timedelta(hours=1)
        )
        send_webhooks()

        assert (replayed, nothing) == (1, 0)
        assert len(receiver.taken) == 2
        assert len({each.headers["webhook-id"] for each in receiver.taken}) == 1

    def test_a_rotated_secret_overlaps_with_the_old_one(self, alice: Actor, receiver: Receiver) -> None:
        endpoint, old = endpoint_of(alice, receiver)
        new = notifications.rotate_secret(endpoint_id=endpoint.id, by=alice)
        notifications.ping_endpoint(endpoint_id=endpoint.id, by=alice)
        send_webhooks()
        [ping] = receiver.taken
        assert [Webhook(secret).verify(ping.body, ping.headers)["type"] for secret in (old, new)] == ["ping", "ping"]

        db.execute("UPDATE notifications_endpoint SET old_secret_until = now()")
        notifications.ping_endpoint(endpoint_id=endpoint.id, by=alice)
        send_webhooks()
        assert len(receiver.taken[1].headers["webhook-signature"].split()) == 1
        stored = str(db.rows("SELECT endpoint::text FROM notifications_endpoint AS endpoint"))
        assert "whsec" not in stored


class TestNotIntoOurNetwork:
    @pytest.mark.parametrize(
        "url",
        [
            "http://example.org/hook",
            "ftp://example.org/",
            "https://user:pw@example.org/",
            "https://10.0.0.1/",
            "https://169.254.169.254/latest/meta-data/",
            "https://[::ffff:10.0.0.1]/",
            "https://[fd00::1]/",
            "https://0.0.0.0/",
            "https://100.64.0.1/",
            "https:///nothing",
            "https://example.org:99999/",
            "gopher://127.0.0.1/",
            "https://224.0.0.1/",
        ],
    )
    def test_addresses_that_are_refused(self, alice: Actor, url: str) -> None:
        with pytest.raises(Invalid):
            notifications.create_endpoint(by=alice, url=url)
        assert gateway.post(url, b"{}", {}).error in ("address-refused", "no-answer")

    def test_loopback_exists_in_demo_mode_only(self, alice: Actor, receiver: Receiver) -> None:
        endpoint, _ = endpoint_of(alice, receiver)
        with override_settings(DEMO_MODE=False):
            with pytest.raises(Invalid):
                endpoint_of(alice, receiver)
            with pytest.raises(Invalid):
                notifications.create_endpoint(by=alice, url="https://127.0.0.1/")
            notifications.ping_endpoint(endpoint_id=endpoint.id, by=alice)
            send_webhooks()
            assert gateway.post("https://localhost:1/", b"{}", {}).error == "address-refused"
        assert receiver.taken == []

    def test_a_redirect_is_an_answer_and_is_not_followed(self, alice: Actor, receiver: Receiver) -> None:
        with Receiver() as inside:
            receiver.status, receiver.location = 307, inside.url
            assert gateway.post(receiver.url, b"{}", {}).status == 307
            assert inside.taken == []

    def test_an_endless_answer_is_left(self, receiver: Receiver) -> None:
        def endless(handler: Any) -> None:
            handler.send_response(200)
            handler.end_headers()
            try:
                while True:
                    handler.wfile.write(b"x" * 65536)
            except OSError:
                return

        receiver.answer = endless
        assert gateway.post(receiver.url, b"{}", {}).is_delivered

    def test_a_header_that_never_ends_is_hung_up_on(self, receiver: Receiver) -> None:
        """A drop at a time keeps every read inside its own limit; the deadline of the whole call ends it."""
        hung_up = threading.Event()

        def drip(handler: Any) -> None:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
            try:
                while not hung_up.wait(0.05):
                    handler.wfile.write(b"x")
                    handler.wfile.flush()
            except OSError:
                hung_up.set()

        receiver.answer = drip
        assert gateway.post(receiver.url, b"{}", {}, seconds=0.5) == gateway.Outcome(None, "timeout")


class TestOverHttp:
    def test_from_making_to_deleting(self, alice: Actor, receiver: Receiver, client: Client) -> None:
        headers = headers_of(alice)
        made = client.post(API, {"url": receiver.url}, content_type="application/json", headers=headers)
        assert made.status_code == 201
        endpoint = made.json()
        assert endpoint["secret"].startswith("whsec_")
        path = f"{API}/{endpoint['id']}"
        shown = client.get(path, headers=headers).json()
        assert "secret" not in shown
        assert client.post(f"{path}/pings", headers=headers).status_code == 202
        send_webhooks()
        [log] = client.get(f"{path}/deliveries", headers=headers).json()["results"]
        assert (log["status"], log["type"], log["response_status"]) == ("delivered", "ping", 200)
        assert json.loads(receiver.taken[0].body) == log["payload"]
        body = {"since": "2026-01-01T00:00:00Z", "until": "2100-01-01T00:00:00Z"}
        assert client.post(f"{path}/replays", body, content_type="application/json", headers=headers).status_code == 202
        assert client.post(f"{path}/secrets", headers=headers).json()["secret"] != endpoint["secret"]
        changed = client.patch(path, {"is_active": False}, content_type="application/json", headers=headers)
        assert changed.json()["is_active"] is False
        assert client.delete(path, headers=headers).status_code == 204
        assert client.get(API, headers=headers).json()["results"] == []

    def test_who_may(
        self, alice: Actor, bob: Actor, charlie: Actor, sam: Actor, receiver: Receiver, client: Client
    ) -> None:
        endpoint, _ = endpoint_of(alice, receiver)
        for path, call in [
            ("", client.get),
            ("", client.delete),
            ("/deliveries", client.get),
            ("/pings", client.post),
            ("/secrets", client.post),
        ]:
            url = f"{API}/{endpoint.id}{path}"
            assert call(url).status_code == 401
            for stranger in (bob, charlie):
                assert call(url, headers=headers_of(stranger)).status_code == 404
        assert client.get(f"{API}/{endpoint.id}", headers=headers_of(sam)).status_code == 200
        with pytest.raises(Forbidden):
            endpoint_of(bob, receiver)
        with pytest.raises(Forbidden):
            endpoint_of(alice, receiver, covers_all=True)

    @pytest.mark.parametrize(
        "wrong",
        [
            {},
            {"url": 5},
            {"url": "https://10.1.1.1/"},
            {"url": "https://example.org", "event_types": []},
            {"url": "https://example.org", "event_types": ["user.registered"]},
            {"url": "https://example.org/" + "x" * 500},
            {"url": "https://exa mple.org\u0000/"},
        ],
    )
    def test_bad_input_is_a_400_and_leaves_nothing(self, alice: Actor, client: Client, wrong: dict[str, Any]) -> None:
        answer = client.post(API, wrong, content_type="application/json", headers=headers_of(alice))
        assert answer.status_code == 400
        assert notifications.list_endpoints(by=alice) == []

    def test_a_person_has_twenty_at_most(self, alice: Actor) -> None:
        for number in range(20):
            notifications.create_endpoint(by=alice, url=f"https://example.org/{number}")
        with pytest.raises(notifications.TooManyEndpoints):
            notifications.create_endpoint(by=alice, url="https://example.org/more")


def test_the_database_refuses_a_second_delivery_of_a_fact(alice: Actor, receiver: Receiver) -> None:
    endpoint, _ = endpoint_of(alice, receiver)
    notifications.ping_endpoint(endpoint_id=endpoint.id, by=alice)
    copy = """INSERT INTO notifications_webhookdelivery (id, endpoint_id, type, key, payload, created_at, started_at, due_at,
                                                       attempts, last_error)
              SELECT %s, endpoint_id, type, key, payload, created_at, started_at, due_at, attempts, last_error
              FROM notifications_webhookdelivery"""
    with pytest.raises(IntegrityError, match="webhook_once"), transaction.atomic():
        db.execute(copy, [new_id()])
    with pytest.raises(IntegrityError, match="one_end"), transaction.atomic():
        db.execute("UPDATE notifications_webhookdelivery SET delivered_at = now(), dead_at = now()")
