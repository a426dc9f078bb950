"""One effect and one answer per key, for requests about pledges that exist already."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.db import OperationalError, transaction
from psycopg.errors import LockNotAvailable
from psycopg.types.json import Jsonb

from apps.platform import clock, db

from ..errors import IdempotencyKeyInUse, IdempotencyKeyReused

Answer = tuple[int, Any]
_CLAIM = """
    INSERT INTO pledges_idempotencyrecord (caller_scope, key, fingerprint, created_at)
    VALUES (%s, %s, %s, %s) ON CONFLICT (caller_scope, key) DO NOTHING
"""
_KEEP = "UPDATE pledges_idempotencyrecord SET status = %s, body = %s WHERE caller_scope = %s AND key = %s"
_KNOWN = "SELECT fingerprint, status, body::text FROM pledges_idempotencyrecord WHERE caller_scope = %s AND key = %s"


def run_idempotently(
    *, caller_scope: str, key: str | None, fingerprint: bytes, effect: Callable[[], Answer]
) -> tuple[int, Any, bool]:
    """Run `effect` and keep its (status, body) under the key, in one transaction; with a known key, return what was kept.

    The third value tells whether it is a replay. What `effect` raises is raised, and frees the key. The body must be plain
    JSON. Raises IdempotencyKeyReused, IdempotencyKeyInUse.
    """
    with transaction.atomic():
        if key is None:
            return *effect(), False
        if not _claim(caller_scope, key, fingerprint):
            return _kept(caller_scope, key, fingerprint)
        status, body = effect()
        db.execute(_KEEP, [status, Jsonb(body), caller_scope, key])
        return status, body, False


def _claim(caller_scope: str, key: str, fingerprint: bytes) -> bool:
    """Whether the key is ours; waits for someone who is using it, within the lock timeout."""
    try:
        with transaction.atomic():
            return db.execute(_CLAIM, [caller_scope, key, fingerprint, clock.now()]) == 1
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise IdempotencyKeyInUse from error
        raise


def _kept(caller_scope: str, key: str, fingerprint: bytes) -> tuple[int, Any, bool]:
    kept = db.rows(_KNOWN, [caller_scope, key])[0]
    if bytes(kept["fingerprint"]) != fingerprint:
        raise IdempotencyKeyReused
    return kept["status"], json.loads(kept["body"]), True
