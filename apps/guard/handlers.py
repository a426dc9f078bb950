from collections.abc import Sequence

from apps.platform.events import subscribe
from apps.pledges.events import PledgeFailed

from .services.remember import note_declines


@subscribe("guard.note_declines", PledgeFailed)
def remember_declines(events: Sequence[PledgeFailed]) -> None:
    note_declines(events)
