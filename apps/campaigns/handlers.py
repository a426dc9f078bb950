"""What campaigns do when something happens below them."""

from collections.abc import Sequence

from apps.accounts.events import UserErased
from apps.platform.events import BULK, subscribe

from .services.follow import forget_followers
from .services.team import forget_members


@subscribe("campaigns.forget_followers", UserErased, lane=BULK)
def forget(events: Sequence[UserErased]) -> None:
    forget_followers(user_ids=[event.user_id for event in events])
    forget_members(user_ids=[event.user_id for event in events])
