from __future__ import annotations

from collections.abc import Sequence

from apps.platform.events import BULK, subscribe
from apps.pledges.events import DedicationDue

from ..services.write_letters import NewLetter, write_letters


@subscribe("notifications.write_dedications", DedicationDue, lane=BULK)
def write_dedications(events: Sequence[DedicationDue]) -> None:
    """One letter per gift, for ever (UNIQUE of kind, thing and recipient), whoever asks twice."""
    write_letters([NewLetter(kind="dedication", about=event.pledge_id, recipient="dedicatee") for event in events])
