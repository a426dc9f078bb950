from __future__ import annotations

import time

from django.db import transaction

from apps.platform import db

from .project import project, take_lock

BATCH = 1000
SECONDS = 20.0
_TAKE = """
    WITH taken AS (
        DELETE FROM reporting_due WHERE id IN (SELECT id FROM reporting_due ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
        RETURNING pledge_id
    )
    SELECT DISTINCT pledge_id FROM taken
"""
_NOTE_MISSED = """
    INSERT INTO reporting_missed (pledge_id) SELECT unnest(%s::uuid[]) WHERE EXISTS (SELECT 1 FROM reporting_rebuild)
"""


def refresh(*, seconds: float = SECONDS, batch: int = BATCH) -> int:
    """Read the pledges that are due anew, a transaction a batch, until none is due. Returns how many rows were written.

    Does nothing while somebody else refreshes or exchanges tables.
    """
    until, written = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        with transaction.atomic():
            if not take_lock(wait=False):
                break
            due = [row["pledge_id"] for row in db.rows(_TAKE, [batch])]
            if not due:
                break
            db.execute(_NOTE_MISSED, [due])
            written += project(due)
    return written
