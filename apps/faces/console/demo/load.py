"""Loading the demonstration by the doors that everyone uses. A step that is done already does nothing."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from apps.accounts import interface as accounts
from apps.campaigns import interface as campaigns
from apps.campaigns.data import Campaign, NewCampaign
from apps.platform import clock
from apps.platform.actors import SYSTEM, Actor
from apps.platform.errors import Refused
from apps.pledges import interface as pledges
from apps.pledges.data import MANUAL, MadePledge, NewPledge

from .campaigns import CAMPAIGNS, DemoCampaign
from .gifts import INSUFFICIENT_FUNDS, gifts_of

PEOPLE = (
    ("donor", "donor@careforall.example", "Dilara Haque", ()),
    ("manager", "manager@careforall.example", "Meena Foundation", ("manager",)),
    ("staff", "staff@careforall.example", "Samir Staff", ("staff",)),
)
# What leads from a draft to each stage that takes or took gifts; pausing and ending come after the gifts.
LAST_MOVE = {"paused": campaigns.pause_campaign, "ended": campaigns.close_campaign}
BATCH = 50


@dataclass(frozen=True)
class SignIn:
    """`password` is empty for an account that was there already and whose password nobody said again."""

    role: str
    email: str
    password: str
    user_id: UUID


def load_people(password: str) -> list[SignIn]:
    """The three sign-ins. Without a password new accounts share a generated one and old ones keep theirs."""
    made_up = secrets.token_urlsafe(12)
    found = []
    for role, email, name, roles in PEOPLE:
        user = accounts.find_user_by_email(email=email)
        shown = password or ("" if user else made_up)
        if shown or user is None:
            user = accounts.ensure_user(email=email, password=shown, name=name, roles=roles)
        found.append(SignIn(role, email, shown, user.id))
    return found


def load_campaigns(manager: Actor) -> dict[str, Campaign]:
    """The campaigns by title, with covers, each open for gifts or at the stage before that where it is to stay."""
    present = {each.title: each for each in _campaigns_of(manager)}
    for demo in CAMPAIGNS:
        if demo.title not in present:
            present[demo.title] = campaigns.create_campaign(by=manager, new=_new(demo))
    bare = [demo for demo in CAMPAIGNS if present[demo.title].cover is None]
    with ThreadPoolExecutor(2) as threads:
        for demo, cover in zip(bare, threads.map(_cover, bare), strict=True):
            campaigns.set_cover(campaign_id=present[demo.title].id, by=manager, image=cover)
    for demo in CAMPAIGNS:
        if demo.stage != "draft" and present[demo.title].status == "draft":
            present[demo.title] = campaigns.submit_campaign(campaign_id=present[demo.title].id, by=manager)
        if demo.stage != "in_review" and present[demo.title].status == "in_review":
            present[demo.title] = campaigns.publish_campaign(campaign_id=present[demo.title].id, by=SYSTEM)
    return present


def load_gifts(found: dict[str, Campaign], donor: UUID) -> dict[UUID, NewPledge]:
    """Make the gifts whose campaigns take some now. Gifts that exist already are found, not repeated."""
    wanted = [
        gift
        for number, demo in enumerate(CAMPAIGNS)
        if found[demo.title].status == "active"
        for gift in gifts_of(demo, number=number, campaign_id=found[demo.title].id, donor_id=donor)
    ]
    made: dict[UUID, NewPledge] = {}
    for batch in _batches(wanted):
        for gift, outcome in zip(batch, pledges.make_pledges(new=batch), strict=True):
            if isinstance(outcome, MadePledge):
                made[outcome.pledge_id] = gift
            elif not outcome.code.startswith("campaign-"):  # closed in this moment by someone: leave it
                raise outcome
    return made


def wait_for_gifts(made: dict[UUID, NewPledge], *, seconds: float, tell: Callable[[int, int], None]) -> int:
    """Wait until every gift has come to its end, telling how many have. Returns how many still have not."""
    waiting = list(made)
    until = time.monotonic() + seconds
    while True:
        looked_at, others = waiting[:BATCH], waiting[BATCH:]
        waiting = others + [each for each in looked_at if not _has_arrived(each, made[each])]
        tell(len(made) - len(waiting), len(made))
        if not waiting or time.monotonic() >= until:
            return len(waiting)
        time.sleep(0.25)


def refund_one(made: dict[UUID, NewPledge]) -> None:
    """Give the oldest captured gift back, once: there is nothing left of it to refund a second time."""
    for pledge_id in sorted(made):
        if made[pledge_id].account != INSUFFICIENT_FUNDS:
            pledge = pledges.get_pledge(pledge_id=pledge_id, viewer=SYSTEM)
            if pledge.status == "captured":
                try:
                    pledges.refund_pledge(pledge_id=pledge_id, by=SYSTEM, reason="Given twice by mistake")
                except Refused:  # its refund is on the way already
                    return
            return


def finish_campaigns(found: dict[str, Campaign], manager: Actor) -> None:
    """Pause and end those that are to be, now that their gifts are in."""
    for demo in CAMPAIGNS:
        if demo.stage in LAST_MOVE and found[demo.title].status == "active":
            LAST_MOVE[demo.stage](campaign_id=found[demo.title].id, by=manager)


def _campaigns_of(manager: Actor) -> Iterator[Campaign]:
    cursor = None
    while True:
        page = campaigns.list_campaigns(viewer=manager, mine=True, cursor=cursor, page_size=100)
        yield from page.results
        cursor = page.next_cursor
        if cursor is None:
            return


def _new(demo: DemoCampaign) -> NewCampaign:
    ends_at = clock.now() + timedelta(days=demo.days_left) if demo.days_left else None
    return NewCampaign(demo.title, demo.summary, demo.story, demo.category, demo.goal, demo.currency, ends_at=ends_at)


def _cover(demo: DemoCampaign) -> bytes:
    return campaigns.draw_cover(category=demo.category, seed=demo.title)


def _batches(gifts: Sequence[NewPledge]) -> Iterator[Sequence[NewPledge]]:
    for start in range(0, len(gifts), BATCH):
        yield gifts[start : start + BATCH]


def _has_arrived(pledge_id: UUID, gift: NewPledge) -> bool:
    status = pledges.get_pledge(pledge_id=pledge_id, viewer=SYSTEM).status
    return status != "pending" and (status != "authorized" or gift.capture == MANUAL)
