"""Writing a file: PostgreSQL streams the rows by COPY over a connection of its own, so that memory does not grow with them
and progress can be committed beside the running query."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import psycopg
from django.conf import settings
from django.db import connections, transaction

from apps.accounts import interface as accounts
from apps.notifications import interface as notifications
from apps.platform import clock, db, replica
from apps.platform.actors import Actor

from ...queries.gifts import conditions_of
from ...queries.scope import campaigns_in_view
from .ask import filter_of

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
KEEP = timedelta(hours=24)
MAX_ATTEMPTS = 3
STEP = 20_000
SHEET_ROWS = 1_000_000
_CLAIM = """
    UPDATE reporting_export SET status = 'running', attempts = attempts + 1, lease_until = %(until)s, rows_done = 0
    WHERE id = (
        SELECT id FROM reporting_export
        WHERE (status = 'due' OR (status = 'running' AND lease_until < %(now)s)) ORDER BY created_at
        LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id, requested_by_id, format, wanted::text AS wanted, attempts
"""
_PROGRESS = "UPDATE reporting_export SET rows_done = %s, lease_until = %s WHERE id = %s"
_TOTAL = "UPDATE reporting_export SET rows_total = %s WHERE id = %s"
_DONE = """
    UPDATE reporting_export SET status = 'done', rows_done = %(rows)s, rows_total = %(rows)s, size = %(size)s,
           finished_at = %(now)s, expires_at = %(until)s WHERE id = %(id)s
"""
_FAILED = "UPDATE reporting_export SET status = %s, finished_at = %s WHERE id = %s"
# A spreadsheet takes what begins like this for a formula; the apostrophe makes it text.
_SAFE = r"CASE WHEN {0} ~ '^[=+\-@\t\r|%%]' THEN '''' || {0} ELSE {0} END"
_TEXTS = ("campaign_title", "donor_name", "donor_email", "failure_reason", "reference")
COLUMNS = (
    "pledge_id",
    "created_at",
    "captured_at",
    "status",
    "currency",
    "amount",
    "captured_amount",
    "refunded_amount",
    "campaign_id",
    "campaign_title",
    "donor_name",
    "donor_email",
    "is_anonymous",
    "failure_reason",
    "provider",
    "reference",
    "is_test",
)


def write_exports() -> int:
    """Write the files that are due, one after the other. Returns how many. Call outside a transaction."""
    written = 0
    while claimed := db.rows(_CLAIM, {"now": clock.now(), "until": clock.now() + LEASE}):
        export = claimed[0]
        try:
            rows = _write(export)
        except Exception:
            log.exception("export failed", extra={"export": str(export["id"]), "attempts": export["attempts"]})
            path_of(export["id"], export["format"]).unlink(missing_ok=True)
            status = "failed" if export["attempts"] >= MAX_ATTEMPTS else "due"
            db.execute(_FAILED, [status, clock.now() if status == "failed" else None, export["id"]])
            if status == "due":
                return written  # the next round of the timetable tries again
            continue
        size = path_of(export["id"], export["format"]).stat().st_size
        now = clock.now()
        with transaction.atomic():
            db.execute(_DONE, {"rows": rows, "size": size, "now": now, "until": now + KEEP, "id": export["id"]})
            notifications.tell_of_file(user_id=export["requested_by_id"], file_id=export["id"], until=now + KEEP)
        written += 1
    return written


def forget_exports() -> int:
    """Delete files a day after they were made. Returns how many."""
    gone = db.rows(
        """UPDATE reporting_export SET status = 'expired' WHERE status = 'done' AND expires_at < %s
           RETURNING id, format""",
        [clock.now()],
    )
    for row in gone:
        path_of(row["id"], row["format"]).unlink(missing_ok=True)
    return len(gone)


def path_of(export_id: Any, format: str) -> Path:
    """Where a file lies: outside of everything that the web server shows by itself."""
    return Path(settings.EXPORTS_ROOT) / f"{export_id}.{format}"


def _write(export: dict[str, Any]) -> int:
    """The rows of the file; what its owner may see is looked up now, not when it was asked for."""
    owner = accounts.actor_of_user(user_id=export["requested_by_id"])
    sql, params = _query(export, owner)
    path = path_of(export["id"], export["format"])
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    scratch = path.with_suffix(".part")

    def progress(rows: int) -> None:
        db.execute(_PROGRESS, [rows, clock.now() + LEASE, export["id"]])

    # A replica may break off long reads to keep up; then the next attempt goes to the primary.
    place = replica.ALIAS if export["attempts"] == 1 and replica.is_usable() else replica.PRIMARY
    with _own_connection(place) as own, own.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({sql}) AS wanted", params or None)  # noqa: S608  a text of ours
        counted = cursor.fetchone()
        db.execute(_TOTAL, [counted[0] if counted else 0, export["id"]])
        write = _csv if export["format"] == "csv" else _xlsx
        rows = write(cursor, sql, params, scratch, progress)
    scratch.replace(path)
    return rows


def _query(export: dict[str, Any], owner: Actor) -> tuple[str, dict[str, Any]]:
    wanted = filter_of(export["wanted"])
    own = campaigns_in_view(owner, wanted.campaign_id)
    conditions, params = conditions_of(wanted)
    if own is not None:
        conditions.append("campaign_id = ANY(%(own)s)")
        params["own"] = own
    shown = ", ".join(f"{_SAFE.format(name)} AS {name}" if name in _TEXTS else name for name in COLUMNS)
    where = "WHERE " + " AND ".join(conditions) if conditions else ""
    return f"SELECT {shown} FROM reporting_gift {where} ORDER BY created_at, pledge_id", params  # noqa: S608  constants


def _csv(cursor: Any, sql: str, params: dict[str, Any], path: Path, progress: Callable[[int], None]) -> int:
    """UTF-8 with a mark at its beginning, by which spreadsheets recognise it."""
    lines = 0
    with path.open("wb") as out, cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT csv, HEADER)", params or None) as copy:
        out.write(b"\xef\xbb\xbf")
        for block in copy:
            out.write(block)
            lines += 1
            if lines % STEP == 0:
                progress(lines)
    return max(0, lines - 1)


def _xlsx(cursor: Any, sql: str, params: dict[str, Any], path: Path, progress: Callable[[int], None]) -> int:
    """Row by row to the disk; a sheet takes a million rows, then comes the next. Amounts stay whole minor units."""
    import xlsxwriter

    book = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    numbers = {COLUMNS.index(name) for name in ("amount", "captured_amount", "refunded_amount")}
    rows, sheet = 0, cast(Any, None)
    with cursor.copy(f"COPY ({sql}) TO STDOUT", params or None) as copy:
        for row in copy.rows():
            place = rows % SHEET_ROWS
            if place == 0:
                sheet = book.add_worksheet(f"Gifts {rows // SHEET_ROWS + 1}")
                sheet.write_row(0, 0, COLUMNS)
            for column, value in enumerate(row):
                if column in numbers:
                    sheet.write_number(place + 1, column, int(value))
                elif value:
                    sheet.write_string(place + 1, column, value)
            rows += 1
            if rows % STEP == 0:
                progress(rows)
    if sheet is None:
        book.add_worksheet("Gifts 1").write_row(0, 0, COLUMNS)
    book.close()
    return rows


@contextmanager
def _own_connection(place: str) -> Iterator[psycopg.Connection[Any]]:
    """A second session, read-only and without the time limit of requests."""
    values = {name: value for name, value in connections[place].get_connection_params().items() if name in _DIAL}
    with psycopg.connect(**values, options="-c statement_timeout=0 -c default_transaction_read_only=on") as own:
        yield own


_DIAL = {"host", "port", "user", "password", "dbname", "connect_timeout"}
