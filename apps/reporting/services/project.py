"""Reading pledges into the tables. A row is what pledges say now, so that neither order nor repeats of facts can matter;
the sums move by the difference between the row before and the row after."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from apps.payments import interface as payments
from apps.platform import db
from apps.pledges import interface as pledges

from . import sums

LOCK = 0x5245504F  # one writer at a time: the differences are right only if nobody else changes the rows between
COLUMNS: dict[str, str] = {
    "pledge_id": "uuid",
    "campaign_id": "uuid",
    "campaign_title": "text",
    "donor_id": "uuid",
    "donor_key": "text",
    "donor_name": "text",
    "donor_email": "text",
    "is_anonymous": "boolean",
    "currency": "text",
    "amount": "bigint",
    "captured_amount": "bigint",
    "refunded_amount": "bigint",
    "status": "text",
    "failure_reason": "text",
    "provider": "text",
    "reference": "text",
    "created_at": "timestamptz",
    "captured_at": "timestamptz",
    "is_test": "boolean",
}
_NAMES = ", ".join(COLUMNS)
_ARRAYS = ", ".join(f"%({name})s::{kind}[]" for name, kind in COLUMNS.items())
_SET = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS if name != "pledge_id")


def _added(table: str, columns: Iterable[str]) -> str:
    return ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in columns)


# One statement: its parts see the rows as they were before it.
_PROJECT = f"""
    WITH fresh AS MATERIALIZED (SELECT * FROM unnest({_ARRAYS}) AS fresh({_NAMES})),
    change AS MATERIALIZED (
        SELECT {_NAMES}, 1 AS sign FROM fresh
        UNION ALL
        SELECT {_NAMES}, -1 FROM reporting_gift WHERE pledge_id IN (SELECT pledge_id FROM fresh)
    ),
    stored AS (
        INSERT INTO reporting_gift ({_NAMES}) SELECT {_NAMES} FROM fresh ORDER BY pledge_id
        ON CONFLICT (pledge_id) DO UPDATE SET {_SET}
    ),
    days AS (
        INSERT INTO reporting_daily_total AS total (day, campaign_id, currency, {", ".join(sums.DAILY_COLUMNS)})
        {{daily}} ORDER BY day, campaign_id, currency
        ON CONFLICT (day, campaign_id, currency) DO UPDATE SET {_added("total", sums.DAILY_COLUMNS)}
    ),
    funnels AS (
        INSERT INTO reporting_campaign_funnel AS funnel (campaign_id, currency, {", ".join(sums.FUNNEL_COLUMNS)})
        {{funnel}} ORDER BY campaign_id, currency
        ON CONFLICT (campaign_id, currency) DO UPDATE SET {_added("funnel", sums.FUNNEL_COLUMNS)}
    )
    INSERT INTO reporting_donor AS donor (scope, donor_key, currency, donor_name, donor_email, gifts, captured_amount,
                                          refunded_amount, first_at, last_at)
    {{donors}} ORDER BY scope, donor_key, currency
    ON CONFLICT (scope, donor_key, currency) DO UPDATE SET
        {_added("donor", sums.DONOR_COLUMNS)},
        donor_name = CASE WHEN excluded.last_at >= donor.last_at THEN excluded.donor_name ELSE donor.donor_name END,
        donor_email = CASE WHEN excluded.last_at >= donor.last_at THEN excluded.donor_email ELSE donor.donor_email END,
        first_at = least(donor.first_at, excluded.first_at), last_at = greatest(donor.last_at, excluded.last_at)
"""  # noqa: S608  constants


def take_lock(*, wait: bool) -> bool:
    """Become the only writer until the open transaction ends. False when somebody else is and `wait` is not wished."""
    if wait:
        db.rows("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        return True
    return bool(db.rows("SELECT pg_try_advisory_xact_lock(%s) AS taken", [LOCK])[0]["taken"])


def project(pledge_ids: Collection[UUID]) -> int:
    """Bring the rows of these pledges, and the sums over them, to what pledges say now. Call under the lock.

    Four statements however many. Returns how many rows were written.
    """
    records = read_rows(pledges.gift_records(pledge_ids=pledge_ids))
    if records:
        statement = _PROJECT.format(
            daily=sums.daily_totals("change"), funnel=sums.campaign_funnel("change"), donors=sums.donors("change")
        )
        db.execute(statement, {name: [row[name] for row in records] for name in COLUMNS})
    return len(records)


def read_rows(records: Sequence[pledges.GiftRecord]) -> list[dict[str, Any]]:
    """Rows of `reporting_gift` for these records; asks payments for the provider's reference of each."""
    found = payments.payments_of(references=[record.pledge_id for record in records]) if records else {}
    rows = []
    for record in records:
        own = found.get(record.pledge_id)
        taken = own[-1] if own else None
        rows.append(
            {name: getattr(record, name, "") for name in COLUMNS}
            | {"provider": taken.provider if taken else "", "reference": taken.hold if taken else ""}
        )
    return rows
