from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from apps.platform import clock, context, db, wake
from apps.platform.ids import new_id

from .. import gateway
from ..data import NewPayment
from ..errors import ApprovalNotUsable, InvalidAccount

CALL_PROVIDERS = "payments.call_providers"

_TOKENS = "SELECT id, token FROM payments_approval WHERE id = ANY(%s) AND status = 'active' FOR SHARE"
# One statement writes the payments and the intents to authorize them.
_OPEN = """
    WITH opened AS (
        INSERT INTO payments_payment
            (id, reference, provider, account, amount, currency, capture, status, hold, transaction, captured_amount,
             refunded_amount, refund_reserved, failure_reason, request_id, created_at, updated_at, check_at)
        SELECT new.id, new.reference, new.provider, new.account, new.amount, new.currency, new.capture, 'pending',
               '', '', 0, 0, 0, '', new.request_id, %(now)s, %(now)s, statement_timestamp() + interval '45 seconds'
        FROM unnest(%(ids)s::uuid[], %(references)s::uuid[], %(providers)s::text[], %(accounts)s::text[],
                    %(amounts)s::bigint[], %(currencies)s::text[], %(captures)s::text[], %(request_ids)s::text[])
            AS new(id, reference, provider, account, amount, currency, capture, request_id)
        RETURNING id, provider, amount
    )
    INSERT INTO payments_operation
        (id, payment_id, provider, kind, status, amount, attempts, due_at, outcome, transaction, created_at)
    SELECT wanted.operation_id, opened.id, opened.provider, 'authorize', 'due', opened.amount, 0, statement_timestamp(),
           '', '', %(now)s
    FROM opened JOIN unnest(%(ids)s::uuid[], %(operation_ids)s::uuid[]) AS wanted(id, operation_id)
        ON wanted.id = opened.id
"""


def open_payments(*, payments: Sequence[NewPayment]) -> None:
    """Write the payments and the intents to authorize them, in the caller's transaction; workers call the providers.

    Raises UnknownProvider, InvalidAccount. Amounts are minor units. A second live payment for a reference is an
    IntegrityError: one reference is paid once. Costs one statement, however many payments.
    """
    for each in payments:
        if each.approval_id is None:
            validate_account(provider=each.provider, account=each.account)
    if not payments:
        return
    payments = _with_tokens(payments)
    db.execute(
        _OPEN,
        {
            "now": clock.now(),
            "ids": [each.id for each in payments],
            "operation_ids": [new_id() for _ in payments],
            "references": [each.reference for each in payments],
            "providers": [each.provider for each in payments],
            "accounts": [each.account for each in payments],
            "amounts": [each.amount for each in payments],
            "currencies": [each.currency for each in payments],
            "captures": [each.capture for each in payments],
            "request_ids": [each.request_id or context.request_id() for each in payments],
        },
    )
    wake.on_commit(CALL_PROVIDERS)


def _with_tokens(payments: Sequence[NewPayment]) -> Sequence[NewPayment]:
    """Where a standing approval pays, its token is the account. No query where none does. Raises ApprovalNotUsable."""
    wanted = {each.approval_id for each in payments if each.approval_id}
    if not wanted:
        return payments
    tokens = {row["id"]: row["token"] for row in db.rows(_TOKENS, [list(wanted)])}
    if wanted - set(tokens):
        raise ApprovalNotUsable
    return [replace(each, account=tokens[each.approval_id]) if each.approval_id else each for each in payments]


def validate_account(*, provider: str, account: str) -> None:
    """Raises UnknownProvider, or InvalidAccount when this cannot be an account there. Asks nobody outside."""
    if not gateway.provider(provider).is_account(account):
        raise InvalidAccount


def providers() -> list[str]:
    """The names of the providers of this installation."""
    return gateway.names()
