"""What arrived day by day as a plot drawn on the server, with the same figures for a table: no script, no style in the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from apps.faces.site.templatetags.amounts import day, money, number
from apps.platform.actors import SYSTEM
from apps.platform.hotcache import HotCache
from apps.reporting import interface as reporting

DAYS = 30
WIDTH, HEIGHT, GAP = 600, 120, 3
_periods: HotCache[list[reporting.Period]] = HotCache(seconds=60.0)


@dataclass(frozen=True)
class Bar:
    """A day: where its bar stands in the drawing, and what it says."""

    x: str
    y: str
    width: str
    height: str
    day: str
    gifts: str
    amount: str


@dataclass(frozen=True)
class Plot:
    currency: str
    total: str
    bars: tuple[Bar, ...]


def plots() -> list[Plot]:
    """The last thirty days in each currency that anything arrived in, net of refunds; read once a minute, whoever looks."""
    periods = _periods.get("all", _read)
    return [_plot(each) for each in periods if any(day.captured_amount for day in each.days)]


def _read() -> list[reporting.Period]:
    until = reporting.today()
    return reporting.money_by_day(viewer=SYSTEM, since=until - timedelta(days=DAYS - 1), until=until)


def _plot(period: reporting.Period) -> Plot:
    net = [each.captured_amount - each.refunded_amount for each in period.days]
    top, width = max(net) or 1, WIDTH / len(net)
    bars = []
    for place, (each, amount) in enumerate(zip(period.days, net, strict=True)):
        height = max(amount, 0) / top * HEIGHT
        bars.append(
            Bar(
                x=f"{place * width + GAP / 2:.1f}",
                y=f"{HEIGHT - height:.1f}",
                width=f"{width - GAP:.1f}",
                height=f"{height:.1f}",
                day=day(each.day),
                gifts=number(each.gifts),
                amount=money(amount, period.currency),
            )
        )
    return Plot(period.currency, money(sum(net), period.currency), tuple(bars))
