"""What happened to a pledge is only noted here, in one statement a batch: money never waits for reports."""

from collections.abc import Sequence

from apps.platform.events import BULK, subscribe
from apps.pledges.events import (
    PledgeAuthorized,
    PledgeCaptured,
    PledgeCreated,
    PledgeDonorForgotten,
    PledgeFailed,
    PledgeRefunded,
)

from .services.note_due import note_due

PledgeFact = PledgeCreated | PledgeAuthorized | PledgeCaptured | PledgeFailed | PledgeRefunded | PledgeDonorForgotten


@subscribe(
    "reporting.follow_gifts",
    PledgeCreated,
    PledgeAuthorized,
    PledgeCaptured,
    PledgeFailed,
    PledgeRefunded,
    PledgeDonorForgotten,
    batch=2000,
    lane=BULK,
)
def follow_gifts(events: Sequence[PledgeFact]) -> None:
    note_due(pledge_ids={event.pledge_id for event in events})
