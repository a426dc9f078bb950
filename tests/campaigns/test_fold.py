from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from apps.campaigns import interface as campaigns
from apps.campaigns.models import Backer, CampaignTotals
from apps.outbox import interface as outbox
from apps.outbox.models import StoredEvent
from apps.platform.actors import ANONYMOUS, Actor
from apps.platform.audits import checks

from .support import campaign_in, fold, gift, published

pytestmark = pytest.mark.django_db


def totals(campaign_id: UUID) -> tuple[int, int, int, int]:
    row = CampaignTotals.objects.get(pk=campaign_id)
    return row.captured, row.refunded, row.donor_count, row.version


def test_a_batch_is_one_step_of_the_version(alice: Actor):
    campaign = campaign_in("active", alice)
    (after,) = fold(gift(campaign.id, "bob", 500), gift(campaign.id, "bob", 300), gift(campaign.id, "eve", 200))
    assert after == campaigns.Totals(campaign.id, raised_amount=1000, donor_count=2, version=1)
    shown = campaigns.get_campaign(campaign_id=campaign.id, viewer=ANONYMOUS)
    assert (shown.raised_amount, shown.donor_count, shown.progress, shown.totals_version) == (1000, 2, 0.01, 1)


def test_an_empty_batch_changes_nothing(alice: Actor):
    campaign = campaign_in("active", alice)
    assert fold() == []
    assert totals(campaign.id) == (0, 0, 0, 0)
    assert published("campaign.progress") == 0


def test_a_donor_counts_while_one_gift_stands(alice: Actor):
    campaign = campaign_in("active", alice)
    fold(gift(campaign.id, "bob", 500), gift(campaign.id, "bob", 500))
    fold(campaigns.TotalChange(campaign.id, "bob", refunded=200))  # a part of a gift
    assert totals(campaign.id) == (1000, 200, 1, 2)
    fold(campaigns.TotalChange(campaign.id, "bob", refunded=300, gifts=-1))  # the rest of that gift
    assert totals(campaign.id) == (1000, 500, 1, 3)
    fold(campaigns.TotalChange(campaign.id, "bob", refunded=500, gifts=-1))
    assert totals(campaign.id) == (1000, 1000, 0, 4)
    fold(gift(campaign.id, "bob", 100))
    assert totals(campaign.id) == (1100, 1000, 1, 5)


def test_a_gift_that_came_and_went_in_one_batch_counts_nobody(alice: Actor):
    campaign = campaign_in("active", alice)
    fold(gift(campaign.id, "bob", 500), campaigns.TotalChange(campaign.id, "bob", refunded=500, gifts=-1))
    assert totals(campaign.id) == (500, 500, 0, 1)


def test_any_order_and_any_cut_into_batches_ends_in_the_same_totals(alice: Actor):
    changes = [gift(UUID(int=0), f"donor-{number % 7}", 100 + number) for number in range(40)]
    ends = set()
    for seed in range(5):
        chance = random.Random(seed)
        campaign = campaign_in("active", alice)
        left = [campaigns.TotalChange(campaign.id, each.donor_key, captured=each.captured, gifts=1) for each in changes]
        chance.shuffle(left)
        while left:
            cut = chance.randint(1, 9)
            fold(*left[:cut])
            left = left[cut:]
        ends.add(totals(campaign.id)[:3])
    assert ends == {(sum(each.captured for each in changes), 0, 7)}


def test_progress_is_told_per_campaign_and_the_goal_once(alice: Actor):
    campaign, other = campaign_in("active", alice, goal_amount=1000), campaign_in("active", alice)
    fold(gift(campaign.id, "bob", 999), gift(other.id, "bob", 1))
    assert (published("campaign.progress"), published("campaign.goal_reached")) == (2, 0)
    fold(gift(campaign.id, "eve", 1))
    assert published("campaign.goal_reached") == 1
    fold(campaigns.TotalChange(campaign.id, "eve", refunded=1, gifts=-1))
    fold(gift(campaign.id, "eve", 5000))
    assert published("campaign.goal_reached") == 1
    fact = StoredEvent.objects.filter(type="campaign.progress").latest("id").payload
    assert (fact["raised_amount"], fact["progress_percent"], fact["totals_version"]) == (5999, 599, 4)


def test_a_batch_costs_the_same_statements_for_1_and_300_changes(alice: Actor):
    several = [campaign_in("active", alice) for _ in range(3)]

    def cost(changes: list[campaigns.TotalChange]) -> int:
        with CaptureQueriesContext(connection) as queries:
            fold(*changes)
        return len(queries)

    one = cost([gift(several[0].id, "bob", 1)])
    many = cost([gift(several[number % 3].id, f"donor-{number % 50}", 1) for number in range(300)])
    assert one == many <= 7


def test_an_unknown_campaign_takes_its_whole_batch_back(alice: Actor):
    campaign = campaign_in("active", alice)

    def fold_both() -> None:
        with transaction.atomic():
            fold(gift(campaign.id, "bob", 500), gift(uuid4(), "bob", 500))
            connection.check_constraints()

    with pytest.raises(IntegrityError):
        fold_both()
    assert totals(campaign.id) == (0, 0, 0, 0)


def test_a_fold_outside_a_transaction_is_refused(alice: Actor, transactional_db: None):
    campaign = campaign_in("active", alice)
    with pytest.raises((outbox.NoTransaction, AssertionError)):
        campaigns.fold_totals(changes=[gift(campaign.id, "bob", 500)])


@pytest.mark.parametrize(
    "assignment", ["refunded = captured + 1", "refunded = -1", "donor_count = -1", "version = -1", "captured = -1"]
)
def test_the_database_refuses_totals_that_cannot_be(alice: Actor, assignment: str):
    campaign = campaign_in("active", alice)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE campaigns_totals SET {assignment} WHERE campaign_id = %s", [campaign.id])


def test_the_database_refuses_a_second_row_of_one_backer(alice: Actor):
    campaign = campaign_in("active", alice)
    fold(gift(campaign.id, "bob", 500))
    with pytest.raises(IntegrityError), transaction.atomic():
        Backer.objects.create(campaign_id=campaign.id, donor_key="bob", gifts=1)


@pytest.mark.parametrize(
    "planted",
    [
        "UPDATE campaigns_totals SET donor_count = donor_count + 1",
        "DELETE FROM campaigns_backer",
        "DELETE FROM campaigns_totals",
    ],
)
def test_the_audit_finds_totals_that_were_tampered_with(alice: Actor, planted: str):
    campaign = campaign_in("active", alice)
    fold(gift(campaign.id, "bob", 500))
    ours = [check for check in checks() if "campaigns_totals" in check.sql and "pledges_" not in check.sql]

    def offending() -> list[object]:
        with connection.cursor() as cursor:
            return [row[0] for check in ours for row in _rows(cursor, check.sql)]

    assert offending() == []
    with connection.cursor() as cursor:
        cursor.execute(planted)
    assert offending() == [campaign.id]


def _rows(cursor, sql: str) -> list[tuple]:
    cursor.execute(sql)
    return cursor.fetchall()


@pytest.mark.django_db(transaction=True)
def test_eight_folders_at_once_lose_nothing_and_reach_the_goal_once(alice: Actor):
    """Batches over the same campaigns, in opposite orders: locks are taken by id, so none waits for another in a ring."""
    several = [campaign_in("active", alice, goal_amount=4000) for _ in range(4)]
    barrier = threading.Barrier(8)

    def folder(seat: int) -> None:
        try:
            barrier.wait(10)
            for turn in range(10):
                changes = [gift(each.id, f"donor-{seat}-{turn % 2}", 50) for each in several]
                fold(*(changes if seat % 2 else reversed(changes)))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(folder, range(8)))
    assert [totals(each.id) for each in several] == [(4000, 0, 16, 80)] * 4
    assert published("campaign.goal_reached") == 4
