"""Reports are what pledges say: in whatever order and however often facts come, while a table is exchanged, and after."""

from __future__ import annotations

import random
import threading
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connections, transaction

from apps.platform import db
from apps.platform.actors import Actor
from apps.platform.audits import checks
from apps.reporting import interface as reporting
from apps.reporting.errors import RebuildUnderWay
from apps.reporting.handlers import follow_gifts
from apps.reporting.services.project import LOCK
from tests.pledges.support import captured, open_campaign, tell

from .support import TABLES, a_gift_in_each_state, facts_of_pledges, give, snapshot

pytestmark = pytest.mark.django_db(transaction=True)


def broken_checks() -> list[str]:
    return [check.title for check in checks() if check.code == "T3" and db.rows(check.sql)]


def test_gifts_become_rows_days_funnel_and_donors(alice: Actor) -> None:
    campaign = open_campaign(alice)
    made = a_gift_in_each_state(campaign)

    shown = {row["pledge_id"]: row for row in db.rows("SELECT * FROM reporting_gift")}
    assert {name: shown[pledge_id]["status"] for name, pledge_id in made.items()} == {name: name for name in made}
    assert shown[made["captured"]]["donor_email"] == "captured@example.org"
    [funnel] = reporting.funnel(viewer=alice)
    assert (funnel.pledges, funnel.pending, funnel.authorized, funnel.captured, funnel.failed, funnel.refunded) == (
        6,
        1,
        1,
        3,
        1,
        1,
    )
    assert (funnel.captured_amount, funnel.refunded_amount) == (1500_00, 600_00)
    today = reporting.today()
    [period] = reporting.money_by_day(viewer=alice, since=today, until=today)
    assert (period.total.pledges, period.total.gifts, period.total.captured_amount) == (6, 3, 1500_00)
    assert period.before.gifts == 0
    assert sum(hour.captured_amount for hour in reporting.hours_of_today(viewer=alice, currency="BDT")) == 1500_00
    assert [each.captured_amount for each in reporting.top_campaigns(viewer=alice, since=today, until=today)] == [
        1500_00
    ]
    assert broken_checks() == []


def test_replay_twice_and_shuffled_gives_the_same_rows(alice: Actor) -> None:
    campaign = open_campaign(alice)
    a_gift_in_each_state(campaign)
    give(campaign, email="captured@example.org", name="The same donor again")
    tell()
    reporting.refresh()
    before, facts = snapshot(), facts_of_pledges()
    assert len(before["reporting_gift"]) == 7

    for seed in range(3):
        order = random.Random(seed)
        if seed:  # the first round comes on top of what is there
            for table in TABLES:
                db.execute(f"DELETE FROM {table}")
        twice = facts * 2
        order.shuffle(twice)
        while twice:
            size = order.randint(1, 5)
            batch, twice = twice[:size], twice[size:]
            with transaction.atomic():
                follow_gifts(batch)
            if order.random() < 0.5:
                reporting.refresh(batch=order.randint(1, 3))
        reporting.refresh()
        assert snapshot() == before, f"seed {seed}"


def test_rebuild_gives_the_same_rows_and_keeps_indexes(alice: Actor) -> None:
    a_gift_in_each_state(open_campaign(alice))
    before = snapshot()
    indexes = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE tablename LIKE 'reporting%%' ORDER BY 1, 2"
    had = db.rows(indexes)
    db.execute("DELETE FROM reporting_donor")
    db.execute("UPDATE reporting_gift SET amount = 1")
    assert len(broken_checks()) == 2

    for name in ("donors", "gifts", "gifts"):
        out = StringIO()
        call_command("rebuild", name, stdout=out)
        assert f"{name}:" in out.getvalue()

    assert snapshot() == before
    assert db.rows(indexes) == had
    assert broken_checks() == []
    assert db.rows("SELECT * FROM reporting_rebuild") == []


def test_a_gift_that_moves_during_a_rebuild_is_not_missed_and_readers_go_on(alice: Actor) -> None:
    campaign = open_campaign(alice)
    first, second = give(campaign), give(campaign)
    tell()
    reporting.refresh()
    seen = []

    def meanwhile(done: int, total: int) -> None:
        if done == 1:  # the first row was copied as pending; now it is captured, in the table in use only
            tell(captured(first))
            reporting.refresh()
            seen.append(reporting.list_gifts(viewer=alice).count)

    reporting.rebuild(name="gifts", progress=meanwhile, batch=1)

    assert seen == [2]
    rows = {row.pledge_id: row.status for row in reporting.list_gifts(viewer=alice).results}
    assert rows == {first: "captured", second: "pending"}
    assert broken_checks() == []


def test_two_rebuilds_at_once_are_refused(alice: Actor) -> None:
    def hold() -> None:
        db.rows("SELECT pg_advisory_lock(%s)", [LOCK + 1])
        held.set()
        release.wait(20)
        connections.close_all()

    held, release = threading.Event(), threading.Event()
    other = threading.Thread(target=hold)
    other.start()
    held.wait(20)
    try:
        with pytest.raises(RebuildUnderWay):
            reporting.rebuild(name="gifts")
    finally:
        release.set()
        other.join()


def test_refresh_waits_for_nobody_and_loses_nothing(alice: Actor) -> None:
    gift = give(open_campaign(alice))
    tell()

    def hold() -> None:
        with transaction.atomic():
            db.rows("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            held.set()
            release.wait(20)
        connections.close_all()

    held, release = threading.Event(), threading.Event()
    other = threading.Thread(target=hold)
    other.start()
    held.wait(20)
    assert reporting.refresh() == 0
    release.set()
    other.join()
    assert reporting.refresh() == 1
    assert reporting.list_gifts(viewer=alice).results[0].pledge_id == gift
