from collections.abc import Sequence

from apps.accounts.events import UserErased
from apps.platform.events import BULK, subscribe

from ..services.forget_people import forget_people


@subscribe("notifications.forget_people", UserErased, lane=BULK)
def forget(events: Sequence[UserErased]) -> None:
    forget_people(user_ids=[event.user_id for event in events])
