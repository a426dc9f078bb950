"""What chat does when something happens below it."""

from collections.abc import Sequence

from apps.accounts.events import UserErased
from apps.platform.events import BULK, subscribe
from apps.pledges.events import PledgeDonorForgotten

from .services.forget import forget_guests, forget_people


@subscribe("chat.forget_people", UserErased, lane=BULK)
def forget(events: Sequence[UserErased]) -> None:
    forget_people(user_ids=[event.user_id for event in events])


@subscribe("chat.forget_guests", PledgeDonorForgotten, lane=BULK)
def forget_who_gave(events: Sequence[PledgeDonorForgotten]) -> None:
    forget_guests(pledge_ids=[event.pledge_id for event in events])
