"""P11: no gift to a campaign that is not open, also when closing and giving race."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import OperationalError, connection, connections, transaction

from apps.campaigns import interface as campaigns
from apps.campaigns.models import Campaign
from apps.platform import clock
from apps.platform.actors import SYSTEM, Actor
from apps.platform.errors import InvalidTransition

from .support import WAYS, campaign_in

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def accepting(*campaign_ids: UUID) -> set[UUID]:
    with transaction.atomic():
        return set(campaigns.lock_accepting(campaign_ids=campaign_ids))


def test_only_active_campaigns_accept(alice: Actor):
    by_status = {status: campaign_in(status, alice).id for status in WAYS}
    assert accepting(*by_status.values(), uuid4()) == {by_status["active"]}


@pytest.mark.parametrize(
    ("starts", "ends", "accepts"),
    [(None, None, True), (0, 1, True), (1, 2, False), (-2, 0, False), (-2, -1, False), (-1, 1, True)],
)
def test_the_schedule_decides_to_the_second(alice: Actor, starts: int | None, ends: int | None, accepts: bool):
    """Hours from now. An end that has passed counts before the job has noted it."""
    dates = [None if hours is None else NOON + timedelta(hours=hours) for hours in (starts, ends)]
    with clock.use(clock.FrozenClock(NOON)):
        campaign = campaign_in("active", alice, starts_at=dates[0], ends_at=dates[1])
        assert (accepting(campaign.id) == {campaign.id}) is accepts


def test_what_a_pledge_needs_comes_along(alice: Actor):
    campaign = campaign_in("active", alice, minimum_amount=5, maximum_amount=50)
    with transaction.atomic():
        found = campaigns.lock_accepting(campaign_ids=[campaign.id])[campaign.id]
    assert (found.title, found.currency, found.minimum_amount, found.maximum_amount, found.manager_id) == (
        campaign.title,
        "BDT",
        5,
        50,
        alice.user_id,
    )


def close_within(milliseconds: int, campaign_id: UUID) -> str:
    """Close in a thread of its own: "closed", or "waited" when a lock kept it from doing so in time."""

    def close() -> str:
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute(f"SET LOCAL lock_timeout = '{milliseconds}ms'")
                campaigns.close_campaign(campaign_id=campaign_id, by=SYSTEM)
        except OperationalError:
            return "waited"
        finally:
            connections.close_all()
        return "closed"

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(close).result()


@pytest.mark.django_db(transaction=True)
def test_closing_cannot_overtake_a_gift_in_progress(alice: Actor):
    campaign = campaign_in("active", alice)
    with transaction.atomic():
        assert campaigns.lock_accepting(campaign_ids=[campaign.id])
        assert close_within(200, campaign.id) == "waited"
    assert close_within(2000, campaign.id) == "closed"
    assert accepting(campaign.id) == set()


@pytest.mark.django_db(transaction=True)
def test_a_plain_read_would_let_it_be_overtaken(alice: Actor):
    """The control: without the share lock the campaign ends between the look and the gift."""
    campaign = campaign_in("active", alice)
    with transaction.atomic():
        assert Campaign.objects.filter(pk=campaign.id, status="active").exists()
        assert close_within(2000, campaign.id) == "closed"


@pytest.mark.django_db(transaction=True)
def test_gifts_do_not_wait_for_each_other(alice: Actor):
    campaign = campaign_in("active", alice)
    inside = threading.Barrier(4)

    def give(_: int) -> bool:
        try:
            with transaction.atomic():
                held = bool(campaigns.lock_accepting(campaign_ids=[campaign.id]))
                inside.wait(10)  # passes only when all four hold the lock together
                return held
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(give, range(4))) == [True] * 4


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_close_at_once_one_does(alice: Actor):
    campaign = campaign_in("active", alice)
    barrier = threading.Barrier(8)

    def close(_: int) -> bool:
        barrier.wait(10)
        try:
            campaigns.close_campaign(campaign_id=campaign.id, by=SYSTEM)
        except InvalidTransition:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(close, range(8))) == 1
