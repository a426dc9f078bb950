from __future__ import annotations

import os
import signal
from collections.abc import Sequence

from apps.platform import db
from apps.platform.events import subscribe
from apps.pledges.events import PledgeCreated

from .amounts import KILLER, POISON


@subscribe("test.poison", PledgeCreated)
def choke(events: Sequence[PledgeCreated]) -> None:
    """Counts the facts it could handle in a row; one amount makes it fail, another kills its process."""
    db.execute(
        """INSERT INTO outbox_jobslot (job, slot) VALUES ('test.handled', %(number)s)
           ON CONFLICT (job) DO UPDATE SET slot = outbox_jobslot.slot + excluded.slot""",
        {"number": len(events)},
    )
    amounts = {event.amount for event in events}
    if KILLER in amounts:
        os.kill(os.getpid(), signal.SIGKILL)
    if POISON in amounts:
        raise RuntimeError("this fact cannot be handled")
