"""What a storm was and what came of it: one value for the terminal, the page and the machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .books import Account
from .figures import headline
from .journal import Answer
from .watch import Sample


@dataclass(frozen=True)
class Told:
    """One line of the story, `at` seconds into the storm."""

    at: float
    what: str
    is_fault: bool = False


@dataclass
class Outcome:
    run: str
    url: str
    seed: int
    seconds: float
    began_at: str
    story: list[Told] = field(default_factory=list)
    counts: Mapping[str, int] = field(default_factory=dict)
    answers: Sequence[Answer] = ()
    samples: Sequence[Sample] = ()
    door: Mapping[str, int] = field(default_factory=dict)
    account: Account = field(default_factory=Account)
    losses: list[str] = field(default_factory=list)
    audit: Sequence[Mapping[str, Any]] = ()
    lasted: float = 0.0
    page: str = ""

    @property
    def holds(self) -> bool:
        return not self.losses

    @property
    def verdict(self) -> str:
        if self.holds:
            return "Nothing was lost, nothing was taken twice: every unit is accounted for, and the audit holds."
        return f"{len(self.losses)} thing{'s' if len(self.losses) > 1 else ''} did not survive the night."

    def books(self) -> list[tuple[str, str]]:
        """The figures of the accounting, in minor units, for people."""
        account = self.account
        return [
            ("donors who came", _n(self.counts.get("donors", 0))),
            ("requests they made", _n(self.counts.get("requests", 0))),
            ("acknowledged / refused / never answered", _slashed(self.counts, "acknowledged", "refused", "unanswered")),
            ("pledges in the books", _n(account.pledges)),
            ("promised", _n(account.promised)),
            ("taken", _n(account.captured)),
            ("declined", _n(account.declined)),
            ("still on its way", _n(account.open)),
            ("given back", _n(account.refunded)),
            ("shown on the pages", _n(account.raised)),
            ("the bank took / gave back", f"{_n(account.bank_captured)} / {_n(account.bank_refunded)}"),
        ]

    def as_json(self) -> dict[str, Any]:
        """The stable shape of `manage.py storm --json`."""
        return {
            "holds": self.holds,
            "run": self.run,
            "seed": self.seed,
            "seconds": self.seconds,
            "lasted": round(self.lasted, 1),
            "counts": dict(self.counts),
            "http": headline(self.answers),
            "worst_outbox_lag_seconds": round(max((each.lag for each in self.samples), default=0.0), 2),
            "account": {name: value for name, value in vars(self.account).items() if name != "losses"},
            "webhooks": dict(self.door),
            "story": [{"at": round(each.at, 1), "what": each.what, "is_fault": each.is_fault} for each in self.story],
            "losses": self.losses,
            "audit": {"holds": all(each["holds"] for each in self.audit), "checks": len(self.audit)},
            "page": self.page,
        }


def _slashed(counts: Mapping[str, int], *names: str) -> str:
    return " / ".join(_n(counts.get(name, 0)) for name in names)


def _n(number: int) -> str:
    return f"{number:,}".replace(",", " ")
