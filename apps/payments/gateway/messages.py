"""The bank's JSON as typed shapes. What does not fit raises MalformedMessage, never anything else."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

import msgspec

from apps.platform.money import MAX_AMOUNT

from ..errors import MalformedMessage
from ..states import FactKind
from .protocol import HoldView, Movement, Statement

NAME_MAX = 100
_MOVEMENTS = {"capture": FactKind.CAPTURED, "release": FactKind.RELEASED, "refund": FactKind.REFUNDED}
_TYPES = {
    "payment.authorized": FactKind.AUTHORIZED,
    "payment.captured": FactKind.CAPTURED,
    "payment.failed": FactKind.FAILED,
    "payment.released": FactKind.RELEASED,
    "payment.refunded": FactKind.REFUNDED,
}
_MONEY = (FactKind.CAPTURED, FactKind.REFUNDED)


class TransactionShape(msgspec.Struct):
    id: str
    kind: str
    amount: int
    idempotency_key: str | None = None


class AuthorizationShape(msgspec.Struct):
    id: str
    status: str
    amount: int
    currency: str
    reference: UUID
    reason: str | None = None
    transactions: list[TransactionShape] = []


class MovementAnswerShape(msgspec.Struct):
    transaction: str
    status: str
    authorization: AuthorizationShape | None = None


class AuthorizationsShape(msgspec.Struct):
    results: list[AuthorizationShape]


class MandateShape(msgspec.Struct):
    id: str


class MandatesShape(msgspec.Struct):
    results: list[MandateShape]


class ProblemShape(msgspec.Struct):
    code: str = "refused"
    authorization: AuthorizationShape | None = None


class EventDataShape(msgspec.Struct):
    payment: str
    hold: str | None = None
    transaction: str | None = None
    amount: int | None = None
    currency: str | None = None
    reason: str | None = None


class EventShape(msgspec.Struct):
    type: str
    data: Any


class ListedEventShape(msgspec.Struct):
    seq: int
    type: str
    data: Any


class EventsShape(msgspec.Struct):
    results: list[ListedEventShape]
    next_after: int | None = None


ShapeT = TypeVar("ShapeT")


def decode(body: bytes, shape: type[ShapeT]) -> ShapeT:
    """JSON as `shape`. Raises MalformedMessage."""
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise MalformedMessage(f"not a {shape.__name__}") from error


def view_of(shape: AuthorizationShape) -> HoldView:
    """The bank's authorization as our view. Raises MalformedMessage."""
    movements = tuple(
        Movement(
            kind=_MOVEMENTS[each.kind],
            transaction=_name(each.id),
            amount=_amount(each.amount),
            idempotency_key=each.idempotency_key or "",
        )
        for each in shape.transactions
        if each.kind in _MOVEMENTS
    )
    if shape.status == "captured" and not any(each.kind is FactKind.CAPTURED for each in movements):
        raise MalformedMessage("captured without a capture")
    return HoldView(
        payment_id=shape.reference,
        hold=_name(shape.id),
        amount=_amount(shape.amount),
        currency=_currency(shape.currency) or "",
        is_declined=shape.status == "declined",
        is_released=shape.status in ("released", "expired"),
        reason=clean_reason(shape.reason),
        movements=movements,
    )


def statement_of(type_name: str, data: Any) -> Statement | None:
    """A webhook or listed event as a statement, None for types that do not concern us. Raises MalformedMessage."""
    kind = _TYPES.get(type_name)
    if kind is None:
        return None
    try:
        read = msgspec.convert(data, EventDataShape)
        payment_id = UUID(read.payment)
    except ValueError as error:  # msgspec's and uuid's
        raise MalformedMessage("the data cannot be read") from error
    if kind in _MONEY and (read.amount is None or read.currency is None or not read.transaction):
        raise MalformedMessage("money without amount, currency or transaction")
    hold = _name(read.hold) if read.hold else ""
    if kind is FactKind.AUTHORIZED and not hold:
        raise MalformedMessage("authorized without a hold")
    own = hold if kind is FactKind.AUTHORIZED else read.transaction or hold
    return Statement(
        kind=kind,
        payment_id=payment_id,
        reference=_name(own or read.payment),
        amount=None if read.amount is None else _amount(read.amount),
        currency=_currency(read.currency),
        hold=hold,
        reason=clean_reason(read.reason),
    )


def _name(value: str) -> str:
    if not value or len(value) > NAME_MAX or not value.isprintable():
        raise MalformedMessage("a name is empty, too long or unprintable")
    return value


def _currency(value: str | None) -> str | None:
    if value is not None and not (len(value) == 3 and value.isascii() and value.isalpha()):
        raise MalformedMessage("a currency is not three letters")
    return value


def _amount(value: int) -> int:
    if not 0 < value <= MAX_AMOUNT:
        raise MalformedMessage("an amount is out of bounds")
    return value


def clean_reason(value: str | None) -> str:
    return "".join(char for char in value or "" if char.isprintable())[:NAME_MAX]
