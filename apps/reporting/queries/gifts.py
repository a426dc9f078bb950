"""The list of gifts: by keyset over indexes, with a count that stops counting early."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from apps.platform import db
from apps.platform.actors import Actor
from apps.platform.errors import Invalid
from apps.platform.replica import may_be_stale

from ..data import COUNT_CAP, STATUSES, GiftFilter, GiftRow, Page
from .keyset import Way
from .scope import campaigns_in_view
from .search import TooShort, search_gifts

_COLUMNS = ", ".join(GiftRow.__dataclass_fields__)


@may_be_stale
def list_gifts(
    *, viewer: Actor, wanted: GiftFilter | None = None, cursor: str | None = None, page_size: int = 50
) -> Page[GiftRow]:
    """Gifts that the viewer may see, newest first, in three queries at most. `cursor="last"` is the last page.

    Raises CampaignNotFound for a campaign that is not in view, Invalid for a cursor, a status or a search of one or two letters.
    """
    wanted, way = wanted or GiftFilter(), Way(cursor)
    own = campaigns_in_view(viewer, wanted.campaign_id)
    conditions, params = conditions_of(wanted)
    if own is not None:
        params["own"] = own
    edge = ""
    if way.edge:
        edge = f"(created_at, pledge_id) {way.side} (%(edge_at)s, %(edge_id)s)"
        params |= {"edge_at": way.edge[0], "edge_id": way.edge[1]}
    order = f"ORDER BY created_at {way.order}, pledge_id {way.order} LIMIT %(limit)s"
    rows = db.rows(_select(own, [*conditions, edge], order, wanted), params | {"limit": page_size + 1})
    count = _count(own, conditions, params, wanted)
    cap = count if not conditions else COUNT_CAP
    return way.page(
        rows, page_size, lambda row: (row["created_at"], row["pledge_id"]), lambda **row: GiftRow(**row), count, cap
    )


def matching_gifts(*, viewer: Actor, wanted: GiftFilter, limit: int) -> list[UUID]:
    """The ids of the gifts that a list would show, newest first, at most `limit`. One query.

    Raises CampaignNotFound for a campaign that is not in view, Invalid.
    """
    own = campaigns_in_view(viewer, wanted.campaign_id)
    conditions, params = conditions_of(wanted)
    if own is not None:
        conditions.append("campaign_id = ANY(%(own)s)")
    rows = db.rows(
        f"""SELECT pledge_id FROM reporting_gift {_where(conditions)}
            ORDER BY created_at DESC, pledge_id DESC LIMIT %(limit)s""",  # noqa: S608  constants
        params | {"own": own, "limit": limit},
    )
    return [row["pledge_id"] for row in rows]


def conditions_of(wanted: GiftFilter) -> tuple[list[str], dict[str, Any]]:
    """What the filter says, apart from the campaign, as SQL over `reporting_gift`. Raises Invalid."""
    conditions: list[str] = []
    params: dict[str, Any] = {}
    if wanted.status:
        if wanted.status not in STATUSES:
            raise Invalid.field("status", "unknown-choice", f"Choose one of: {', '.join(STATUSES)}.")
        conditions.append("status = %(status)s")
        params["status"] = wanted.status
    if wanted.donor_key:
        conditions.append("donor_key = %(donor_key)s")
        params["donor_key"] = wanted.donor_key
    if wanted.is_test is not None:
        conditions.append("is_test = %(is_test)s")
        params["is_test"] = wanted.is_test
    if wanted.pledge_ids:
        conditions.append("pledge_id = ANY(%(pledge_ids)s)")
        params["pledge_ids"] = list(wanted.pledge_ids)
    if wanted.since:
        conditions.append("created_at >= %(since)s")
        params["since"] = day_begins(wanted.since)
    if wanted.until:
        conditions.append("created_at < %(until)s")
        params["until"] = day_begins(wanted.until + timedelta(days=1))
    try:
        if found := search_gifts(wanted.search):
            conditions.append(found[0])
            params |= found[1]
    except TooShort:
        raise Invalid.field("search", "too-short", "Type at least three letters of a name or an address.") from None
    return conditions, params


def day_begins(day: date) -> datetime:
    """When a day of the organisation begins."""
    return datetime.combine(day, time(), tzinfo=ZoneInfo(settings.REPORTS_TIME_ZONE))


def _select(own: list[UUID] | None, conditions: list[str], order: str, wanted: GiftFilter) -> str:
    """Of several campaigns each gives its first rows, in the order of its index; a search has an index of its own."""
    said = [each for each in conditions if each]
    if own is None or len(own) == 1 or wanted.search:
        where = [*said, *(["campaign_id = ANY(%(own)s)"] if own is not None else [])]
        return f"SELECT {_COLUMNS} FROM reporting_gift {_where(where)} {order}"  # noqa: S608  constants
    of_one = ["campaign_id = owned.id", *said]
    return f"""
        SELECT {_COLUMNS} FROM unnest(%(own)s::uuid[]) AS owned(id)
        CROSS JOIN LATERAL (SELECT {_COLUMNS} FROM reporting_gift {_where(of_one)} {order}) AS gift {order}
    """  # noqa: S608  constants


def _count(own: list[UUID] | None, conditions: list[str], params: dict[str, Any], wanted: GiftFilter) -> int:
    """Without a filter the exact number, from the funnel; with one, at most one more than the cap."""
    if not conditions:
        mine = "WHERE campaign_id = ANY(%(own)s)" if own is not None else ""
        found = db.rows(
            f"SELECT coalesce(sum(pledges), 0)::bigint AS number FROM reporting_campaign_funnel {mine}",  # noqa: S608
            params,
        )
        return int(found[0]["number"])
    where = [*conditions, *(["campaign_id = ANY(%(own)s)"] if own is not None else [])]
    return int(
        db.rows(
            f"""SELECT count(*) AS number FROM (
                    SELECT 1 FROM reporting_gift {_where(where)} LIMIT %(cap)s) AS counted""",  # noqa: S608  constants
            params | {"cap": COUNT_CAP + 1},
        )[0]["number"]
    )


def _where(conditions: list[str]) -> str:
    return "WHERE " + " AND ".join(conditions) if conditions else ""
