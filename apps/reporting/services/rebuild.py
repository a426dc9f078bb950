"""Building a table anew beside the old one and exchanging the two: readers see the old rows until they see the new ones."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection, transaction

from apps.platform import clock, db
from apps.pledges import interface as pledges

from ..errors import RebuildUnderWay, UnknownProjection
from . import sums
from .exchange import Copy, copy_of
from .project import COLUMNS, LOCK, read_rows, take_lock

Progress = Callable[[int, int], None]
GIFTS = "gifts"
DERIVED: dict[str, tuple[str, Callable[[str], str], str]] = {
    "daily_totals": (
        "reporting_daily_total",
        sums.daily_totals,
        ", ".join(("day", "campaign_id", "currency", *sums.DAILY_COLUMNS)),
    ),
    "campaign_funnel": (
        "reporting_campaign_funnel",
        sums.campaign_funnel,
        ", ".join(("campaign_id", "currency", *sums.FUNNEL_COLUMNS)),
    ),
    "donors": (
        "reporting_donor",
        sums.donors,
        "scope, donor_key, currency, donor_name, donor_email, gifts, captured_amount, refunded_amount, first_at, last_at",
    ),
}
PROJECTIONS = (GIFTS, *DERIVED)
BATCH = 5000
_NAMES = ", ".join(COLUMNS)
_INSERT = f"""
    INSERT INTO {{table}} ({_NAMES})
    SELECT * FROM unnest({", ".join(f"%({name})s::{kind}[]" for name, kind in COLUMNS.items())})
"""  # noqa: S608  constants


def rebuild(*, name: str, progress: Progress = lambda done, total: None, batch: int = BATCH) -> int:
    """Build `name` (with `gifts` all that is derived from it too) from pledges, then exchange it for the table in use.

    Lists and plots go on being read and, but for the exchange itself, refreshed. `progress(done, total)` is called as
    rows come. Returns the number of rows. Commits in between: call outside a transaction. Raises UnknownProjection,
    RebuildUnderWay.
    """
    if name not in PROJECTIONS:
        raise UnknownProjection(f"There is no projection {name!r}. Choose one of: {', '.join(PROJECTIONS)}.")
    if not db.rows("SELECT pg_try_advisory_lock(%s) AS taken", [LOCK + 1])[0]["taken"]:
        raise RebuildUnderWay
    try:
        return _rebuild_gifts(progress, batch) if name == GIFTS else _rebuild_derived(name, progress)
    finally:
        db.execute("DELETE FROM reporting_rebuild")
        db.execute("DELETE FROM reporting_missed")
        db.rows("SELECT pg_advisory_unlock(%s)", [LOCK + 1])


def _rebuild_gifts(progress: Progress, batch: int) -> int:
    # From here on the refresh notes what it touches, so that nothing that moves meanwhile can be missed.
    db.execute("DELETE FROM reporting_missed")
    db.execute(
        "INSERT INTO reporting_rebuild (name, started_at) VALUES (%s, %s) ON CONFLICT DO NOTHING", [GIFTS, clock.now()]
    )
    total = int(
        db.rows("SELECT coalesce(sum(pledges), 0)::bigint AS number FROM reporting_campaign_funnel")[0]["number"]
    )
    with transaction.atomic():
        copy = copy_of("reporting_gift")
    done, after = 0, None
    while records := pledges.gift_records_after(after=after, limit=batch):
        _insert(copy.table, records)
        done, after = done + len(records), records[-1].pledge_id
        progress(done, max(total, done))
    with transaction.atomic():
        _take_time()
        copy.index()
    with transaction.atomic():
        _take_time()
        take_lock(wait=True)
        missed = [row["pledge_id"] for row in db.rows("SELECT DISTINCT pledge_id FROM reporting_missed")]
        db.execute(f"DELETE FROM {copy.table} WHERE pledge_id = ANY(%s)", [missed])  # noqa: S608  a constant
        for start in range(0, len(missed), batch):
            _insert(copy.table, pledges.gift_records(pledge_ids=missed[start : start + batch]))
        copies = [copy, *(_derive(each, copy.table) for each in DERIVED)]
        for each in copies:
            each.exchange()
    return done


def _rebuild_derived(name: str, progress: Progress) -> int:
    with transaction.atomic():
        _take_time()
        take_lock(wait=True)
        copy = _derive(name, "reporting_gift")
        rows = int(db.rows(f"SELECT count(*) AS number FROM {copy.table}")[0]["number"])  # noqa: S608  a constant
        copy.exchange()
    progress(rows, rows)
    return rows


def _derive(name: str, source: str) -> Copy:
    table, select, columns = DERIVED[name]
    copy = copy_of(table)
    rows = select(f"(SELECT *, 1 AS sign FROM {source}) AS gift")  # noqa: S608  constants
    db.execute(f"INSERT INTO {copy.table} ({columns}) SELECT {columns} FROM ({rows}) AS fresh")  # noqa: S608  constants
    copy.index()
    return copy


def _insert(table: str, records: list[pledges.GiftRecord]) -> None:
    rows = read_rows(records)
    db.execute(_INSERT.format(table=table), {name: [row[name] for row in rows] for name in COLUMNS})


def _take_time() -> None:
    """Nobody waits for these statements but the reports themselves."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL lock_timeout = '20s'")
