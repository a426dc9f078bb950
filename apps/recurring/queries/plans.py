"""Plans as their donors, and letters to them, see them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from apps.accounts import interface as accounts
from apps.platform import db
from apps.pledges import interface as pledges

from ..data import GiftPlan, Plan, PlanLetter, PlanMonth
from ..errors import PlanNotFound
from .tokens import TOKEN_LENGTH, plan_token, token_hash

SHOWN = 24
_PLANS = """
    SELECT id, campaign_id, campaign_title, amount, currency, day, next_on, status, reason, is_anonymous, created_at, ended_at,
           cover_amount
    FROM recurring_plan AS plan
"""
_MONTHS = """
    SELECT month.due_on, month.status, month.retry_on, last.amount, last.reason, last.pledge_id
    FROM recurring_month AS month LEFT JOIN LATERAL (
        SELECT amount, reason, pledge_id FROM recurring_try AS try WHERE try.month_id = month.id
        ORDER BY status = 'captured' DESC, number DESC LIMIT 1
    ) AS last ON true
    WHERE month.plan_id = %s ORDER BY month.month DESC LIMIT %s
"""
_OF_GIFTS = """
    SELECT try.pledge_id, try.number = 1 AND NOT EXISTS (
               SELECT FROM recurring_month AS earlier WHERE earlier.plan_id = plan.id AND earlier.month < month.month
           ) AS is_first,
           plan.id AS plan_id, plan.amount, plan.day, plan.next_on, plan.status
    FROM recurring_try AS try JOIN recurring_month AS month ON month.id = try.month_id
    JOIN recurring_plan AS plan ON plan.id = month.plan_id
    WHERE try.pledge_id = ANY(%s)
"""
_LETTERS = """
    SELECT note.id AS note_id, note.what, note.data, giver.email, giver.name, giver.language, plan.donor_id, plan.id,
           plan.campaign_id, plan.campaign_title, plan.amount, plan.currency, plan.day, plan.next_on, plan.status, plan.reason,
           plan.is_anonymous, plan.created_at, plan.ended_at, plan.cover_amount
    FROM recurring_note AS note JOIN recurring_plan AS plan ON plan.id = note.plan_id
    JOIN recurring_giver AS giver ON giver.plan_id = plan.id
    WHERE note.id = ANY(%s)
"""
_PERSON = ("note_id", "what", "data", "email", "name", "language", "donor_id")


def follow_plan(*, token: str) -> Plan:
    """The plan behind a link, with its months, for whoever holds it. Two queries. Raises PlanNotFound alike for wrong and
    unknown tokens."""
    found = db.rows(f"{_PLANS} WHERE access_hash = %s", [token_hash(token)]) if len(token) == TOKEN_LENGTH else []
    if not found:
        raise PlanNotFound
    months = tuple(_month(row) for row in db.rows(_MONTHS, [found[0]["id"], SHOWN]))
    return _plan(found[0], months)


def plans_of_donor(*, donor_id: UUID) -> tuple[Plan, ...]:
    """The plans of a signed-in donor, those that go on first, without their months. Does not check permissions."""
    return _those(f"{_PLANS} WHERE donor_id = %s ORDER BY status = 'ended', id DESC", donor_id)


def plans_of_address(*, donor_key: str) -> tuple[Plan, ...]:
    """The plans of an address that was proven by its link, erased people's left out. Does not check permissions."""
    alive = "EXISTS (SELECT FROM recurring_giver AS giver WHERE giver.plan_id = plan.id)"
    return _those(f"{_PLANS} WHERE donor_key = %s AND {alive} ORDER BY status = 'ended', id DESC", donor_key)


def plans_of_gifts(*, pledge_ids: Collection[UUID]) -> dict[UUID, GiftPlan]:
    """The plans that these gifts belong to; gifts given once are left out. One query."""
    found = {}
    for row in db.rows(_OF_GIFTS, [list(pledge_ids)]):
        pledge_id = row.pop("pledge_id")
        found[pledge_id] = GiftPlan(**row, token=plan_token(row["plan_id"]))
    return found


def plan_letters(*, note_ids: Collection[UUID]) -> dict[UUID, PlanLetter]:
    """What letters about these notes say, and to whom; those of erased people are missing. Account holders are written to
    under the address of their account. Two queries."""
    rows = db.rows(_LETTERS, [list(note_ids)])
    ids = {row["donor_id"] for row in rows if row["donor_id"]}
    users = accounts.get_users(user_ids=list(ids)) if ids else {}
    letters = {}
    for row in rows:
        person: dict[str, Any] = {name: row.pop(name) for name in _PERSON}
        if isinstance(person["data"], str):  # a plain cursor leaves jsonb as text
            person["data"] = msgspec.json.decode(person["data"])
        if user := users.get(person["donor_id"]):
            person["email"] = user.email
        note_id = person.pop("note_id")
        letters[note_id] = PlanLetter(**person, plan=_plan(row))
    return letters


def months_taken(plan_id: UUID, since: date) -> set[date]:
    """The months from `since` on that have their gift, or shall have none."""
    rows = db.rows("SELECT month FROM recurring_month WHERE plan_id = %s AND month >= %s", [plan_id, since])
    return {row["month"] for row in rows}


def _those(sql: str, key: object) -> tuple[Plan, ...]:
    return tuple(_plan(row) for row in db.rows(sql, [key]))


def _plan(row: dict[str, Any], months: tuple[PlanMonth, ...] = ()) -> Plan:
    return Plan(**row, token=plan_token(row["id"]), months=months)


def _month(row: dict[str, Any]) -> PlanMonth:
    pledge_id = row.pop("pledge_id")
    token = pledges.tracking_token(pledge_id=pledge_id) if pledge_id else ""
    return PlanMonth(**row | {"amount": row["amount"] or 0, "reason": row["reason"] or ""}, tracking_token=token)
