"""What crosses the border of this context."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any
from uuid import UUID


class Sign(Enum):
    """What the form that was sent tells about who sent it."""

    QUICK = "quick"  # filled in faster than a person reads it
    TRAPPED = "trapped"  # a field that people do not see was filled in
    FORMLESS = "formless"  # not our form, or one too old
    WAITED = "waited"  # the sender was asked to wait, and did


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """A wish to give, as the guard sees it. Address, e-mail and device are kept as keyed hashes only, for a day.

    `device` is whatever tells one browser from another, empty where nothing does.
    """

    campaign_id: UUID
    address: str
    email: str = ""
    device: str = ""
    signs: frozenset[Sign] = frozenset()


@dataclass(frozen=True)
class Challenge:
    """A proof of work to be done before trying again; `parameters` and `signature` as ALTCHA's second version has them."""

    parameters: dict[str, Any]
    signature: str

    def as_json(self) -> dict[str, Any]:
        return {"parameters": self.parameters, "signature": self.signature}
