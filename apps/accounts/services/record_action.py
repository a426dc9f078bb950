from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from apps.platform import clock, context, db
from apps.platform.actors import Actor

ACTION = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")


def record_action(*, by: Actor, action: str, subject_id: UUID | str, detail: Mapping[str, Any] | None = None) -> None:
    """Add one line to the audit trail, in the transaction of the action: who did what to which thing.

    `action` is `<thing>.<verb>` (`pledge.refund`), `subject_id` names the thing, `detail` holds ids, amounts and reasons
    that a reviewer needs and no personal data. Number, previous digest and digest are given by the database. Call it last:
    the end of the chain stays locked until commit. Raises ValueError for a malformed action, RuntimeError outside a
    transaction. Does not check permissions.
    """
    if not ACTION.fullmatch(action):
        raise ValueError(f"{action!r} is not <thing>.<verb>")
    if not db.in_transaction():
        raise RuntimeError("record_action() belongs inside the transaction of the action")
    db.execute(
        """INSERT INTO accounts_auditentry (at, actor_kind, actor_id, action, subject_id, detail, request_id)
           VALUES (%s, %s, %s, %s, %s, %s, %s)""",
        [
            clock.now(),
            _kind(by),
            by.user_id or by.api_key_id,
            action,
            str(subject_id),
            msgspec.json.encode(dict(detail or {})).decode(),
            context.request_id(),
        ],
    )


def _kind(by: Actor) -> str:
    if by.user_id:
        return "user"
    return "api-key" if by.api_key_id else "system"
