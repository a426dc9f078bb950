"""Donors as they gave to the campaigns in view. Only captured gifts make a donor."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apps.platform import db
from apps.platform.actors import Actor
from apps.platform.errors import Invalid
from apps.platform.replica import may_be_stale

from ..data import COUNT_CAP, DonorRow, Page
from .keyset import Way
from .scope import campaigns_in_view
from .search import TooShort, search_people

_COLUMNS = ", ".join(DonorRow.__dataclass_fields__)
ALL_CAMPAIGNS = UUID(int=0)


@may_be_stale
def list_donors(
    *,
    viewer: Actor,
    campaign_id: UUID | None = None,
    search: str = "",
    cursor: str | None = None,
    page_size: int = 50,
) -> Page[DonorRow]:
    """Donors of one campaign, or of all campaigns in view, who gave last first; a line per donor and currency (and, where
    somebody manages several campaigns, per campaign). Three queries at most. Raises CampaignNotFound, Invalid."""
    way, own = Way(cursor), campaigns_in_view(viewer, campaign_id)
    scopes = [ALL_CAMPAIGNS] if own is None else own
    params: dict[str, Any] = {"scopes": scopes, "limit": page_size + 1}
    conditions: list[str] = []
    try:
        if found := search_people(search):
            conditions.append(found[0])
            params |= found[1]
    except TooShort:
        raise Invalid.field("search", "too-short", "Type at least three letters of a name or an address.") from None
    counted = db.rows(
        f"""SELECT count(*) AS number FROM (
                SELECT 1 FROM reporting_donor WHERE {_where("scope = ANY(%(scopes)s)", conditions)} LIMIT %(cap)s
            ) AS counted""",  # noqa: S608  constants
        params | {"cap": COUNT_CAP + 1},
    )
    if way.edge:
        conditions.append(f"(last_at, id) {way.side} (%(edge_at)s, %(edge_id)s)")
        params |= {"edge_at": way.edge[0], "edge_id": way.edge[1]}
    rows = db.rows(_select(len(scopes), bool(search), conditions, way), params)
    number = int(counted[0]["number"])
    return way.page(
        rows, page_size, lambda row: (row["last_at"], row["id"]), lambda **row: DonorRow(**row), number, COUNT_CAP
    )


def _select(scopes: int, is_search: bool, conditions: list[str], way: Way) -> str:
    """In the order of an index: of several campaigns each gives its first rows; a search has an index of its own."""
    order = f"ORDER BY last_at {way.order}, id {way.order} LIMIT %(limit)s"
    if scopes == 1 or is_search:
        scope = "scope = (%(scopes)s)[1]" if scopes == 1 else "scope = ANY(%(scopes)s)"
        return f"SELECT {_COLUMNS} FROM reporting_donor WHERE {_where(scope, conditions)} {order}"  # noqa: S608  constants
    return f"""
        SELECT {_COLUMNS} FROM unnest(%(scopes)s::uuid[]) AS owned(campaign)
        CROSS JOIN LATERAL (
            SELECT {_COLUMNS} FROM reporting_donor WHERE {_where("scope = owned.campaign", conditions)} {order}
        ) AS donor {order}
    """  # noqa: S608  constants


def _where(scope: str, conditions: list[str]) -> str:
    return " AND ".join((scope, *conditions))


@may_be_stale
def donor_sums(*, viewer: Actor, donor_key: str) -> list[DonorRow]:
    """What one donor gave to the campaigns in view, a line per currency; empty when nothing was. Two queries."""
    own = campaigns_in_view(viewer)
    rows = db.rows(
        """SELECT min(id) AS id, donor_key, (array_agg(donor_name ORDER BY last_at DESC))[1] AS donor_name,
                  (array_agg(donor_email ORDER BY last_at DESC))[1] AS donor_email, currency, sum(gifts)::bigint AS gifts,
                  sum(captured_amount)::bigint AS captured_amount, sum(refunded_amount)::bigint AS refunded_amount,
                  min(first_at) AS first_at, max(last_at) AS last_at
           FROM reporting_donor WHERE donor_key = %(key)s AND scope = ANY(%(scopes)s)
           GROUP BY donor_key, currency ORDER BY captured_amount DESC""",
        {"key": donor_key, "scopes": [ALL_CAMPAIGNS] if own is None else own},
    )
    return [DonorRow(**row) for row in rows]
