from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

from apps.accounts import interface as accounts
from apps.platform import clock, db, wake
from apps.platform.actors import Actor
from apps.platform.errors import Forbidden, Invalid
from apps.platform.ids import new_id

from ...data import Export, GiftFilter
from ...errors import ExportNotFound, TooManyExports
from ...queries.gifts import conditions_of
from ...queries.scope import campaigns_in_view

WRITE = "reporting.write_exports"
FORMATS = ("csv", "xlsx")
MAX_WAITING = 3
_COLUMNS = (
    "id, format, wanted::text AS wanted, status, rows_done, rows_total, size, created_at, finished_at, expires_at"
)


def ask_for_export(*, by: Actor, wanted: GiftFilter, format: str) -> Export:
    """Have all gifts that match, of the campaigns in view, written to a file. One line in the audit trail.

    Raises Invalid for a filter that a list would refuse, CampaignNotFound, Forbidden without an account, TooManyExports.
    """
    if by.user_id is None:
        raise Forbidden
    if format not in FORMATS:
        raise Invalid.field("format", "unknown-choice", f"Choose one of: {', '.join(FORMATS)}.")
    campaigns_in_view(by, wanted.campaign_id)
    conditions_of(wanted)
    export_id = new_id()
    with transaction.atomic():
        waiting = db.rows(
            "SELECT count(*) AS number FROM reporting_export WHERE requested_by_id = %s AND status IN ('due', 'running')",
            [by.user_id],
        )
        if waiting[0]["number"] >= MAX_WAITING:
            raise TooManyExports
        db.execute(
            """INSERT INTO reporting_export (id, requested_by_id, format, wanted, status, rows_done, rows_total, size,
                                             attempts, created_at)
               VALUES (%s, %s, %s, %s, 'due', 0, 0, 0, 0, %s)""",
            [export_id, by.user_id, format, msgspec.json.encode(wanted).decode(), clock.now()],
        )
        told = {"format": format, "status": wanted.status, "campaign": str(wanted.campaign_id or "")}
        accounts.record_action(by=by, action="export.request", subject_id=export_id, detail=told)
        wake.on_commit(WRITE)
    return get_export(export_id=export_id, viewer=by)


def list_exports(*, viewer: Actor, limit: int = 20) -> list[Export]:
    """The viewer's own files, newest first. One query."""
    rows = db.rows(
        f"SELECT {_COLUMNS} FROM reporting_export WHERE requested_by_id = %s ORDER BY created_at DESC LIMIT %s",  # noqa: S608
        [viewer.user_id, limit],
    )
    return [_export(row) for row in rows]


def get_export(*, export_id: UUID, viewer: Actor) -> Export:
    """One of the viewer's own files. Raises ExportNotFound for everybody else's too."""
    rows = db.rows(
        f"SELECT {_COLUMNS} FROM reporting_export WHERE id = %s AND requested_by_id = %s",  # noqa: S608  constants
        [export_id, viewer.user_id],
    )
    if not rows:
        raise ExportNotFound
    return _export(rows[0])


def filter_of(stored: str) -> GiftFilter:
    return msgspec.json.decode(stored, type=GiftFilter, strict=False)


def _export(row: dict[str, Any]) -> Export:
    return Export(**row | {"wanted": filter_of(row["wanted"])})
