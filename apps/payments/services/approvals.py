"""Standing approvals: asked for and ended here as rows; a worker tells the provider outside any transaction."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from apps.platform import clock, db, wake

from .open_payments import validate_account

KEEP_APPROVALS = "payments.keep_approvals"
_OPEN = """
    INSERT INTO payments_approval (id, provider, account, status, reason, attempts, due_at, created_at, updated_at)
    VALUES (%(id)s, %(provider)s, %(account)s, 'pending', '', 0, statement_timestamp(), %(now)s, %(now)s)
    ON CONFLICT (id) DO NOTHING
"""
# One that is being asked for may be kept by a call under way: the end waits until that call's lease is over.
_END = """
    UPDATE payments_approval SET status = 'ending', account = '', attempts = 0, updated_at = %(now)s,
           due_at = statement_timestamp() + CASE status WHEN 'pending' THEN interval '30 seconds' ELSE interval '0' END
    WHERE id = %(id)s AND status IN ('pending', 'active')
"""


def open_approval(*, approval_id: UUID, provider: str, account: str) -> None:
    """Intend to have the payer's standing approval kept at the provider, in the open transaction. The caller chose the id.

    The number is forgotten once the provider has answered. Publishes (later) ApprovalGiven or ApprovalRefused. Raises
    UnknownProvider, InvalidAccount.
    """
    validate_account(provider=provider, account=account)
    db.execute(_OPEN, {"id": approval_id, "provider": provider, "account": account, "now": clock.now()})
    wake.on_commit(KEEP_APPROVALS)


def end_approval(*, approval_id: UUID) -> None:
    """Nothing is taken by this approval any more, in the open transaction; the provider is told soon. Twice is once."""
    if db.execute(_END, {"id": approval_id, "now": clock.now()}):
        wake.on_commit(KEEP_APPROVALS)


def usable_approvals(*, approval_ids: Collection[UUID]) -> set[UUID]:
    """Those that payments can be opened with now."""
    found = db.rows("SELECT id FROM payments_approval WHERE id = ANY(%s) AND status = 'active'", [list(approval_ids)])
    return {row["id"] for row in found}
