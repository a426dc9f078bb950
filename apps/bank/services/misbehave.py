from uuid import UUID

from apps.platform import db

from ..data import behaviour_of
from ..errors import TryLater

HANG_SECONDS = 8.0


def misbehave_before(*, account: str, reference: UUID) -> None:
    """Raises TryLater for the first calls about a payment, where the test account does that. Commits the count."""
    failing = behaviour_of(account).failing_calls
    if failing and _count(reference, "any") <= failing:
        raise TryLater(retry_after=1)


def hangs_after(*, account: str, reference: UUID, call: str) -> bool:
    """Whether this answer should come too late: once for each kind of call about a payment."""
    return behaviour_of(account).hangs_at_first and _count(reference, call) == 1


def _count(reference: UUID, call: str) -> int:
    return int(
        db.rows(
            """INSERT INTO bank_callcount (reference, call, number) VALUES (%s, %s, 1)
               ON CONFLICT (reference, call) DO UPDATE SET number = bank_callcount.number + 1 RETURNING number""",
            [reference, call],
            using="bank",
        )[0]["number"]
    )
