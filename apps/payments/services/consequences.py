"""What follows for one payment from its facts: where it goes, what is counted, asked, told and flagged. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from apps.platform.events import Event

from ..events import PaymentAuthorized, PaymentCaptured, PaymentFailed, PaymentRefunded, PaymentReleased
from ..states import FactKind, OperationKind, OperationStatus, PaymentStatus
from .anomalies import Finding
from .record_facts import PaymentRow
from .standing import Standing, Told, next_status, standing

RELEASED = "released"
_ENDS = (OperationKind.CAPTURE, OperationKind.RELEASE)


@dataclass(frozen=True)
class OperationRow:
    """A live operation of a payment, or any refund operation."""

    id: UUID
    kind: str
    status: str
    amount: int
    refund_id: UUID | None
    attempts: int
    transaction: str

    @property
    def is_live(self) -> bool:
        return self.status not in (OperationStatus.DONE, OperationStatus.REFUSED)

    @property
    def may_have_refunded(self) -> bool:
        """Called, and not known how it ended: a refund without an owner may be this one's."""
        return self.kind == OperationKind.REFUND and self.is_live and self.status != OperationStatus.DUE


@dataclass(frozen=True)
class Counted:
    """A refund in the payment's `refunded_amount`; `refund_id` is None for one that was started at the provider."""

    transaction: str
    amount: int
    refund_id: UUID | None = None


@dataclass
class Consequences:
    before: PaymentRow
    after: PaymentRow
    is_waiting: bool = False
    refunds: list[Counted] = field(default_factory=list)
    overtaken: list[tuple[UUID, str]] = field(default_factory=list)
    wanted: list[OperationKind] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


def consequences_of(
    payment: PaymentRow,
    *,
    facts: Sequence[Told],
    operations: Sequence[OperationRow],
    counted: Sequence[Counted],
    now: datetime,
) -> Consequences:
    """Everything that follows. `payment` stays as it is; `after` is a copy."""
    to = standing(facts)
    result = Consequences(payment, replace(payment))
    _move(result, to, now)
    _count_refunds(result, to, operations, counted, now)
    _follow_up(result, to, operations)
    _flag(result, facts, to)
    return result


def _move(result: Consequences, to: Standing, now: datetime) -> None:
    before, after = result.before, result.after
    after.status = next_status(before.status, to)
    after.hold = before.hold or to.hold
    if after.status == before.status:
        return
    after.failure_reason = to.failure_reason
    if after.status is PaymentStatus.CAPTURED:
        after.captured_amount, after.transaction = to.captured_amount, to.transaction
    result.events.append(_told(after, now))


def _told(payment: PaymentRow, now: datetime) -> Event:
    """The event that announces the state a payment has moved to."""
    if payment.status is PaymentStatus.AUTHORIZED:
        return PaymentAuthorized(
            payment_id=payment.id,
            reference=payment.reference,
            amount=payment.amount,
            currency=payment.currency,
            at=now,
        )
    if payment.status is PaymentStatus.CAPTURED:
        return PaymentCaptured(
            payment_id=payment.id,
            reference=payment.reference,
            amount=payment.captured_amount,
            currency=payment.currency,
            transaction=payment.transaction,
            at=now,
        )
    if payment.failure_reason == RELEASED:
        return PaymentReleased(payment_id=payment.id, reference=payment.reference, at=now)
    return PaymentFailed(payment_id=payment.id, reference=payment.reference, reason=payment.failure_reason, at=now)


def _count_refunds(
    result: Consequences, to: Standing, operations: Sequence[OperationRow], counted: Sequence[Counted], now: datetime
) -> None:
    """Count each refund that is known to be somebody's; keep reserved what is still asked for.

    A refund that no operation knows waits while an operation of ours could turn out to have made it.
    """
    after = result.after
    if after.status is not PaymentStatus.CAPTURED:
        return
    asked = [each for each in operations if each.kind == OperationKind.REFUND]
    owners = {each.transaction: each for each in asked if each.transaction}
    is_open = any(each.may_have_refunded for each in asked)
    known = {each.transaction for each in counted}
    for transaction, amount in to.refunds:
        owner = owners.get(transaction)
        if transaction in known or (owner is None and is_open):
            continue
        if after.refunded_amount + amount > after.captured_amount:
            evidence = {"transaction": transaction, "amount": amount, "refunded_amount": after.refunded_amount}
            result.findings.append(_finding(after, "refund-exceeds-captured", transaction, evidence))
            continue
        refund = Counted(transaction, amount, owner.refund_id if owner else None)
        after.refunded_amount += amount
        result.refunds.append(refund)
        result.events.append(
            PaymentRefunded(
                payment_id=after.id,
                reference=after.reference,
                refund_id=refund.refund_id,
                amount=amount,
                transaction=transaction,
                at=now,
            )
        )
    reserved = sum(each.amount for each in asked if each.is_live)
    after.refund_reserved = min(reserved, after.captured_amount - after.refunded_amount)


def _follow_up(result: Consequences, to: Standing, operations: Sequence[OperationRow]) -> None:
    before, after = result.before, result.after
    for each in operations:
        if each.status in (OperationStatus.DUE, OperationStatus.UNKNOWN) and (end := _end_of(each, after)):
            result.overtaken.append((each.id, end))
    closed = {operation_id for operation_id, _ in result.overtaken}
    live = {each.kind for each in operations if each.is_live and each.id not in closed}
    is_new = after.status is not before.status
    if is_new and after.status is PaymentStatus.AUTHORIZED and after.capture == "automatic":
        result.wanted.append(OperationKind.CAPTURE)
    is_asking = to.is_contested and after.status is not PaymentStatus.CAPTURED
    if is_asking:
        result.wanted.append(OperationKind.PROVE)
    is_expected = after.capture == "automatic" or any(kind in live for kind in _ENDS)
    result.is_waiting = (
        after.status is PaymentStatus.PENDING
        or (after.status is PaymentStatus.AUTHORIZED and is_expected)
        or OperationKind.REFUND in live
        or is_asking
    )


def _end_of(operation: OperationRow, payment: PaymentRow) -> OperationStatus | None:
    """How an operation ends that the payment's state has overtaken; None while there is something to call for."""
    status = payment.status
    if operation.kind == OperationKind.AUTHORIZE:
        return OperationStatus.DONE if status is not PaymentStatus.PENDING else None
    if operation.kind == OperationKind.PROVE:
        return OperationStatus.DONE if status is PaymentStatus.CAPTURED else None
    if operation.kind in _ENDS and status in (PaymentStatus.CAPTURED, PaymentStatus.FAILED):
        has_won = (operation.kind == OperationKind.CAPTURE) == (status is PaymentStatus.CAPTURED)
        return OperationStatus.DONE if has_won else OperationStatus.REFUSED
    return None


def _flag(result: Consequences, facts: Sequence[Told], to: Standing) -> None:
    after = result.after
    kinds = {fact.kind for fact in facts}
    captures = sorted({fact.reference for fact in facts if fact.kind is FactKind.CAPTURED})
    if not captures:
        return
    if len(captures) > 1:
        result.findings.append(_finding(after, "captured-twice", str(after.id), {"transactions": captures}))
    # An end that was told before the proof is what the proof was about: it is flagged as captured-after-failed.
    proven_at = max((fact.seq for fact in facts if fact.kind is FactKind.PROVEN), default=-1)
    for fact in facts:
        is_end = fact.kind in (FactKind.FAILED, FactKind.RELEASED) and fact.seq > proven_at
        if is_end and result.before.status is PaymentStatus.CAPTURED:
            kind = f"{fact.kind.value}-after-captured"
            result.findings.append(
                _finding(after, kind, f"{fact.kind.value}:{fact.reference}", {"transactions": captures})
            )
    has_end = FactKind.FAILED in kinds or FactKind.RELEASED in kinds
    if FactKind.PROVEN in kinds and has_end and result.before.status is not PaymentStatus.CAPTURED:
        result.findings.append(_finding(after, "captured-after-failed", str(after.id), {"transactions": captures}))
    elif to.status is not PaymentStatus.CAPTURED and FactKind.DISPROVEN in kinds:
        result.findings.append(_finding(after, "capture-not-proven", str(after.id), {"transactions": captures}))


def _finding(payment: PaymentRow, kind: str, subject: str, evidence: dict[str, object]) -> Finding:
    return Finding(
        provider=payment.provider,
        kind=kind,
        subject=subject,
        payment_id=payment.id,
        reference=payment.reference,
        evidence=evidence,
    )
