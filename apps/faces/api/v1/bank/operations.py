"""How the simulated bank looks in the schema."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from apps.bank.data import Authorization, Entry, Transfer
from apps.faces.shared.openapi import IDEMPOTENT, KEY, PAGE, Operation, Operations

from .views import NewAccount, NewAuthorization, NewMandate, NewRefund, NewTransfer, Part


class TestAccount(msgspec.Struct):
    number: str
    title: str
    description: str


class TestAccounts(msgspec.Struct):
    results: list[TestAccount]
    next: None
    previous: None


class BankBalance(msgspec.Struct):
    currency: str
    balance: int
    held: int


class BankAccount(msgspec.Struct):
    number: str
    balances: list[BankBalance]


class BankEntries(msgspec.Struct):
    results: list[Entry]
    next: str | None
    previous: str | None


class Waiting(msgspec.Struct):
    """The payer is being asked on the bank's page; a webhook will tell."""

    status: str


class FoundAuthorizations(msgspec.Struct):
    results: list[Authorization]
    next: None
    previous: None


class BankMovement(msgspec.Struct):
    """`processing` (202) when only a webhook will tell."""

    transaction: UUID | None
    status: str
    authorization: Authorization


class BankMandate(msgspec.Struct):
    """`id` is a secret: holds are asked for with it until it is revoked."""

    id: str
    reference: UUID
    status: str
    created_at: datetime
    account_ending: str


class FoundMandates(msgspec.Struct):
    results: list[BankMandate]
    next: None
    previous: None


class BankEvent(msgspec.Struct):
    seq: int
    type: str
    timestamp: datetime
    data: dict[str, Any]


class BankEvents(msgspec.Struct):
    results: list[BankEvent]
    next_after: int


class BankTransfers(msgspec.Struct):
    results: list[Transfer]
    next_after: int


_ONE = "/api/v1/bank/authorizations/{authorization_id}"
_REFUSED = (400, 401, 403, 404)
OPERATIONS: Operations = {
    ("/api/v1/bank/test-accounts", "get"): Operation(
        summary="Accounts that anyone may use, and how each behaves.", answers={200: TestAccounts}
    ),
    ("/api/v1/bank/accounts", "post"): Operation(
        summary="Open an account.",
        body=NewAccount,
        answers={201: BankAccount},
        problems=(400, 401, 403, 413),
        security=KEY,
    ),
    ("/api/v1/bank/accounts/{number}", "get"): Operation(
        summary="An account and its balances.", answers={200: BankAccount}, problems=(401, 403, 404), security=KEY
    ),
    ("/api/v1/bank/accounts/{number}/transactions", "get"): Operation(
        summary="The entries of an account, newest first.",
        answers={200: BankEntries},
        problems=_REFUSED,
        query=PAGE,
        security=KEY,
    ),
    ("/api/v1/bank/authorizations", "get"): Operation(
        summary="The authorization of a reference, if there is one.",
        answers={200: FoundAuthorizations},
        problems=(400, 401, 403),
        query={"reference": {"type": "string", "format": "uuid", "required": True}},
        security=KEY,
    ),
    ("/api/v1/bank/authorizations", "post"): Operation(
        summary="Hold money, once per reference: 201, 200 when it is held already, 202 while the payer is being asked.",
        body=NewAuthorization,
        answers={201: Authorization, 200: Authorization, 202: Waiting},
        problems=(400, 401, 402, 403, 404, 409, 413, 422),
        security=KEY,
    ),
    (_ONE, "get"): Operation(
        summary="One authorization.", answers={200: Authorization}, problems=(401, 403, 404), security=KEY
    ),
    (f"{_ONE}/capture", "post"): Operation(
        summary="Take the held money, or a part of it.",
        body=Part,
        answers={200: BankMovement, 202: BankMovement},
        problems=(400, 401, 402, 403, 404, 409, 413, 422),
        headers=IDEMPOTENT,
        security=KEY,
    ),
    (f"{_ONE}/release", "post"): Operation(
        summary="Let the hold go.",
        answers={200: BankMovement, 202: BankMovement},
        problems=(400, 401, 403, 404, 409, 422),
        headers=IDEMPOTENT,
        security=KEY,
    ),
    (f"{_ONE}/refund", "post"): Operation(
        summary="Pay back captured money.",
        body=NewRefund,
        answers={200: BankMovement, 202: BankMovement},
        problems=(400, 401, 402, 403, 404, 409, 413, 422),
        headers=IDEMPOTENT,
        security=KEY,
    ),
    ("/api/v1/bank/mandates", "get"): Operation(
        summary="The mandate of a reference, if there is one.",
        answers={200: FoundMandates},
        problems=(400, 401, 403),
        query={"reference": {"type": "string", "format": "uuid", "required": True}},
        security=KEY,
    ),
    ("/api/v1/bank/mandates", "post"): Operation(
        summary="Keep an account's standing approval, once per reference: 201, or 200 when it is kept already.",
        body=NewMandate,
        answers={201: BankMandate, 200: BankMandate},
        problems=(400, 401, 402, 403, 404, 409, 413),
        security=KEY,
    ),
    ("/api/v1/bank/mandates/{mandate}/revocation", "post"): Operation(
        summary="Take a standing approval back. Holds that stand are not touched.",
        answers={200: BankMandate},
        problems=(401, 403, 404),
        security=KEY,
    ),
    ("/api/v1/bank/events", "get"): Operation(
        summary="Everything the bank announced, in gapless order.",
        answers={200: BankEvents},
        problems=(400, 401, 403),
        query={"after": {"type": "integer", "minimum": 0, "default": 0}, "page_size": PAGE["page_size"]},
        security=KEY,
    ),
    ("/api/v1/bank/transfers", "get"): Operation(
        summary="The merchant's transfers in gapless order, or the one of a reference.",
        answers={200: BankTransfers},
        problems=(400, 401, 403),
        query={
            "after": {"type": "integer", "minimum": 0, "default": 0},
            "reference": {"type": "string", "format": "uuid"},
            "page_size": PAGE["page_size"],
        },
        security=KEY,
    ),
    ("/api/v1/bank/transfers", "post"): Operation(
        summary="Send money that was taken to an account, once per reference: 201, or 200 when it was sent already.",
        body=NewTransfer,
        answers={201: Transfer, 200: Transfer},
        problems=(400, 401, 403, 404, 409, 413),
        security=KEY,
    ),
}
