"""What was given so far, for the home page and the open books: read once in a few seconds, whoever looks."""

from __future__ import annotations

from dataclasses import dataclass

from apps.campaigns import interface as campaigns
from apps.faces.site.templatetags.amounts import money, number, percent
from apps.platform.hotcache import HotCache
from apps.pledges import interface as pledges

from .cards import CATEGORY_NAMES

Sums = tuple[campaigns.PublicSum, ...]
_sums: HotCache[Sums] = HotCache(seconds=5.0)
_gifts: HotCache[int] = HotCache(seconds=5.0)


@dataclass(frozen=True)
class CategoryLine:
    """`bar` is the share of the goals that was reached, 0 to 100."""

    name: str
    campaigns: str
    raised: str
    goal: str
    percent: str
    bar: int


@dataclass(frozen=True)
class CurrencyBook:
    currency: str
    raised: str
    lines: tuple[CategoryLine, ...]


def public_sums() -> Sums:
    return _sums.get("all", campaigns.public_sums)


def gifts() -> int:
    return _gifts.get("all", pledges.captured_count)


def amounts_given() -> list[str]:
    """One amount per currency in the reader's language, those with the most donors first."""
    return [money(sum(each.raised_amount for each in part), currency) for currency, part in _by_currency().items()]


def books() -> list[CurrencyBook]:
    """Per currency what each category asked for and what came."""
    return [
        CurrencyBook(
            currency=currency,
            raised=money(sum(each.raised_amount for each in part), currency),
            lines=tuple(_line(each) for each in sorted(part, key=lambda each: -each.raised_amount)),
        )
        for currency, part in _by_currency().items()
    ]


def _line(part: campaigns.PublicSum) -> CategoryLine:
    share = part.raised_amount * 100 // part.goal_amount
    return CategoryLine(
        name=str(CATEGORY_NAMES[part.category]),
        campaigns=number(part.campaigns),
        raised=money(part.raised_amount, part.currency),
        goal=money(part.goal_amount, part.currency),
        percent=percent(share),
        bar=min(100, share),
    )


def _by_currency() -> dict[str, list[campaigns.PublicSum]]:
    parts: dict[str, list[campaigns.PublicSum]] = {}
    for each in public_sums():
        parts.setdefault(each.currency, []).append(each)
    given = {currency: part for currency, part in parts.items() if any(each.raised_amount for each in part)}
    return dict(sorted(given.items(), key=lambda item: -sum(each.donor_count for each in item[1])))
