"""The panel with one gift to look at, and a browser for each of the cast."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from apps.accounts import interface as accounts
from apps.campaigns import interface as campaigns
from apps.payouts import interface as payouts
from apps.platform import clock, db
from apps.platform.actors import ANONYMOUS, Actor
from apps.platform.ids import new_id
from apps.pledges import interface as pledges
from apps.reporting import interface as reporting
from tests.pledges.support import authorized, believe_captured, captured, open_campaign, tell
from tests.reporting.support import give


@dataclass(frozen=True)
class World:
    """Alice's campaign with a captured, an authorized and a pending gift, a draft of hers, and a finding of payments."""

    campaign: campaigns.Campaign
    draft: campaigns.Campaign
    captured: UUID
    authorized: UUID
    pending: UUID
    donor_key: str
    anomaly_id: int
    export: UUID
    payout: UUID
    refund: UUID
    member: UUID
    invitation: UUID
    update: UUID
    job: UUID
    spare_job: UUID
    user_id: UUID


@pytest.fixture
def world(alice: Actor, sam: Actor) -> World:
    campaign = open_campaign(alice)
    story = "Who is helped, how, and by when. " * 10
    new = campaigns.NewCampaign(
        title="A draft", summary="s", story=story, category="relief", goal_amount=1000_00, currency="BDT"
    )
    draft = campaigns.create_campaign(by=alice, new=new)
    done, held, waiting = (
        give(campaign, email=f"{name}@example.org", name=name) for name in ("Rahim", "Karim", "Salma")
    )
    tell(authorized(held), captured(done))
    believe_captured(done)
    reporting.refresh()
    anomaly = db.rows(
        """INSERT INTO payments_anomaly (provider, kind, subject, payment_id, evidence, created_at, state)
           SELECT 'bank', 'failed-after-captured', 'evt_1', id, '{"amount": 50000}', %s, 'open' FROM payments_payment
           WHERE reference = %s RETURNING id""",
        [clock.now(), done],
    )[0]["id"]
    key = reporting.list_donors(viewer=sam).results[0].donor_key
    export = reporting.ask_for_export(by=alice, wanted=reporting.GiftFilter(), format="csv").id
    account = {"account": "4000-0000-0000-0001", "holder": "Alice's fund"}
    payouts.set_destination(campaign_id=campaign.id, by=alice, **account)
    payout = payouts.request_payout(campaign_id=campaign.id, by=alice, amount=100_00, note="Blankets").id
    mira = accounts.ensure_user(email="mira@example.org", password="x" * 20, name="Mira Member", roles=[]).id
    member, invitation = (
        campaigns.invite_member(campaign_id=campaign.id, by=alice, email=f"{name}@example.org", role="moderator").id
        for name in ("mira", "nobody-yet")
    )
    token = campaigns.invitation_token(invitation_id=member)
    campaigns.accept_invitation(token=token, by=accounts.actor_of_user(user_id=mira))
    update = campaigns.post_update(campaign_id=campaign.id, by=alice, title="Boats", body="They came.").id
    job, spare = (pledges.prepare_job(by=alice, action="capture", pledge_ids=[held]).id for _ in range(2))
    return World(
        campaign,
        draft,
        done,
        held,
        waiting,
        key,
        anomaly,
        export,
        payout,
        export,
        mira,
        invitation,
        update,
        job,
        spare,
        alice.user_id or export,
    )


def with_refund(world: World, by: Actor) -> World:
    """The world with a refund of next to nothing, which a second person has to approve."""
    refund_id = new_id()
    db.execute(
        """WITH reserved AS (UPDATE pledges_pledge SET refund_reserved = refund_reserved + 1 WHERE id = %(pledge)s)
           INSERT INTO pledges_refund (id, pledge_id, amount, reason, status, is_reserved, requested_by_id, needs_approval,
                                       created_at)
           VALUES (%(id)s, %(pledge)s, 1, 'Large', 'awaiting', true, %(by)s, true, %(now)s)""",
        {"id": refund_id, "pledge": world.captured, "by": by.user_id, "now": clock.now()},
    )
    return replace(world, refund=refund_id)


def browser_of(actor: Actor) -> Client:
    """A client that is signed in as this person; of ANONYMOUS one that is not."""
    client = Client()
    if actor is not ANONYMOUS:
        client.force_login(get_user_model().objects.get(pk=actor.user_id))
    return client
