"""What happened to a pledge is only noted here, in one statement a batch: money never waits for reports."""

from collections.abc import Sequence

from apps.accounts.events import UserErased
from apps.platform.events import BULK, subscribe
from apps.pledges.events import (
    PledgeAuthorized,
    PledgeCaptured,
    PledgeCreated,
    PledgeDonorForgotten,
    PledgeFailed,
    PledgeMarked,
    PledgeRefunded,
)

from .services.note_due import note_due
from .services.saved_filters import forget_filters

PledgeFact = (
    PledgeCreated
    | PledgeAuthorized
    | PledgeCaptured
    | PledgeFailed
    | PledgeRefunded
    | PledgeDonorForgotten
    | PledgeMarked
)


@subscribe(
    "reporting.follow_gifts",
    PledgeCreated,
    PledgeAuthorized,
    PledgeCaptured,
    PledgeFailed,
    PledgeRefunded,
    PledgeDonorForgotten,
    PledgeMarked,
    batch=2000,
    lane=BULK,
)
def follow_gifts(events: Sequence[PledgeFact]) -> None:
    note_due(pledge_ids={event.pledge_id for event in events})


@subscribe("reporting.forget_people", UserErased, lane=BULK)
def forget_people(events: Sequence[UserErased]) -> None:
    forget_filters(user_ids=[event.user_id for event in events])
