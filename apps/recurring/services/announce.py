"""Telling donors of gifts some days before: nothing is taken that was not announced (`take_due` looks at it)."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from apps.platform import db

from ..data import NOTICE_DAYS
from ..queries import dates
from .note import note_all

AT_ONCE = 200
_DUE = """
    UPDATE recurring_plan SET noticed_for = next_on, noticed_on = %(today)s
    WHERE id IN (
        SELECT id FROM recurring_plan
        WHERE status = 'active' AND next_on <= %(until)s AND noticed_for IS DISTINCT FROM next_on
        ORDER BY next_on, id LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED
    )
    RETURNING id, next_on, amount
"""


def announce_due() -> int:
    """Announce every gift that is at most NOTICE_DAYS away, once per plan and date. Returns how many."""
    told, today = 0, dates.today()
    while True:
        with transaction.atomic():
            params = {"today": today, "until": today + timedelta(days=NOTICE_DAYS), "limit": AT_ONCE}
            due = db.rows(_DUE, params)
            facts = [{"due_on": row["next_on"], "amount": row["amount"]} for row in due]
            note_all([row["id"] for row in due], "announced", facts)
        told += len(due)
        if len(due) < AT_ONCE:
            return told
