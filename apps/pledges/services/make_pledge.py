"""One gift. In a web process, gifts that arrive while others are being committed share the next transaction."""

from __future__ import annotations

import time
from collections.abc import Sequence

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from apps.platform import batching, context, db
from apps.platform.context import Origin
from apps.platform.errors import Refused

from ..data import MadePledge, NewPledge
from ..errors import Busy, OutcomeUnknown
from .make_pledges import Outcome, commit_pledges, make_pledges

MOST, ROOM, PATIENCE = 64, 56, 10.0
"""The largest batch; how many donors this process has waiting at most, fewer than it has threads (64), so that reads go
on while the database hangs; and for how many seconds each of them waits at most."""
LOCK_TIMEOUT = "200ms"
"""How long a batch waits for somebody's lock before each of it tries alone: one who is stuck shall not hold up the rest."""
IDLE_SECONDS = 1.0

_Wish = tuple[NewPledge, Origin]


def make_pledge(*, new: NewPledge) -> MadePledge:
    """Take one wish to give, once per caller and idempotency key.

    Inside a transaction of the caller it becomes part of that one. Raises Invalid, CampaignNotFound, CampaignNotAccepting,
    IdempotencyKeyReused, IdempotencyKeyInUse, Busy (nothing was done) and OutcomeUnknown.
    """
    is_alone = not settings.GROUP_COMMIT or db.in_transaction()
    outcome = _alone(new) if is_alone else _together(new)
    if isinstance(outcome, Refused):
        raise outcome
    return outcome


def _alone(new: NewPledge) -> Outcome:
    return make_pledges(new=[new])[0]


def _together(new: NewPledge) -> Outcome:
    try:
        return _group.submit((new, context.origin()))
    except batching.Full:
        return Busy()
    except batching.BatchFailed:
        return _alone(new)
    except batching.OutcomeUnknown:
        # Asking again is safe by the key, which the database holds for ever; without one it could be a second gift.
        return OutcomeUnknown() if new.idempotency_key is None else _alone(new)


class _Committer:
    """What the group's thread does, on a connection of its own."""

    def __init__(self) -> None:
        self._last = 0.0

    def commit(self, wishes: Sequence[_Wish]) -> list[Outcome]:
        self._prepare()
        try:
            news, origins = [new for new, _ in wishes], [origin for _, origin in wishes]
            return commit_pledges(new=news, origins=origins, lock_timeout=LOCK_TIMEOUT)
        except (OperationalError, InterfaceError) as error:
            if connection.is_usable():
                raise
            connection.close()  # lost, perhaps while committing
            raise batching.OutcomeUnknown from error
        finally:
            self._last = time.monotonic()

    def _prepare(self) -> None:
        """A connection that works: looked at after an error or a pause only, since a look costs a round trip."""
        db.leave_pool()
        if connection.errors_occurred or time.monotonic() - self._last > IDLE_SECONDS:
            connection.close_if_unusable_or_obsolete()
        connection.ensure_connection()


_group: batching.Batcher[_Wish, Outcome] = batching.Batcher(
    _Committer().commit, name="pledges", most=MOST, room=ROOM, patience=PATIENCE
)
