"""What happens in a storm, drawn from one seed: the same seed asks the same things of the system at the same moments."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

SLOW_FROM = 60.0
"""Accounts that take a minute or more, or hang the bank, come along from this many seconds on."""
HOT_SHARE = 0.6


class Manner(StrEnum):
    """How a donor behaves. All but BAD want one gift, whatever they click."""

    PLAIN = "plain"
    DOUBLE = "clicks twice at once"
    IMPATIENT = "hangs up and tries again"
    AGAIN = "sends the same again later"
    OTHER_AMOUNT = "reuses the key for another amount"
    BAD = "sends what cannot be used"


MANNERS = {
    Manner.PLAIN: 70,
    Manner.DOUBLE: 10,
    Manner.IMPATIENT: 7,
    Manner.AGAIN: 5,
    Manner.OTHER_AMOUNT: 4,
    Manner.BAD: 4,
}
# The bank's test accounts by the last digits: how many of a thousand donors, and whether the money is taken in the end.
SHARES = {"0001": 820, "0002": 50, "0003": 30, "0010": 35, "0011": 25, "0013": 20, "0015": 12}
SLOW_SHARES = {"0012": 4, "0014": 2, "0016": 2}
MOST_HANGING = 8
PAYS = frozenset({"0001", "0010", "0011", "0012", "0014", "0015", "0016"})
BAD_AMOUNTS: tuple[object, ...] = (0, -500, 25.5, "500", 10**17, None)


@dataclass(frozen=True)
class Wish:
    """One donor's wish: `at` seconds into the storm, `amount` minor units, `account` the last digits of a test account."""

    number: int
    at: float
    campaign: UUID
    amount: int
    account: str
    manner: Manner
    bad_amount: object = None

    @property
    def is_paid(self) -> bool:
        return self.account in PAYS and self.manner is not Manner.BAD


def wishes(*, donors: int, seconds: float, seed: int, campaigns: Sequence[UUID]) -> list[Wish]:
    """The donors in the order in which they come: most of them to the first campaign, more and more towards the middle."""
    draw = random.Random(f"donors:{seed}")  # noqa: S311  a plan, not a secret
    shares = SHARES | (SLOW_SHARES if seconds >= SLOW_FROM else {})
    accounts = draw.choices(list(shares), weights=list(shares.values()), k=donors)
    moments = sorted(min(max(draw.triangular(0.0, 1.0, 0.45), 0.0), 1.0) * seconds for _ in range(donors))
    hanging = 0
    found = []
    for number, (at, account) in enumerate(zip(moments, accounts, strict=True)):
        if account == "0014":
            hanging += 1
            account = account if hanging <= MOST_HANGING else "0001"
        is_hot = len(campaigns) == 1 or draw.random() < HOT_SHARE
        found.append(
            Wish(
                number=number,
                at=at,
                campaign=campaigns[0] if is_hot else draw.choice(campaigns[1:]),
                amount=draw.randrange(20, 2_000) * 100,
                account=account,
                manner=draw.choices(list(MANNERS), weights=list(MANNERS.values()))[0],
                bad_amount=draw.choice(BAD_AMOUNTS),
            )
        )
    return found


# What is done to the machine, and when, as a share of the storm's time.
FAULTS = (
    (0.15, "flush"),
    (0.28, "kill worker"),
    (0.40, "outage"),
    (0.60, "kill web"),
    (0.68, "kill scheduler"),
    (0.74, "kill live"),
    (0.80, "flush"),
    (0.88, "kill bank"),
)
