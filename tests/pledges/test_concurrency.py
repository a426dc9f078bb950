"""Many at once. Each test has its control: the same crowd without the guard does the harm that the guard prevents."""

import time
from collections.abc import Iterator
from functools import partial
from threading import Barrier, Event

import pytest
from django.db import connection, transaction

from apps.campaigns import interface as campaigns
from apps.platform import db
from apps.platform.actors import Actor
from apps.pledges import errors
from apps.pledges import interface as pledges

from .support import at_once, believe_captured, captured, kinds, row_of, tell, wish

pytestmark = pytest.mark.django_db(transaction=True)


def number_of_pledges() -> int:
    return int(db.rows("SELECT count(*) AS number FROM pledges_pledge")[0]["number"])


def wait_until_someone_waits_for_us() -> None:
    """Return when another connection is blocked by this one; fail when none is after ten seconds."""
    until = time.monotonic() + 10
    blocked = "SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    while not db.rows(blocked):
        assert time.monotonic() < until


@pytest.fixture
def without() -> Iterator[object]:
    """Run a statement that takes a guard away, and the one that restores it when the test is over."""
    restore: list[str] = []

    def take_away(sql: str, back: str) -> None:
        restore.append(back)
        db.execute(sql)

    yield take_away
    with connection.cursor() as cursor:
        for statement in restore:
            cursor.execute(statement)


def test_fifty_at_once_with_one_key_make_one_pledge(campaign: campaigns.Campaign) -> None:
    new = wish(campaign.id, idempotency_key="double click")

    results = at_once([partial(pledges.make_pledge, new=new)] * 50)

    assert kinds(results) == {"MadePledge": 50}
    assert len({each.pledge_id for each in results if isinstance(each, pledges.MadePledge)}) == 1
    assert sum(not each.is_replay for each in results if isinstance(each, pledges.MadePledge)) == 1
    assert number_of_pledges() == 1
    assert db.rows("SELECT count(*) AS number FROM payments_payment") == [{"number": 1}]


def test_control_looking_first_makes_several_pledges(campaign: campaigns.Campaign) -> None:
    """What the unique index is for: everyone looks, nobody sees anything, everyone writes."""
    everyone_looked = Barrier(8)

    def look_then_write() -> None:
        with transaction.atomic():
            known = db.rows("SELECT id FROM pledges_pledge WHERE idempotency_key = 'double click'")
            everyone_looked.wait(10)
            if not known:
                made = pledges.make_pledge(new=wish(campaign.id))
                db.execute("UPDATE pledges_pledge SET caller_scope = id::text WHERE id = %s", [made.pledge_id])
                db.execute("UPDATE pledges_pledge SET idempotency_key = 'double click' WHERE id = %s", [made.pledge_id])

    assert kinds(at_once([look_then_write] * 8)) == {"NoneType": 8}
    assert number_of_pledges() == 8


def test_batches_with_the_same_keys_in_other_orders_do_not_deadlock(campaign: campaigns.Campaign) -> None:
    batch = [wish(campaign.id, idempotency_key=f"k{number}") for number in range(40)]

    results = at_once([partial(pledges.make_pledges, new=batch[turn:] + batch[:turn]) for turn in range(0, 40, 5)])

    assert kinds(results) == {"list": 8}
    assert number_of_pledges() == 40


def test_a_key_that_stays_in_use_is_said_to_be(campaign: campaigns.Campaign) -> None:
    new = wish(campaign.id, idempotency_key="slow")
    written, finish = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            pledges.make_pledge(new=new)
            written.set()
            finish.wait(10)

    def try_meanwhile() -> pledges.MadePledge:
        written.wait(10)
        try:
            db.execute("SET lock_timeout = '50ms'")
            return pledges.make_pledge(new=new)
        finally:
            finish.set()

    _, second = at_once([hold, try_meanwhile])
    assert isinstance(second, errors.IdempotencyKeyInUse)
    assert second.retry_after == 1
    assert number_of_pledges() == 1


def test_one_stuck_key_does_not_spoil_its_batch(campaign: campaigns.Campaign) -> None:
    stuck, free = wish(campaign.id, idempotency_key="slow"), wish(campaign.id, idempotency_key="free")
    written, finish = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            pledges.make_pledge(new=stuck)
            written.set()
            finish.wait(10)

    def both() -> list[object]:
        written.wait(10)
        try:
            db.execute("SET lock_timeout = '50ms'")
            return list(pledges.make_pledges(new=[free, stuck]))
        finally:
            finish.set()

    _, outcomes = at_once([hold, both])
    assert isinstance(outcomes, list)
    assert kinds(outcomes) == {"MadePledge": 1, "IdempotencyKeyInUse": 1}


def test_refunds_at_once_never_exceed_what_was_captured(campaign: campaigns.Campaign, alice: Actor) -> None:
    made = pledges.make_pledge(new=wish(campaign.id))
    tell(captured(made.pledge_id))
    believe_captured(made.pledge_id)

    results = at_once(
        [partial(pledges.refund_pledge, pledge_id=made.pledge_id, by=alice, amount=200_00, reason="twice")] * 8
    )

    assert kinds(results) == {"Refund": 2, "RefundExceedsCaptured": 6}
    assert row_of(made.pledge_id)["refund_reserved"] == 400_00


def test_control_without_the_guard_refunds_exceed(campaign: campaigns.Campaign, without: object) -> None:
    made = pledges.make_pledge(new=wish(campaign.id))
    tell(captured(made.pledge_id))
    condition = db.rows(
        "SELECT pg_get_constraintdef(oid) AS text FROM pg_constraint WHERE conname = 'pledges_p2_money'"
    )
    without(  # type: ignore[operator]
        "ALTER TABLE pledges_pledge DROP CONSTRAINT pledges_p2_money",
        f"UPDATE pledges_pledge SET refund_reserved = 0; ALTER TABLE pledges_pledge ADD CONSTRAINT pledges_p2_money {condition[0]['text']}",
    )
    everyone_looked = Barrier(4)

    def look_then_reserve() -> None:
        row = row_of(made.pledge_id)
        everyone_looked.wait(10)
        if row["captured_amount"] - row["refund_reserved"] >= 200_00:
            db.execute(
                "UPDATE pledges_pledge SET refund_reserved = refund_reserved + 20000 WHERE id = %s", [made.pledge_id]
            )

    at_once([look_then_reserve] * 4)

    assert row_of(made.pledge_id)["refund_reserved"] == 800_00


def test_closing_waits_for_the_pledge_that_was_first(campaign: campaigns.Campaign, alice: Actor) -> None:
    written, order = Event(), []

    def give() -> None:
        with transaction.atomic():
            pledges.make_pledge(new=wish(campaign.id))
            written.set()
            wait_until_someone_waits_for_us()
            order.append("pledge")

    def close() -> None:
        written.wait(10)
        campaigns.close_campaign(campaign_id=campaign.id, by=alice)
        order.append("closed")

    assert kinds(at_once([give, close])) == {"NoneType": 2}
    assert order == ["pledge", "closed"]


def test_a_pledge_behind_the_closing_is_refused(campaign: campaigns.Campaign, alice: Actor) -> None:
    closed = Event()

    def close() -> None:
        with transaction.atomic():
            campaigns.close_campaign(campaign_id=campaign.id, by=alice)
            closed.set()
            wait_until_someone_waits_for_us()

    def give() -> pledges.MadePledge:
        closed.wait(10)
        return pledges.make_pledge(new=wish(campaign.id))

    _, second = at_once([close, give])
    assert isinstance(second, errors.CampaignNotAccepting)
    assert number_of_pledges() == 0


def test_control_without_the_share_lock_a_closed_campaign_takes_a_pledge(
    campaign: campaigns.Campaign, alice: Actor, without: object
) -> None:
    new = wish(campaign.id)
    template = pledges.make_pledge(new=new)
    without(  # type: ignore[operator]
        "ALTER TABLE pledges_pledge DISABLE TRIGGER pledges_p11_accepting",
        "ALTER TABLE pledges_pledge ENABLE TRIGGER pledges_p11_accepting",
    )
    looked, closed = Event(), Event()

    def look_then_write() -> int:
        is_open = db.rows("SELECT 1 FROM campaigns_campaign WHERE id = %s AND status = 'active'", [campaign.id])
        looked.set()
        closed.wait(10)
        assert is_open
        return db.execute(
            """INSERT INTO pledges_pledge SELECT (jsonb_populate_record(pledge, jsonb_build_object(
                   'id', gen_random_uuid(), 'tracking_hash', '\\x00'))).* FROM pledges_pledge AS pledge WHERE id = %s""",
            [template.pledge_id],
        )

    def close() -> None:
        looked.wait(10)
        campaigns.close_campaign(campaign_id=campaign.id, by=alice)
        closed.set()

    assert at_once([look_then_write, close])[0] == 1
    assert number_of_pledges() == 2


def test_one_key_runs_its_effect_once(campaign: campaigns.Campaign) -> None:
    ran: list[int] = []

    def effect() -> tuple[int, object]:
        ran.append(1)
        return 201, {"number": len(ran)}

    run = partial(pledges.run_idempotently, caller_scope="user:x", key="k", fingerprint=b"f", effect=effect)
    results = at_once([run] * 12)

    assert len(ran) == 1
    assert sorted(result[2] for result in results if isinstance(result, tuple)) == [False] + [True] * 11
    assert {str(result[:2]) for result in results if isinstance(result, tuple)} == {"(201, {'number': 1})"}
    with pytest.raises(errors.IdempotencyKeyReused):
        pledges.run_idempotently(caller_scope="user:x", key="k", fingerprint=b"other", effect=effect)


def test_an_effect_that_is_refused_frees_its_key() -> None:
    def refuse() -> tuple[int, object]:
        raise errors.InvalidTransition

    with pytest.raises(errors.InvalidTransition):
        pledges.run_idempotently(caller_scope="user:x", key="k", fingerprint=b"f", effect=refuse)

    answer = pledges.run_idempotently(caller_scope="user:x", key="k", fingerprint=b"f", effect=lambda: (202, None))
    assert answer == (202, None, False)
