"""Money over time, from daily sums; a year of a thousand campaigns is a few hundred thousand small rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from apps.platform import clock, db
from apps.platform.actors import Actor
from apps.platform.replica import may_be_stale

from ..data import COUNT_CAP, CampaignMoney, Day, Funnel, Hour, Period
from .gifts import day_begins
from .scope import campaigns_in_view

_SUMS = ", ".join(
    f"sum({name})::bigint AS {name}" for name in ("pledges", "failed", "gifts", "captured_amount", "refunded_amount")
)


def today() -> date:
    """The organisation's today."""
    return clock.now().astimezone(ZoneInfo(settings.REPORTS_TIME_ZONE)).date()


@may_be_stale
def money_by_day(*, viewer: Actor, since: date, until: date, campaign_id: UUID | None = None) -> list[Period]:
    """The days from `since` to `until` in each currency, most captured first, beside as many days before. One query.

    Raises CampaignNotFound for a campaign that is not in view.
    """
    own = campaigns_in_view(viewer, campaign_id)
    length = (until - since).days + 1
    start = since - timedelta(days=length)
    rows = db.rows(
        f"""SELECT day, currency, {_SUMS} FROM reporting_daily_total
            WHERE day BETWEEN %(start)s AND %(until)s {_own(own)} GROUP BY day, currency""",  # noqa: S608  constants
        {"start": start, "until": until, "own": own},
    )
    periods = [_period(currency, rows, since, length) for currency in sorted({row["currency"] for row in rows})]
    return sorted(periods, key=lambda each: each.total.captured_amount, reverse=True)


@may_be_stale
def hours_of_today(*, viewer: Actor, currency: str, campaign_id: UUID | None = None) -> list[Hour]:
    """What was captured in each hour of today, all hours. One query."""
    own = campaigns_in_view(viewer, campaign_id)
    rows = db.rows(
        f"""SELECT extract(hour FROM captured_at AT TIME ZONE %(zone)s)::int AS hour, count(*) AS gifts,
                   sum(captured_amount)::bigint AS captured_amount
            FROM reporting_gift WHERE captured_at >= %(start)s AND currency = %(currency)s {_own(own)} GROUP BY 1""",  # noqa: S608
        {"zone": settings.REPORTS_TIME_ZONE, "start": day_begins(today()), "currency": currency, "own": own},
    )
    found = {row["hour"]: Hour(**row) for row in rows}
    return [found.get(hour, Hour(hour=hour, gifts=0, captured_amount=0)) for hour in range(24)]


@may_be_stale
def top_campaigns(*, viewer: Actor, since: date, until: date, limit: int = 5) -> list[CampaignMoney]:
    """The campaigns that captured most in these days. One query."""
    own = campaigns_in_view(viewer)
    rows = db.rows(
        f"""SELECT campaign_id, currency, sum(gifts)::bigint AS gifts, sum(captured_amount)::bigint AS captured_amount,
                   sum(refunded_amount)::bigint AS refunded_amount
            FROM reporting_daily_total WHERE day BETWEEN %(since)s AND %(until)s {_own(own)}
            GROUP BY campaign_id, currency HAVING sum(captured_amount) > 0
            ORDER BY captured_amount DESC, campaign_id LIMIT %(limit)s""",  # noqa: S608  constants
        {"since": since, "until": until, "own": own, "limit": limit},
    )
    return [CampaignMoney(**row) for row in rows]


@may_be_stale
def funnel(*, viewer: Actor, campaign_id: UUID | None = None) -> list[Funnel]:
    """Where the pledges of the campaigns in view stand, by currency. One query."""
    own = campaigns_in_view(viewer, campaign_id)
    names = [name for name in Funnel.__dataclass_fields__ if name != "currency"]
    rows = db.rows(
        f"""SELECT currency, {", ".join(f"sum({name})::bigint AS {name}" for name in names)}
            FROM reporting_campaign_funnel WHERE true {_own(own)} GROUP BY currency ORDER BY captured_amount DESC""",  # noqa: S608
        {"own": own},
    )
    return [Funnel(**row) for row in rows]


@may_be_stale
def campaign_money(*, campaign_ids: Iterable[UUID]) -> dict[UUID, CampaignMoney]:
    """What each campaign captured, for a list of campaigns that the caller may show. One query."""
    rows = db.rows(
        """SELECT campaign_id, currency, captured AS gifts, captured_amount, refunded_amount
           FROM reporting_campaign_funnel WHERE campaign_id = ANY(%s)""",
        [list(campaign_ids)],
    )
    return {row["campaign_id"]: CampaignMoney(**row) for row in rows}


@may_be_stale
def stuck_gifts(*, viewer: Actor, older_than: timedelta = timedelta(hours=1)) -> int:
    """How many gifts still wait for the provider's first answer after that time, at most COUNT_CAP. One query."""
    own = campaigns_in_view(viewer)
    found = db.rows(
        f"""SELECT count(*) AS number FROM (
                SELECT 1 FROM reporting_gift WHERE status = 'pending' AND created_at < %(before)s {_own(own)}
                LIMIT %(cap)s) AS counted""",  # noqa: S608  constants
        {"before": clock.now() - older_than, "own": own, "cap": COUNT_CAP},
    )
    return int(found[0]["number"])


def last_refreshed() -> datetime | None:
    """Since when a change to a pledge waits to be shown; None when nothing waits."""
    since: datetime | None = db.rows("SELECT min(since) AS since FROM reporting_due")[0]["since"]
    return since


def _own(own: list[UUID] | None) -> str:
    return "" if own is None else "AND campaign_id = ANY(%(own)s)"


def _period(currency: str, rows: list[dict[str, Any]], since: date, length: int) -> Period:
    found = {row["day"]: row for row in rows if row["currency"] == currency}
    days = [_day(found, since + timedelta(days=step)) for step in range(length)]
    before = [_day(found, since - timedelta(days=step)) for step in range(1, length + 1)]
    return Period(
        currency=currency, days=tuple(days), before=Period(currency=currency, days=tuple(before), before=days[0]).total
    )


def _day(found: dict[date, dict[str, Any]], day: date) -> Day:
    values = {name: value for name, value in found.get(day, {}).items() if name not in ("day", "currency")}
    return Day(day=day, **values)
