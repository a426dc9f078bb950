"""What this process knows of attempts: notes go to the database in batches, and come back as heat, a second old at most.

The request path pays for looking into sets and appending to a queue; a thread does the rest. A note that is lost with its
process costs the guard a little memory, nobody any money.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import Error, connection

from apps.platform import db

from ..queries.heat import Heat, measure_heat

log = logging.getLogger(__name__)
Note = tuple[UUID, datetime, str, str, UUID]
PAUSE_SECONDS, MOST_WAITING = 0.25, 50_000
_NOTE = """
    INSERT INTO guard_attempt (reference, at, address, device, campaign_id)
    SELECT * FROM unnest(%s::uuid[], %s::timestamptz[], %s::text[], %s::text[], %s::uuid[])
    ON CONFLICT (reference) DO NOTHING
"""


class _Watch:
    def __init__(self) -> None:
        self.heat = Heat()
        self.waiting: deque[Note] = deque(maxlen=MOST_WAITING)
        self._asked = threading.Event()
        self._thread: threading.Thread | None = None

    def look(self) -> Heat:
        if not settings.GUARD["IN_BACKGROUND"]:
            self.heat = measure_heat()
        else:
            self._ask()
        return self.heat

    def note(self, note: Note) -> None:
        self.waiting.append(note)
        if not settings.GUARD["IN_BACKGROUND"]:
            self.flush()
        else:
            self._ask()

    def flush(self) -> None:
        batch = [self.waiting.popleft() for _ in range(len(self.waiting))]
        if batch:
            db.execute(_NOTE, [list(column) for column in zip(*batch, strict=True)])

    def _ask(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name="guard", daemon=True)
            self._thread.start()
        self._asked.set()

    def _run(self) -> None:
        pause = threading.Event()
        while True:
            self._asked.wait()
            self._asked.clear()
            try:
                self.flush()
                self.heat = measure_heat()
            except Error as error:
                log.warning("the guard could not look", extra={"error": type(error).__name__})
                connection.close()
            pause.wait(PAUSE_SECONDS)


watch = _Watch()
