"""What somebody typed into the one search field, as a condition that an index answers."""

from __future__ import annotations

import re
from decimal import Decimal, DecimalException
from typing import Any
from uuid import UUID

from ..data import SEARCH_MAX

Condition = tuple[str, dict[str, Any]]
MIN_LETTERS = 3
_NUMBER = re.compile(r"[0-9][0-9.,]*")


class TooShort(ValueError):
    """Fewer letters than an index can look for."""


def search_gifts(text: str) -> Condition | None:
    """An id, an e-mail address, an amount in whole units, a provider's reference, or part of a name or address."""
    text = _clean(text)
    if not text:
        return None
    if (found := _uuid(text)) is not None:
        return "(pledge_id = %(uuid)s OR reference = %(text)s)", {"uuid": found, "text": str(found)}
    if _NUMBER.fullmatch(text):
        return "(amount = ANY(%(amounts)s) OR reference = %(text)s)", {"amounts": _amounts(text), "text": text}
    return search_people(text)


def search_people(text: str) -> Condition | None:
    """A whole e-mail address, or part of a name or of an address. Raises TooShort."""
    text = _clean(text)
    if not text:
        return None
    if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text):
        return "donor_email = %(email)s", {"email": text.lower()}
    if len(text) < MIN_LETTERS:
        raise TooShort
    pattern = text.upper().replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return "(upper(donor_name) LIKE %(part)s OR upper(donor_email) LIKE %(part)s)", {"part": f"%{pattern}%"}


def _clean(text: str) -> str:
    return text.replace("\x00", "").strip()[:SEARCH_MAX]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) >= 32 else None
    except ValueError:
        return None


def _amounts(text: str) -> list[int]:
    """What the number may mean in minor units: currencies have none, two or three digits after the point."""
    try:
        value = Decimal(text.replace(",", ""))
    except DecimalException:
        return []
    scaled = [value.scaleb(digits) for digits in (2, 0, 3)]
    return [int(each) for each in scaled if each == each.to_integral_value() and 0 < each < 2**63]
