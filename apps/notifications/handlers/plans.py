"""Letters that gifts of every month call for."""

from __future__ import annotations

from collections.abc import Sequence

from apps.platform.events import BULK, subscribe
from apps.recurring.events import PlanNoted

from ..services.write_letters import DONOR, NewLetter, write_letters

NOT_BY_LETTER = frozenset({"began", "taken", "first_gift", "erased"})
"""Of a plan: the receipt tells of the first and of every gift, the gift's own letter of a first one that failed."""


@subscribe("notifications.write_plans", PlanNoted, lane=BULK)
def write_plans(events: Sequence[PlanNoted]) -> None:
    write_letters(
        [
            NewLetter(kind="plan_link" if event.what == "link" else "plan", about=event.note_id, recipient=DONOR)
            for event in events
            if event.what not in NOT_BY_LETTER
        ]
    )
