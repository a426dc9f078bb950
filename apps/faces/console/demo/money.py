"""What donors read beside a story, and money that goes out: one campaign paid out, one payout that waits for a second person."""

from __future__ import annotations

from apps.campaigns import interface as campaigns
from apps.campaigns.data import Campaign
from apps.payouts import interface as payouts
from apps.platform.actors import Actor
from apps.platform.errors import Refused

ACCOUNT, HOLDER = "4000-0000-0000-0001", "Meena Foundation"
FAQ = (
    ("Who chooses the boats?", "The teachers do, with the parents' councils of the villages where the boats call."),
    (
        "What happens if more comes in?",
        "The next boat of the list gets its lamps. We tell you here before it is bought.",
    ),
)
MILESTONES = ((5, "Lamps for the first boat"), (40, "Books for two years"), (100, "All four boats"))


def load_extras(campaign: Campaign, *, manager: Actor) -> None:
    """Questions, milestones in percent of the goal, and a word of thanks, unless there are some."""
    if not campaign.faq:
        campaigns.set_extras(
            campaign_id=campaign.id,
            by=manager,
            faq=[campaigns.Question(*each) for each in FAQ],
            milestones=[campaigns.Milestone(campaign.goal_amount * part // 100, title) for part, title in MILESTONES],
            presets=[],
            thank_you="You light a classroom on the water. ধন্যবাদ!",
        )


def load_payouts(*, done: Campaign, waiting: Campaign, manager: Actor, staff: Actor) -> None:
    """Ask once for each; approve the first, which the workers then send. What has nothing to pay out yet is left alone."""
    for campaign in (done, waiting):
        if payouts.list_payouts(viewer=manager, campaign_id=campaign.id).results:
            continue
        payouts.set_destination(campaign_id=campaign.id, by=manager, account=ACCOUNT, holder=HOLDER)
        try:
            asked = payouts.request_payout(campaign_id=campaign.id, by=manager, note="As agreed with the board.")
            if campaign is done:
                payouts.approve_payout(payout_id=asked.id, by=staff, note="Seen with the invoices.")
        except Refused:  # its gifts have not arrived yet
            continue
