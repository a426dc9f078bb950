"""Each person's inbox: numbered without gaps, each fact once, and only what concerns that person."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from apps.accounts import interface as accounts
from apps.campaigns import interface as campaigns
from apps.notifications import interface as notifications
from apps.notifications.services.post_inbox import NewInboxEntry, post_inbox
from apps.notifications.services.watch import tell_staff_of_trouble
from apps.outbox import interface as outbox
from apps.payments.events import PaymentFlagged
from apps.platform import audits, clock, db
from apps.platform.actors import Actor
from apps.platform.errors import Invalid
from apps.platform.ids import new_id
from apps.pledges import interface as pledges
from tests.conftest import PASSWORD
from tests.pledges.support import at_once, authorized, captured, failed, open_campaign, refunded, tell, wish

pytestmark = pytest.mark.django_db


def entry(user_id: UUID, **changes: Any) -> NewInboxEntry:
    values = {"user_id": user_id, "kind": "new_gift", "key": str(new_id()), "at": clock.now(), "data": {}}
    return NewInboxEntry(**values | changes)


def put(*entries: NewInboxEntry) -> None:
    with transaction.atomic():
        post_inbox(entries)


def _put_impatiently(new: NewInboxEntry) -> None:
    with transaction.atomic():
        db.execute("SET LOCAL lock_timeout = '100ms'")
        post_inbox([new])


def kinds_of(actor: Actor) -> list[str]:
    assert actor.user_id
    return sorted(each.kind for each in notifications.list_inbox(user_id=actor.user_id, page_size=100).results)


def offending() -> list[Any]:
    return [row for each in audits.checks() if each.code == "N1" for row in db.rows(each.sql)]


class TestWhoIsTold:
    def test_donor_manager_and_nobody_else(self, alice: Actor, bob: Actor, charlie: Actor, sam: Actor) -> None:
        campaign = open_campaign(alice)
        taken, lost = (
            pledges.make_pledge(new=wish(campaign.id, donor_id=bob.user_id, anonymous=True)).pledge_id for _ in range(2)
        )
        tell(authorized(taken), captured(taken), failed(lost))
        tell(refunded(taken, 1_00))

        assert kinds_of(bob) == ["gift_authorized", "gift_captured", "gift_failed", "gift_refunded", "receipt_ready"]
        assert kinds_of(alice) == ["campaign_published", "new_gift", "refund_done"]
        assert kinds_of(sam) == ["review_waiting"]
        assert kinds_of(charlie) == []
        stored = str(db.rows("SELECT data::text FROM notifications_inboxentry"))
        assert "Bob" not in stored
        assert "@" not in stored
        assert offending() == []

    def test_the_goal_and_the_end_reach_the_manager(self, alice: Actor) -> None:
        campaign = open_campaign(alice, goal_amount=400_00)
        tell(captured(pledges.make_pledge(new=wish(campaign.id)).pledge_id))
        campaigns.close_campaign(campaign_id=campaign.id, by=alice)
        outbox.drain()

        assert {"goal_reached", "campaign_ended"} <= set(kinds_of(alice))

    def test_staff_hear_of_anomalies(self, sam: Actor, alice: Actor) -> None:
        fact = PaymentFlagged(payment_id=new_id(), reference=new_id(), kind="wrong-amount", at=clock.now())
        tell(fact, fact)

        assert kinds_of(sam) == ["payment_anomaly"]
        assert kinds_of(alice) == []

    def test_staff_hear_of_what_no_fact_announces(self, sam: Actor, alice: Actor) -> None:
        open_campaign(alice)
        db.execute(
            """INSERT INTO payments_providercircuit (provider, state, window_start, successes, failures, openings, until)
               VALUES ('bank', 'open', now(), 0, 20, 1, now() + interval '9 s')"""
        )
        outbox.drain()
        db.execute(
            "UPDATE outbox_delivery SET done_at = NULL, dead_at = now() WHERE id = (SELECT max(id) FROM outbox_delivery)"
        )
        assert [tell_staff_of_trouble(), tell_staff_of_trouble()] == [2, 0]
        assert kinds_of(sam) == ["delivery_dead", "provider_stopped", "review_waiting"]

    def test_a_repeated_fact_is_told_once(self, alice: Actor) -> None:
        campaign = open_campaign(alice)
        tell(captured(pledges.make_pledge(new=wish(campaign.id)).pledge_id))
        db.execute("UPDATE outbox_delivery SET done_at = NULL, due_at = now()")
        outbox.drain()

        assert kinds_of(alice) == ["campaign_published", "new_gift"]


class TestNumbers:
    @pytest.mark.django_db(transaction=True)
    def test_gapless_per_person_however_many_write_at_once(self, alice: Actor, bob: Actor) -> None:
        assert alice.user_id
        assert bob.user_id
        people = [alice.user_id, bob.user_id]

        def write(turn: int) -> None:
            put(*(entry(person) for person in (people if turn % 2 else people[::-1]) for _ in range(3)))

        assert at_once([lambda turn=turn: write(turn) for turn in range(6)]) == [None] * 6  # type: ignore[misc]
        for person in people:
            read = notifications.read_inbox(user_id=person, after=0)
            assert [each.seq for each in read] == list(range(1, 19))
        assert offending() == []

    @pytest.mark.django_db(transaction=True)
    def test_a_reader_never_skips_what_commits_late(self, alice: Actor) -> None:
        assert alice.user_id
        user_id = alice.user_id
        may_commit, has_number = threading.Event(), threading.Event()

        def write() -> None:
            with transaction.atomic():
                post_inbox([entry(user_id)])
                has_number.set()
                may_commit.wait(5)
            connection.close()

        thread = threading.Thread(target=write)
        thread.start()
        assert has_number.wait(5)
        with pytest.raises(OperationalError, match="lock timeout"):
            _put_impatiently(entry(user_id))
        assert notifications.read_inbox(user_id=user_id, after=0) == []
        may_commit.set()
        thread.join(5)
        put(entry(user_id))
        assert [each.seq for each in notifications.read_inbox(user_id=user_id, after=0)] == [1, 2]

    @pytest.mark.parametrize(
        ("sql", "constraint"),
        [
            ("UPDATE notifications_inboxentry SET seq = 1", "n1_numbered_once"),
            ("UPDATE notifications_inboxentry SET key = 'same'", "n1_told_once"),
            ("UPDATE notifications_inboxentry SET seq = 0 WHERE seq = 1", "n1_from_one"),
            ("UPDATE notifications_inbox SET unread = -1", "inbox_counts"),
            ("UPDATE notifications_inbox SET unread = 9", "inbox_counts"),
        ],
    )
    def test_the_database_refuses(self, alice: Actor, sql: str, constraint: str) -> None:
        assert alice.user_id
        put(entry(alice.user_id), entry(alice.user_id))
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            db.execute(sql)

    def test_the_audit_sees_a_gap(self, alice: Actor) -> None:
        assert alice.user_id
        put(*(entry(alice.user_id) for _ in range(3)))
        assert offending() == []
        db.execute("DELETE FROM notifications_inboxentry WHERE seq = 2")
        assert len(offending()) == 1


class TestReading:
    def test_after_a_number_in_order_and_limited(self, alice: Actor, bob: Actor) -> None:
        assert alice.user_id
        assert bob.user_id
        put(*(entry(alice.user_id) for _ in range(5)), entry(bob.user_id))
        read = notifications.read_inbox(user_id=alice.user_id, after=2, limit=2)

        assert [each.seq for each in read] == [3, 4]
        assert notifications.inbox_seq_of(user_id=alice.user_id, entry_id=read[0].id) == 3
        with pytest.raises(notifications.UnknownPosition):
            notifications.inbox_seq_of(user_id=bob.user_id, entry_id=read[0].id)
        assert notifications.latest_inbox_seq(user_id=alice.user_id) == 5

    def test_marking_read_counts_and_touches_nobody_else(self, alice: Actor, bob: Actor) -> None:
        assert alice.user_id
        assert bob.user_id
        put(*(entry(alice.user_id) for _ in range(4)), entry(bob.user_id))
        [first, *_] = notifications.read_inbox(user_id=alice.user_id, after=0)

        assert notifications.mark_read(user_id=bob.user_id, entry_id=first.id) == 1
        assert notifications.mark_read(user_id=alice.user_id, entry_id=first.id) == 3
        assert notifications.mark_read(user_id=alice.user_id, entry_id=first.id) == 3
        assert notifications.mark_read(user_id=alice.user_id, up_to=3) == 1
        assert notifications.mark_read(user_id=alice.user_id) == 0
        assert notifications.unread_count(user_id=bob.user_id) == 1
        assert offending() == []

    def test_pages_follow_each_other(self, alice: Actor) -> None:
        assert alice.user_id
        put(*(entry(alice.user_id) for _ in range(5)))
        page = notifications.list_inbox(user_id=alice.user_id, page_size=3)
        rest = notifications.list_inbox(user_id=alice.user_id, page_size=3, cursor=page.next_cursor)

        assert [each.seq for each in (*page.results, *rest.results)] == [5, 4, 3, 2, 1]
        assert rest.next_cursor is None
        with pytest.raises(Invalid):
            notifications.list_inbox(user_id=alice.user_id, cursor="bm9uc2Vuc2U")

    def test_old_entries_go_from_the_front(self, alice: Actor) -> None:
        assert alice.user_id
        old = clock.now() - timedelta(days=200)
        put(
            entry(alice.user_id, at=old),
            entry(alice.user_id, at=old),
            entry(alice.user_id),
            entry(alice.user_id, at=old),
        )

        assert notifications.forget_old_inbox_entries() == 2
        assert [each.seq for each in notifications.read_inbox(user_id=alice.user_id, after=0)] == [3, 4]
        assert notifications.unread_count(user_id=alice.user_id) == 2
        assert offending() == []


class TestPreferences:
    def test_a_kind_that_is_not_wanted_live_is_listed_but_does_not_ring(self, alice: Actor) -> None:
        assert alice.user_id
        quiet = notifications.KindPreference("new_gift", live=False, email=False, digest=False)
        notifications.set_preferences(user_id=alice.user_id, kinds=[quiet])
        put(entry(alice.user_id), entry(alice.user_id, kind="goal_reached"))

        assert [each.kind for each in notifications.read_inbox(user_id=alice.user_id, after=0)] == ["goal_reached"]
        assert notifications.unread_count(user_id=alice.user_id) == 1
        assert kinds_of(alice) == ["goal_reached", "new_gift"]
        assert offending() == []

    @pytest.mark.parametrize(
        ("utc", "quiet"), [("2026-01-05 15:59", False), ("2026-01-05 16:00", True), ("2026-01-06 00:59", True),
                           ("2026-01-06 01:00", False)]
    )  # fmt: skip
    def test_quiet_hours_span_midnight_in_the_persons_own_time(self, alice: Actor, utc: str, quiet: bool) -> None:
        assert alice.user_id
        notifications.set_preferences(
            user_id=alice.user_id, time_zone="Asia/Dhaka", quiet_from=22 * 60, quiet_to=7 * 60
        )
        put(entry(alice.user_id, at=datetime.fromisoformat(utc).replace(tzinfo=UTC)))

        [read] = notifications.read_inbox(user_id=alice.user_id, after=0)
        assert read.is_quiet is quiet

    def test_each_role_is_asked_about_its_own_kinds(self, alice: Actor, bob: Actor) -> None:
        assert alice.user_id
        assert bob.user_id
        donors = {each.kind for each in notifications.get_preferences(user_id=bob.user_id, roles=bob.roles).kinds}
        managers = {each.kind for each in notifications.get_preferences(user_id=alice.user_id, roles=alice.roles).kinds}
        assert "new_gift" in managers - donors
        assert "review_waiting" not in managers

    @pytest.mark.parametrize(
        "wrong",
        [
            {"time_zone": "Mars/Base"},
            {"language": "xx"},
            {"quiet_from": 10},
            {"quiet_from": 10, "quiet_to": 1440},
            {"kinds": [notifications.KindPreference("nonsense", True, True, True)]},
        ],
    )
    def test_what_cannot_be_used_is_refused(self, alice: Actor, wrong: dict[str, Any]) -> None:
        assert alice.user_id
        with pytest.raises(Invalid):
            notifications.set_preferences(user_id=alice.user_id, **wrong)


def test_a_poke_names_the_inboxes(alice: Actor, bob: Actor) -> None:
    ids = [each.user_id for each in (alice, bob) if each.user_id]
    assert notifications.poked_inboxes(b"".join(each.bytes for each in ids)) == ids
    assert notifications.inbox_channel().endswith(":inbox")


def test_an_erased_person_leaves_nothing_behind(alice: Actor, bob: Actor) -> None:
    assert bob.user_id
    campaign = open_campaign(alice)
    campaigns.follow(campaign_id=campaign.id, by=bob)
    tell(captured(pledges.make_pledge(new=wish(campaign.id, donor_id=bob.user_id)).pledge_id))
    notifications.set_preferences(
        user_id=bob.user_id, language="bn", kinds=[notifications.KindPreference("gift_captured", True, True, True)]
    )
    assert kinds_of(bob)
    accounts.erase_account(user_id=bob.user_id, password=PASSWORD)
    outbox.drain()

    assert kinds_of(bob) == []
    for table in ("notifications_inbox", "notifications_preference", "notifications_recipient", "campaigns_follower"):
        assert db.rows(f"SELECT 1 FROM {table} WHERE user_id = %s", [bob.user_id]) == [], table
    assert kinds_of(alice)
    assert offending() == []
