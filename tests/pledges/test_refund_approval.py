"""Large refunds need two people, however they are cut; the database refuses what the code would let through."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from apps.accounts import interface as accounts
from apps.platform import db
from apps.platform.actors import Actor
from apps.platform.audits import checks
from apps.pledges import interface as pledges
from apps.pledges.errors import OwnRefund, RefundDecided, RefundExceedsCaptured, RefundNotFound

from .support import believe_captured, captured, open_campaign, refunded, row_of, tell, wish

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def gift(alice: Actor, settings: Any) -> UUID:
    """A captured gift of 500 taka, of which one person gives back 200 at most."""
    settings.REFUND_APPROVAL_ABOVE = {"BDT": 200_00}
    made = pledges.make_pledge(new=wish(open_campaign(alice).id)).pledge_id
    tell(captured(made))
    believe_captured(made)
    return made


def refund(gift: UUID, by: Actor, amount: int) -> pledges.Refund:
    return pledges.refund_pledge(pledge_id=gift, by=by, amount=amount, reason="Asked by the donor")


def sent() -> list[int]:
    """What payments were asked to give back."""
    return [row["amount"] for row in db.rows("SELECT amount FROM payments_operation WHERE kind = 'refund'")]


def broken() -> set[str]:
    return {
        each.title
        for each in checks()
        if each.code in ("O2", "P2") and each.database == "default" and db.rows(each.sql)
    }


def test_large_refund_goes_out_when_another_person_approves(gift: UUID, alice: Actor, sam: Actor, bob: Actor) -> None:
    asked = refund(gift, alice, 300_00)
    assert (asked.status, sent(), row_of(gift)["refund_reserved"]) == ("awaiting", [], 300_00)
    assert [each.id for each in pledges.awaiting_refunds(viewer=alice)] == [asked.id]
    with pytest.raises(RefundExceedsCaptured):
        refund(gift, alice, 201_00)
    with pytest.raises(OwnRefund):
        pledges.approve_refund(refund_id=asked.id, by=alice)
    with pytest.raises(RefundNotFound):
        pledges.approve_refund(refund_id=asked.id, by=bob)

    pledges.approve_refund(refund_id=asked.id, by=sam, note="Seen the letter")
    with pytest.raises(RefundDecided):
        pledges.approve_refund(refund_id=asked.id, by=sam)
    with pytest.raises(RefundDecided):
        pledges.decline_refund(refund_id=asked.id, by=sam)

    assert sent() == [300_00]
    assert pledges.awaiting_refunds(viewer=sam) == []
    tell(refunded(gift, 300_00, asked.id))
    assert (row_of(gift)["refunded_amount"], row_of(gift)["refund_reserved"]) == (300_00, 0)
    actions = [each.action for each in accounts.list_actions(subject_id=gift)]
    assert actions == ["pledge.approve_refund", "pledge.refund"]
    assert broken() == set()


def test_many_small_refunds_are_one_large_one(gift: UUID, alice: Actor) -> None:
    assert [refund(gift, alice, amount).status for amount in (150_00, 50_00, 1)] == ["pending", "pending", "awaiting"]
    assert sent() == [150_00, 50_00]


def test_declined_refund_leaves_the_gift(gift: UUID, alice: Actor, charlie: Actor) -> None:
    asked = refund(gift, alice, 500_00)
    with pytest.raises(RefundNotFound):
        pledges.decline_refund(refund_id=asked.id, by=charlie)
    pledges.decline_refund(refund_id=asked.id, by=alice)
    assert (row_of(gift)["refund_reserved"], sent()) == (0, [])
    assert pledges.story_of(pledge_id=gift).refunds[0].declined_by_id == alice.user_id
    assert refund(gift, alice, 100_00).status == "pending"
    assert broken() == set()


@pytest.mark.parametrize(
    ("change", "guard"),
    [
        ("status = 'pending', approved_by_id = requested_by_id", "pledges_refund_two_people"),
        ("status = 'pending'", "pledges_refund_approved"),
        ("status = 'succeeded'", "pledges_refund_status_moves"),
        ("needs_approval = false", "pledges_refund_awaiting"),
    ],
)
def test_database_refuses_one_person_alone(gift: UUID, alice: Actor, change: str, guard: str) -> None:
    refund(gift, alice, 300_00)
    with pytest.raises(IntegrityError, match=guard), transaction.atomic():
        db.execute(f"UPDATE pledges_refund SET {change} WHERE status = 'awaiting'")
