"""Pledges as rows for reports: everything that a list shows, in batches. For contexts above; checks no permissions."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from apps.platform import db

from ..data import GiftRecord, GiftStory, RefundStep, StateStep
from ..states import shown_status

_COLUMNS = """
    SELECT pledge.id AS pledge_id, pledge.campaign_id, pledge.campaign_title, pledge.donor_id, pledge.donor_key,
           coalesce(donor.name, '') AS donor_name, coalesce(donor.email, '') AS donor_email, pledge.is_anonymous,
           pledge.currency, pledge.amount, pledge.captured_amount, pledge.refunded_amount, pledge.status,
           pledge.failure_reason, pledge.created_at, pledge.captured_at, pledge.is_test
    FROM pledges_pledge AS pledge LEFT JOIN pledges_donor AS donor ON donor.pledge_id = pledge.id
"""
_STEPS = "SELECT source, target, reason, at FROM pledges_statechange WHERE pledge_id = %s ORDER BY seq"
_REFUNDS = """
    SELECT id, amount, reason, status, requested_by_id, is_reserved, created_at, counted_at,
           approved_by_id, declined_by_id, decided_at, decision_note
    FROM pledges_refund WHERE pledge_id = %s ORDER BY created_at, id
"""


def gift_records(*, pledge_ids: Collection[UUID]) -> list[GiftRecord]:
    """These pledges as they are now, in one query. Unknown ids are left out."""
    return [_record(row) for row in db.rows(f"{_COLUMNS} WHERE pledge.id = ANY(%s)", [list(pledge_ids)])]


def gift_records_after(*, after: UUID | None, limit: int) -> list[GiftRecord]:
    """The next `limit` pledges in the order of their ids, for reading all of them in constant memory."""
    beyond = "WHERE pledge.id > %(after)s" if after else ""
    rows = db.rows(f"{_COLUMNS} {beyond} ORDER BY pledge.id LIMIT %(limit)s", {"after": after, "limit": limit})
    return [_record(row) for row in rows]


def story_of(*, pledge_id: UUID) -> GiftStory:
    """What happened to a pledge, oldest first: its moves and its refunds. Two queries."""
    return GiftStory(
        steps=tuple(StateStep(**row) for row in db.rows(_STEPS, [pledge_id])),
        refunds=tuple(RefundStep(**row) for row in db.rows(_REFUNDS, [pledge_id])),
    )


def _record(row: dict[str, Any]) -> GiftRecord:
    status = shown_status(row["status"], captured=row["captured_amount"], refunded=row["refunded_amount"])
    return GiftRecord(**row | {"status": status})
