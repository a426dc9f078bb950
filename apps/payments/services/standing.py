"""What a payment is, as a pure function of what its provider told: a set, so order and repeats cannot matter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..states import PAYMENT_MOVES, FactKind, PaymentStatus


@dataclass(frozen=True)
class Told:
    """One fact, reduced to what decides. `seq` counts up in the order in which facts were kept; no state hangs on it."""

    kind: FactKind
    reference: str
    amount: int | None = None
    hold: str = ""
    reason: str = ""
    seq: int = 0


@dataclass(frozen=True)
class Standing:
    """Where the facts put a payment.

    `is_contested`: the provider told both that money was taken and that the payment ended without. Then `status` is
    what it would be without the capture, and the provider has to be asked which is true. `refunds` are all that were told,
    whatever the status: they count as soon as the payment is captured, and while it is.
    """

    status: PaymentStatus
    hold: str = ""
    transaction: str = ""
    captured_amount: int = 0
    failure_reason: str = ""
    refunds: tuple[tuple[str, int], ...] = ()
    is_contested: bool = False


def standing(facts: Iterable[Told]) -> Standing:
    """Captured beats authorized; captured and failed together need the provider's word."""
    by_kind: dict[FactKind, dict[str, Told]] = {}
    for fact in facts:
        by_kind.setdefault(fact.kind, {})[fact.reference] = fact
    hold = _first(by_kind, FactKind.AUTHORIZED, FactKind.CAPTURED)
    capture = _first(by_kind, FactKind.CAPTURED)
    end = _first(by_kind, FactKind.FAILED, FactKind.RELEASED)
    is_proven, is_disproven = FactKind.PROVEN in by_kind, FactKind.DISPROVEN in by_kind
    given_back = sorted(by_kind.get(FactKind.REFUNDED, {}).items())
    refunds = tuple((reference, fact.amount or 0) for reference, fact in given_back)
    if capture and (end is None or is_proven):
        return Standing(
            status=PaymentStatus.CAPTURED,
            hold=hold.hold if hold else "",
            transaction=capture.reference,
            captured_amount=capture.amount or 0,
            refunds=refunds,
        )
    is_contested = capture is not None and not is_disproven
    if end is not None:
        reason = "released" if end.kind is FactKind.RELEASED else end.reason or "failed"
        where = hold.hold if hold else ""
        return Standing(PaymentStatus.FAILED, where, failure_reason=reason, refunds=refunds, is_contested=is_contested)
    if hold is not None:
        return Standing(PaymentStatus.AUTHORIZED, hold.hold, refunds=refunds)
    return Standing(PaymentStatus.PENDING, refunds=refunds)


def next_status(current: PaymentStatus, to: Standing) -> PaymentStatus:
    """The status after the facts: never backwards, and never decided while contested."""
    if to.is_contested or not PAYMENT_MOVES.allows(current, to.status):
        return current
    return to.status


def _first(by_kind: dict[FactKind, dict[str, Told]], *kinds: FactKind) -> Told | None:
    """The fact of the first of `kinds` that was told; of several the one with the smallest reference."""
    for kind in kinds:
        if found := by_kind.get(kind):
            return found[min(found)]
    return None
