"""Reads of payments, in a constant number of queries."""

from collections.abc import Sequence
from uuid import UUID

from apps.platform import db

from ..data import Payment

_OF = """
    SELECT id, reference, provider, status, hold, amount, currency, captured_amount, refunded_amount, failure_reason,
           created_at
    FROM payments_payment WHERE reference = ANY(%s) ORDER BY created_at, id
"""


def payments_of(*, references: Sequence[UUID]) -> dict[UUID, list[Payment]]:
    """The payments of each reference, oldest first; references without any are left out."""
    found: dict[UUID, list[Payment]] = {}
    for row in db.rows(_OF, [list(references)]):
        found.setdefault(row["reference"], []).append(Payment(**row))
    return found
