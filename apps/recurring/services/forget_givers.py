from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from apps.platform import db

from .note import note_all
from .stop import end


def forget_givers(*, user_ids: Sequence[UUID]) -> None:
    """Erase who gave each month, in the open transaction: their plans end, names and addresses go, the books stay."""
    plans = [
        row["id"]
        for row in db.rows(
            "SELECT id FROM recurring_plan WHERE donor_id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [list(user_ids)]
        )
    ]
    note_all(end(plans, "erased"), "erased")
    db.execute("DELETE FROM recurring_giver WHERE plan_id = ANY(%s)", [plans])


def end_refused(*, approval_ids: Sequence[UUID]) -> None:
    """Plans whose standing approval the provider refused end: there is nothing to take the next gift by."""
    plans = [
        row["id"]
        for row in db.rows(
            "SELECT id FROM recurring_plan WHERE approval_id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
            [list(approval_ids)],
        )
    ]
    note_all(end(plans, "method"), "method")
