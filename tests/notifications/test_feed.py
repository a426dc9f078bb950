"""The public feed: numbered in the order of commits, without a name that its donor does not show."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test import override_settings

from apps.campaigns.events import CampaignProgressed
from apps.notifications import interface as notifications
from apps.notifications.gateway import pokes
from apps.notifications.handlers import post_feed
from apps.notifications.services.post import NewEntry, post
from apps.platform import clock, db
from apps.platform.actors import Actor
from apps.platform.ids import new_id
from apps.pledges import interface as pledges
from tests.pledges.support import authorized, captured, open_campaign, tell, wish

pytestmark = pytest.mark.django_db(transaction=True)


def entry(**changes: Any) -> NewEntry:
    values = {"topic": f"campaign:{new_id()}", "type": "campaign.published", "at": clock.now(), "data": {"n": 1}}
    return NewEntry(**values | changes)


def progressed(campaign_id: Any, version: int) -> CampaignProgressed:
    return CampaignProgressed(
        campaign_id=campaign_id,
        raised_amount=version * 100,
        goal_amount=100_000,
        currency="BDT",
        donor_count=version,
        progress_percent=0,
        totals_version=version,
    )


def frames(kind: str) -> list[dict[str, Any]]:
    return [each.data for each in notifications.read_feed(after=0) if each.type == kind]


def test_gift_appears_on_the_feed_station_by_station(alice: Actor) -> None:
    campaign = open_campaign(alice)
    gift = pledges.make_pledge(new=wish(campaign.id))
    tell(authorized(gift.pledge_id), captured(gift.pledge_id))

    told = notifications.read_feed(after=0)

    assert {each.type for each in told} == {
        "campaign.published",
        "pledge.created",
        "pledge.captured",
        "campaign.progress",
    }
    assert [each.seq for each in told] == list(range(1, len(told) + 1))
    assert {each.topic for each in told} == {f"campaign:{campaign.id}"}
    assert frames("campaign.progress")[-1] == {
        "campaign": str(campaign.id),
        "raised_amount": 500_00,
        "goal_amount": 100_000_00,
        "currency": "BDT",
        "donor_count": 1,
        "progress": 0.005,
        "version": frames("campaign.progress")[-1]["version"],
    }


def test_captured_gift_shows_the_name_only_where_the_donor_allows(alice: Actor) -> None:
    campaign = open_campaign(alice)
    named = pledges.make_pledge(new=wish(campaign.id))
    hidden = pledges.make_pledge(new=wish(campaign.id, anonymous=True, donor_name="Hidden Hasan"))
    tell(*(fact(each.pledge_id) for each in (named, hidden) for fact in (authorized, captured)))

    assert sorted(str(each["name"]) for each in frames("pledge.captured")) == ["Gulshan Guest", "None"]
    assert "Hidden" not in str(notifications.read_feed(after=0))
    stored = db.rows("SELECT data::text FROM notifications_feedentry")
    assert "Gulshan" not in str(stored), "the table itself holds no name"
    assert "@" not in str(stored)


def test_erased_name_is_gone_from_the_feed(alice: Actor) -> None:
    campaign = open_campaign(alice)
    gift = pledges.make_pledge(new=wish(campaign.id))
    tell(authorized(gift.pledge_id), captured(gift.pledge_id))
    db.execute("DELETE FROM pledges_donor")

    assert [each["name"] for each in frames("pledge.captured")] == [None]


def test_newest_total_of_a_batch_stands_for_all(alice: Actor) -> None:
    campaign, other = open_campaign(alice), open_campaign(alice, title="Lamps")
    with transaction.atomic():
        post_feed(
            [
                progressed(campaign.id, 3),
                progressed(other.id, 1),
                progressed(campaign.id, 9),
                progressed(campaign.id, 4),
            ]
        )

    assert sorted(each["version"] for each in frames("campaign.progress")) == [1, 9]


@pytest.mark.parametrize("number", [1, 3])
def test_reading_costs_two_queries(alice: Actor, number: int, django_assert_num_queries: Any) -> None:
    campaign = open_campaign(alice)
    for _ in range(number):
        gift = pledges.make_pledge(new=wish(campaign.id))
        tell(authorized(gift.pledge_id), captured(gift.pledge_id))

    with django_assert_num_queries(2):
        assert notifications.read_feed(after=0)


class TestOrderOfCommits:
    """Reading `seq > last` must never skip an entry that commits late."""

    @pytest.fixture
    def late_writer(self) -> Iterator[threading.Event]:
        """A writer in another connection that has its number and does not commit before the event is set."""
        may_commit, has_number = threading.Event(), threading.Event()

        def write() -> None:
            with transaction.atomic():
                post([entry()])
                has_number.set()
                may_commit.wait(5)
            connection.close()

        thread = threading.Thread(target=write)
        thread.start()
        assert has_number.wait(5)
        yield may_commit
        may_commit.set()
        thread.join(5)

    def test_second_writer_waits_for_the_first(self, late_writer: threading.Event) -> None:
        with pytest.raises(OperationalError, match="lock timeout"):
            _post_impatiently()
        assert notifications.read_feed(after=0) == []
        late_writer.set()
        with transaction.atomic():
            post([entry()])
        assert [each.seq for each in notifications.read_feed(after=0)] == [1, 2]

    def test_control_a_plain_sequence_shows_the_later_number_first(self) -> None:
        """The twin with the guard off: numbers from a sequence commit out of order, and a reader would skip one."""
        db.execute("CREATE SEQUENCE careless")
        may_commit, has_number = threading.Event(), threading.Event()

        def write() -> None:
            with transaction.atomic():
                _insert_carelessly()
                has_number.set()
                may_commit.wait(5)
            connection.close()

        thread = threading.Thread(target=write)
        thread.start()
        assert has_number.wait(5)
        try:
            _insert_carelessly()
            assert [each.seq for each in notifications.read_feed(after=0)] == [2], "number 1 is not to be seen yet"
        finally:
            may_commit.set()
            thread.join(5)
            db.execute("DROP SEQUENCE careless")

    def test_failed_writer_leaves_no_gap(self) -> None:
        with transaction.atomic():
            post([entry(), entry()])
        with transaction.atomic():
            post([entry()])
            transaction.set_rollback(True)
        with transaction.atomic():
            post([entry()])

        assert [each.seq for each in notifications.read_feed(after=0)] == [1, 2, 3]


def _post_impatiently() -> None:
    with transaction.atomic():
        db.execute("SET LOCAL lock_timeout = '100ms'")
        post([entry()])


def _insert_carelessly() -> None:
    db.execute(
        """INSERT INTO notifications_feedentry (id, seq, topic, type, at, data)
           VALUES (%s, nextval('careless'), 'campaign:x', 'x', now(), '{}')""",
        [new_id()],
    )


class TestPositions:
    def test_empty_feed_begins_at_the_nil_id(self) -> None:
        assert notifications.latest_position() == notifications.BEGINNING
        assert notifications.position_of(entry_id=notifications.BEGINNING.id) == notifications.BEGINNING

    def test_unknown_id_is_refused(self) -> None:
        with pytest.raises(notifications.UnknownPosition):
            notifications.position_of(entry_id=new_id())

    def test_topics_are_filtered(self) -> None:
        one, two = entry(), entry()
        with transaction.atomic():
            post([one, two])
        assert [each.topic for each in notifications.read_feed(after=0, topics=[two.topic])] == [two.topic]
        assert len(notifications.read_feed(after=0, topics=["platform"])) == 2
        assert notifications.read_feed(after=1, up_to=1) == []


class TestRetention:
    def test_old_entries_go_and_the_numbering_goes_on(self) -> None:
        with transaction.atomic():
            post([entry(at=clock.now() - timedelta(days=9)), entry(at=clock.now() - timedelta(days=8)), entry()])

        assert notifications.forget_old_entries() == 2
        assert [each.seq for each in notifications.read_feed(after=0)] == [3]
        with transaction.atomic():
            post([entry()])
        assert [each.seq for each in notifications.read_feed(after=0)] == [3, 4]

    def test_last_entry_stays_so_that_clients_can_resume_after_it(self) -> None:
        with transaction.atomic():
            post([entry(at=clock.now() - timedelta(days=9)), entry(at=clock.now() - timedelta(days=8))])

        assert notifications.forget_old_entries() == 1
        assert notifications.position_of(entry_id=notifications.latest_position().id).seq == 2


class TestPoke:
    def test_redis_away_does_not_disturb_the_writer(self) -> None:
        pokes._client.cache_clear()
        with override_settings(REDIS_URL="redis://127.0.0.1:1/0"), transaction.atomic():
            post([entry()])
        pokes._client.cache_clear()
        assert len(notifications.read_feed(after=0)) == 1

    def test_channel_belongs_to_the_installation(self) -> None:
        pokes._client.cache_clear()
        with override_settings(REDIS_URL="redis://127.0.0.1:1/7"):
            assert notifications.channel() == "careforall:7:feed"
        pokes._client.cache_clear()


class TestRefusedInSql:
    """The database refuses what the code would never write."""

    @pytest.mark.parametrize(
        "sql",
        [
            "INSERT INTO notifications_feedcounter (id, last_seq) VALUES (2, 0)",
            "INSERT INTO notifications_feedcounter (id, last_seq) VALUES (1, -1)",
            """INSERT INTO notifications_feedentry (id, seq, topic, type, at, data)
               SELECT gen_random_uuid(), 1, 't', 't', now(), '{}' FROM generate_series(1, 2)""",
        ],
    )
    def test_bad_row_is_refused(self, sql: str) -> None:
        with pytest.raises(IntegrityError):
            db.execute(sql)
