"""The application may be wrong; the row must still be refused. Each bad write is raw SQL."""

import json
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from apps.campaigns import interface as campaigns
from apps.platform import db
from apps.platform.actors import Actor
from apps.platform.ids import new_id
from apps.pledges import interface as pledges

from .support import captured, tell, wish

pytestmark = pytest.mark.django_db(transaction=True)

COPY = """
    INSERT INTO pledges_pledge
    SELECT (jsonb_populate_record(pledge, %(changes)s::jsonb)).* FROM pledges_pledge AS pledge WHERE id = %(id)s
"""


def refused(sql: str, params: Any, constraint: str) -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        db.execute(sql, params)
    assert error.value.__cause__.diag.constraint_name == constraint  # type: ignore[union-attr]


def insert(pledge_id: Any, **changes: Any) -> tuple[str, dict[str, Any]]:
    fresh = {"id": str(new_id()), "tracking_hash": "\\x" + new_id().hex, "idempotency_key": None}
    return COPY, {"id": pledge_id, "changes": json.dumps(fresh | changes, default=str)}


@pytest.fixture
def made(campaign: campaigns.Campaign) -> pledges.MadePledge:
    return pledges.make_pledge(new=wish(campaign.id, idempotency_key="k1"))


@pytest.fixture
def taken(made: pledges.MadePledge) -> pledges.MadePledge:
    tell(captured(made.pledge_id))
    return made


def test_an_unchanged_copy_is_taken(made: pledges.MadePledge) -> None:
    """The control: the statement that the tests below spoil works when nothing is wrong with it."""
    assert db.execute(*insert(made.pledge_id)) == 1


@pytest.mark.parametrize("amount", [0, -1, 10**15 + 1])
def test_p1_amounts_are_positive_and_capped(made: pledges.MadePledge, amount: int) -> None:
    refused(*insert(made.pledge_id, amount=amount), "pledges_p1_amount")


def test_p1_currencies_are_codes(made: pledges.MadePledge) -> None:
    refused(*insert(made.pledge_id, currency="bd"), "pledges_p1_currency")


@pytest.mark.parametrize(
    "change",
    [
        "refunded_amount = 50001",
        "refund_reserved = 50001",
        "charged_back_amount = 50001",
        "refunded_amount = 20000, refund_reserved = 20000, charged_back_amount = 10001",
        "refunded_amount = -1",
        "refund_reserved = -1",
        "charged_back_amount = -1",
        "refunded_amount = 60000, refund_reserved = -10000",
        "captured_amount = 50001",
    ],
)
def test_p2_money_never_exceeds_what_it_comes_from(taken: pledges.MadePledge, change: str) -> None:
    refused(f"UPDATE pledges_pledge SET {change} WHERE id = %s", [taken.pledge_id], "pledges_p2_money")


@pytest.mark.parametrize(
    "change",
    [
        "status = 'captured'",
        "captured_amount = 1",
        "captured_at = now()",
        "status = 'failed', captured_amount = 1, captured_at = now()",
    ],
)
def test_p3_state_and_money_agree(made: pledges.MadePledge, change: str) -> None:
    sql = f"UPDATE pledges_pledge SET {change} WHERE id = %s"
    refused(sql, [made.pledge_id], "pledges_p3_state_and_money")


@pytest.mark.parametrize("target", ["pending", "authorized", "failed", "refunded"])
def test_p4_a_captured_pledge_stays_captured(taken: pledges.MadePledge, target: str) -> None:
    sql = "UPDATE pledges_pledge SET status = %s, captured_amount = 0, captured_at = NULL WHERE id = %s"
    refused(sql, [target, taken.pledge_id], "pledges_pledge_status_moves")


def test_p4_a_failed_pledge_is_not_authorized_again(made: pledges.MadePledge) -> None:
    db.execute("UPDATE pledges_pledge SET status = 'failed' WHERE id = %s", [made.pledge_id])

    for target in ("authorized", "pending"):
        sql = "UPDATE pledges_pledge SET status = %s WHERE id = %s"
        refused(sql, [target, made.pledge_id], "pledges_pledge_status_moves")


def test_p5_history_is_append_only_and_counted_once(made: pledges.MadePledge) -> None:
    of = [made.pledge_id]
    refused(
        "UPDATE pledges_statechange SET target = 'failed' WHERE pledge_id = %s", of, "pledges_statechange_append_only"
    )
    refused("DELETE FROM pledges_statechange WHERE pledge_id = %s", of, "pledges_statechange_append_only")
    line = "INSERT INTO pledges_statechange (pledge_id, seq, source, target, reason, at) VALUES (%s, {}, '', 'x', '', now())"
    refused(line.format(1), of, "pledges_p5_once")
    refused(line.format(0), of, "pledges_p5_from_one")


def test_p6_one_pledge_per_intent(made: pledges.MadePledge) -> None:
    refused(*insert(made.pledge_id, idempotency_key="k1"), "pledges_p6_one_intent")


def test_a2_one_pledge_per_tracking_token(made: pledges.MadePledge) -> None:
    held = db.rows("SELECT tracking_hash::text AS hash FROM pledges_pledge WHERE id = %s", [made.pledge_id])[0]["hash"]
    with pytest.raises(IntegrityError, match="tracking_hash"):
        db.execute(*insert(made.pledge_id, tracking_hash=held))


def test_p11_closed_campaigns_take_no_row(made: pledges.MadePledge, campaign: campaigns.Campaign, alice: Actor) -> None:
    campaigns.close_campaign(campaign_id=campaign.id, by=alice)

    refused(*insert(made.pledge_id), "pledges_p11_accepting")


def test_pledges_need_a_campaign_and_keep_it(made: pledges.MadePledge, campaign: campaigns.Campaign) -> None:
    refused(*insert(made.pledge_id, campaign_id=str(new_id())), "pledges_pledge_campaign")
    with pytest.raises(DatabaseError, match="foreign key"):
        db.execute("DELETE FROM campaigns_totals; DELETE FROM campaigns_campaign WHERE id = %s", [campaign.id])


def test_a_refund_that_ended_stays_ended(taken: pledges.MadePledge) -> None:
    refund_id = new_id()
    db.execute(
        """INSERT INTO pledges_refund (id, pledge_id, amount, reason, status, is_reserved, created_at)
           VALUES (%s, %s, 1, '', 'failed', false, now())""",
        [refund_id, taken.pledge_id],
    )
    for target in ("pending", "succeeded"):
        sql = "UPDATE pledges_refund SET status = %s WHERE id = %s"
        refused(sql, [target, refund_id], "pledges_refund_status_moves")
    refused(
        "UPDATE pledges_refund SET counted_at = now() WHERE id = %s", [refund_id], "pledges_refund_counted_once_done"
    )
