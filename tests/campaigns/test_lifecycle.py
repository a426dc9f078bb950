from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from apps.campaigns import interface as campaigns
from apps.campaigns.errors import CampaignNotFound
from apps.campaigns.models import Campaign
from apps.campaigns.states import MOVES as TABLE
from apps.campaigns.states import Status
from apps.platform import clock
from apps.platform.actors import ANONYMOUS, Actor
from apps.platform.errors import Forbidden, InvalidTransition

from .support import MOVES, campaign_in, draft_of, published

pytestmark = pytest.mark.django_db

TARGETS = {
    "submit": "in_review",
    "publish": "active",
    "return": "draft",
    "pause": "paused",
    "close": "ended",
    "archive": "archived",
}
FACTS = {
    "submit": "campaign.submitted",
    "publish": "campaign.published",
    "return": "campaign.returned",
    "pause": "campaign.paused",
    "close": "campaign.ended",
    "archive": "campaign.archived",
}
# The whole table, said a second time: from each state, the moves that staff may make.
POSSIBLE = {
    "draft": {"submit", "archive"},
    "in_review": {"publish", "return", "archive"},
    "active": {"pause", "close"},
    "paused": {"publish", "close", "archive"},
    "ended": {"archive"},
    "archived": set(),
}


@pytest.mark.parametrize(("status", "move"), list(product(POSSIBLE, MOVES)))
def test_each_move_is_possible_only_from_its_states(alice: Actor, sam: Actor, status: str, move: str):
    campaign = campaign_in(status, alice)
    before = published(FACTS[move])
    if move in POSSIBLE[status]:
        moved = MOVES[move](campaign_id=campaign.id, by=sam)
        assert (moved.status, moved.revision) == (TARGETS[move], campaign.revision + 1)
        assert published(FACTS[move]) == before + 1
    else:
        with pytest.raises(InvalidTransition):
            MOVES[move](campaign_id=campaign.id, by=sam)
        assert campaigns.get_campaign(campaign_id=campaign.id, viewer=sam).status == status
        assert published(FACTS[move]) == before


@pytest.mark.parametrize(
    ("status", "move", "allowed"),
    [
        ("draft", "submit", True),
        ("in_review", "publish", False),
        ("in_review", "return", False),
        ("paused", "publish", True),
        ("active", "pause", True),
        ("active", "close", True),
        ("ended", "archive", True),
    ],
)
def test_a_manager_submits_but_only_staff_review(alice: Actor, status: str, move: str, allowed: bool):
    campaign = campaign_in(status, alice)
    if allowed:
        assert MOVES[move](campaign_id=campaign.id, by=alice).status == TARGETS[move]
    else:
        with pytest.raises(Forbidden):
            MOVES[move](campaign_id=campaign.id, by=alice)


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize(("status", "refusal"), [("draft", CampaignNotFound), ("active", Forbidden)])
def test_strangers_move_nothing_and_learn_nothing_of_drafts(
    alice: Actor, bob: Actor, charlie: Actor, status: str, move: str, refusal: type[Exception]
):
    campaign = campaign_in(status, alice)
    for stranger in (ANONYMOUS, bob, charlie):
        with pytest.raises(refusal):
            MOVES[move](campaign_id=campaign.id, by=stranger)


@pytest.mark.parametrize("status", POSSIBLE)
def test_what_is_not_public_is_seen_by_its_manager_and_staff_only(
    alice: Actor, bob: Actor, charlie: Actor, sam: Actor, status: str
):
    campaign = campaign_in(status, alice)
    for insider in (alice, sam):
        assert campaigns.get_campaign(campaign_id=campaign.id, viewer=insider).id == campaign.id
    for stranger in (ANONYMOUS, bob, charlie):
        if status in ("active", "paused", "ended"):
            assert campaigns.get_campaign(slug=campaign.slug, viewer=stranger).id == campaign.id
        else:
            with pytest.raises(CampaignNotFound):
                campaigns.get_campaign(slug=campaign.slug, viewer=stranger)


def test_an_unknown_campaign_is_not_found(sam: Actor):
    with pytest.raises(CampaignNotFound):
        campaigns.get_campaign(campaign_id=uuid4(), viewer=sam)


@pytest.mark.parametrize(("source", "target"), [pair for pair in product(Status, Status) if pair[0] != pair[1]])
def test_the_database_refuses_moves_that_are_not_in_the_table(alice: Actor, source: Status, target: Status):
    """P4's trigger, in raw SQL: whatever the application believes, a state does not go back."""
    campaign = campaign_in(source, alice)

    def move() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE campaigns_campaign SET status = %s WHERE id = %s", [str(target), campaign.id])

    if TABLE.allows(source, target):
        move()
    else:
        with pytest.raises(IntegrityError, match="is not a move"):
            move()


def test_a_campaign_past_its_end_is_ended_once(alice: Actor):
    frozen = clock.FrozenClock(datetime(2026, 3, 1, tzinfo=UTC))
    with clock.use(frozen):
        due = campaign_in("active", alice, ends_at=frozen.at + timedelta(hours=1))
        paused = campaign_in("paused", alice, ends_at=frozen.at + timedelta(hours=1))
        later = campaign_in("active", alice, ends_at=frozen.at + timedelta(hours=3))
        forever = campaign_in("active", alice)
        draft = draft_of(alice, ends_at=frozen.at + timedelta(hours=1))
        assert campaigns.end_due_campaigns() == 0
        frozen.forward(timedelta(hours=1))
        assert campaigns.end_due_campaigns() == 2
        assert campaigns.end_due_campaigns() == 0
    states = dict(Campaign.objects.values_list("pk", "status"))
    assert [states[each.id] for each in (due, paused, later, forever, draft)] == [
        "ended",
        "ended",
        "active",
        "active",
        "draft",
    ]
    assert published("campaign.ended") == 2
