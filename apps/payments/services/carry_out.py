"""One attempt of one operation at its provider. No database here: it runs in threads, and what it returns is recorded.

What may have been called before is asked about before it is repeated. A timeout, a 5xx or garble is UNKNOWN, never a
refusal.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace

from apps.platform import context, tracing

from .. import gateway
from ..gateway import Answer, HoldView, Outcome, Provider, Statement
from ..states import FactKind, OperationKind, OperationStatus
from .claim import Claimed
from .record_facts import Source

log = logging.getLogger(__name__)
_DOES = {
    OperationKind.AUTHORIZE: FactKind.AUTHORIZED,
    OperationKind.CAPTURE: FactKind.CAPTURED,
    OperationKind.RELEASE: FactKind.RELEASED,
}


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What an attempt brought. `is_fault` says that the provider was in trouble, None that it was not called."""

    operation: Claimed
    status: OperationStatus
    statements: tuple[Statement, ...] = ()
    source: Source = Source.ANSWER
    transaction: str = ""
    reason: str = ""
    is_processing: bool = False
    is_fault: bool | None = False


def carry_out(operation: Claimed) -> Attempt:
    """Call the provider for this operation, or ask first. Never raises; may block for seconds."""
    name = f"payments.{operation.kind.value}"
    with context.bound(request_id=operation.request_id), tracing.station(name, {operation.reference: ""}):
        try:
            attempt = _attempt(operation, gateway.provider(operation.provider))
        except Exception as error:  # noqa: BLE001  an adapter's bug must not lose the lease of the others
            log.exception("provider adapter failed", extra={"operation_id": str(operation.id)})
            attempt = Attempt(
                operation=operation, status=OperationStatus.UNKNOWN, reason=type(error).__name__, is_fault=True
            )
        log.log(
            logging.DEBUG if attempt.status is OperationStatus.DONE else logging.INFO,
            "provider called",
            extra={
                "operation_id": str(operation.id),
                "payment_id": str(operation.payment_id),
                "kind": operation.kind.value,
                "attempt": operation.attempts,
                "status": attempt.status.value,
                "reason": attempt.reason,
            },
        )
    return attempt


def _attempt(operation: Claimed, provider: Provider) -> Attempt:
    is_question = operation.kind in (OperationKind.RETRIEVE, OperationKind.PROVE)
    lacks_hold = operation.kind is not OperationKind.AUTHORIZE and not operation.hold
    if not (operation.was_called or is_question or lacks_hold):
        if not operation.is_wanted:
            return Attempt(operation=operation, status=OperationStatus.REFUSED, reason="overtaken", is_fault=None)
        return _call(operation, provider)
    asked = _ask(operation, provider)
    if asked.status is not OperationStatus.DUE:
        return asked
    if not operation.is_wanted:
        return _as(asked, OperationStatus.REFUSED, "overtaken")
    hold = next((each.hold for each in asked.statements if each.hold), "")
    if operation.kind is not OperationKind.AUTHORIZE and not hold:
        return _as(asked, OperationStatus.UNKNOWN, "no-hold")
    return _call(replace(operation, hold=hold), provider)


def _ask(operation: Claimed, provider: Provider) -> Attempt:
    """Ask how it stands. Status DUE in the result means: this operation has provably not been done."""
    answer = provider.retrieve(payment_id=operation.payment_id, hold=operation.hold)
    if answer.outcome not in (Outcome.DONE, Outcome.ABSENT):
        return _unknown(operation, answer)
    statements = answer.view.statements() if answer.view else ()
    asked = Attempt(
        operation=operation,
        status=OperationStatus.DUE,
        statements=tuple(_with_proof(operation, statements)),
        source=Source.ASKED,
    )
    if operation.kind in (OperationKind.RETRIEVE, OperationKind.PROVE):
        return _as(asked, OperationStatus.DONE, answer.outcome.value)
    if answer.view is None:
        return asked
    return _judge(asked, answer.view)


def _judge(asked: Attempt, view: HoldView) -> Attempt:
    """Whether the hold shows this operation as done, as impossible, or as still to do."""
    operation = asked.operation
    if operation.kind is OperationKind.REFUND:
        transaction = view.transaction_of(str(operation.id))
        return _as(asked, OperationStatus.DONE, "found", transaction) if transaction else asked
    if view.is_declined or view.has(_DOES[operation.kind]):
        return _as(asked, OperationStatus.DONE, "found")
    if operation.kind is not OperationKind.AUTHORIZE and (view.is_released or view.has(FactKind.CAPTURED)):
        return _as(asked, OperationStatus.REFUSED, "overtaken")
    return asked


def _call(operation: Claimed, provider: Provider) -> Attempt:
    answer = _send(operation, provider)
    statements = answer.view.statements() if answer.view else ()
    if answer.outcome is Outcome.UNKNOWN:
        return _unknown(operation, answer)
    if answer.outcome is Outcome.CONFLICT:
        asked = _ask(operation, provider)
        return _as(asked, OperationStatus.UNKNOWN, answer.reason) if asked.status is OperationStatus.DUE else asked
    if answer.outcome is Outcome.PROCESSING:
        return Attempt(
            operation=operation,
            status=OperationStatus.UNKNOWN,
            reason="processing",
            is_processing=True,
        )
    if answer.outcome is Outcome.DECLINED:
        if not any(each.kind is FactKind.FAILED for each in statements):
            statements += _declined(operation, answer)
        return Attempt(
            operation=operation,
            status=OperationStatus.REFUSED,
            statements=statements,
            reason=answer.reason,
        )
    transaction = answer.transaction or (answer.view.transaction_of(str(operation.id)) if answer.view else "")
    if operation.kind is OperationKind.REFUND and not any(each.reference == transaction for each in statements):
        return Attempt(
            operation=operation,
            status=OperationStatus.UNKNOWN,
            reason="half-answer",
        )
    return Attempt(
        operation=operation,
        status=OperationStatus.DONE,
        statements=statements,
        transaction=transaction,
        reason="done",
    )


def _send(operation: Claimed, provider: Provider) -> Answer:
    key, payment_id, hold = str(operation.id), operation.payment_id, operation.hold
    if operation.kind is OperationKind.AUTHORIZE:
        return provider.authorize(
            payment_id=payment_id,
            account=operation.account,
            amount=operation.amount,
            currency=operation.currency,
            key=key,
        )
    if operation.kind is OperationKind.CAPTURE:
        return provider.capture(payment_id=payment_id, hold=hold, amount=operation.amount, key=key)
    if operation.kind is OperationKind.RELEASE:
        return provider.release(payment_id=payment_id, hold=hold, key=key)
    return provider.refund(payment_id=payment_id, hold=hold, amount=operation.amount, key=key)


def _declined(operation: Claimed, answer: Answer) -> tuple[Statement, ...]:
    """A refusal for good ends the payment, unless it was only a refund that was refused."""
    if operation.kind is OperationKind.REFUND:
        return ()
    return (
        Statement(
            kind=FactKind.FAILED,
            payment_id=operation.payment_id,
            reference=str(operation.id),
            hold=operation.hold,
            reason=answer.reason or "declined",
        ),
    )


def _with_proof(operation: Claimed, statements: Iterable[Statement]) -> list[Statement]:
    """What is said when asked settles a contested capture: proven when it is there, disproven when PROVE finds none."""
    said = list(statements)
    captured = [each for each in said if each.kind is FactKind.CAPTURED]
    said += [Statement(kind=FactKind.PROVEN, payment_id=each.payment_id, reference=each.reference) for each in captured]
    if not captured and operation.kind is OperationKind.PROVE:
        said.append(Statement(kind=FactKind.DISPROVEN, payment_id=operation.payment_id, reference=str(operation.id)))
    return said


def _unknown(operation: Claimed, answer: Answer) -> Attempt:
    return Attempt(
        operation=operation,
        status=OperationStatus.UNKNOWN,
        reason=answer.reason or answer.outcome.value,
        is_fault=answer.is_fault,
    )


def _as(asked: Attempt, status: OperationStatus, reason: str, transaction: str = "") -> Attempt:
    return Attempt(
        operation=asked.operation,
        status=status,
        statements=asked.statements,
        source=asked.source,
        transaction=transaction,
        reason=reason,
        is_fault=asked.is_fault,
    )
