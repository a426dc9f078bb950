from __future__ import annotations

import threading
from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse

from apps.bank import interface as bank
from apps.faces.shared.auth import require_scope
from apps.faces.shared.idempotency import read_key
from apps.faces.shared.jsonio import json_response, read_json
from apps.faces.shared.methods import by_method
from apps.faces.shared.pagination import page_arguments, page_body
from apps.faces.shared.problems import problem_response
from apps.platform.errors import Invalid

SCOPE = "bank"


class NewAccount(msgspec.Struct):
    currency: str
    balance: int = 0


class NewAuthorization(msgspec.Struct):
    """Of `account`, `mandate` and `consent` one: the number itself, the token that its owner's approval gave, or true to have
    the payer asked on the bank's own page."""

    amount: int
    currency: str
    reference: UUID
    account: str | None = None
    mandate: str | None = None
    consent: bool = False


class NewMandate(msgspec.Struct):
    account: str
    reference: UUID


class NewTransfer(msgspec.Struct):
    account: str
    amount: int
    currency: str
    reference: UUID


class Part(msgspec.Struct):
    amount: int | None = None


class NewRefund(msgspec.Struct):
    amount: int
    reason: str = ""


def list_test_accounts(request: HttpRequest) -> HttpResponse:
    found = [
        {"number": number, "title": each.title, "description": each.description}
        for number, each in bank.TEST_ACCOUNTS.items()
    ]
    return json_response({"results": found, "next": None, "previous": None})


def open_account(request: HttpRequest) -> HttpResponse:
    require_scope(request, SCOPE)
    new = read_json(request, NewAccount)
    return json_response(_account(bank.open_account(currency=new.currency, balance=new.balance)), status=201)


def show_account(request: HttpRequest, number: str) -> HttpResponse:
    require_scope(request, SCOPE)
    return json_response(_account(bank.get_account(number=number)))


def list_transactions(request: HttpRequest, number: str) -> HttpResponse:
    require_scope(request, SCOPE)
    cursor, page_size = page_arguments(request)
    entries, before = bank.list_entries(
        number=number, before=_whole("cursor", cursor) if cursor else None, page_size=page_size
    )
    results = [vars(each) for each in entries]
    return json_response(page_body(request, results, str(before) if before is not None else None))


def find_authorization(request: HttpRequest) -> HttpResponse:
    require_scope(request, SCOPE)
    found = bank.find_authorization(reference=_uuid("reference", request.GET.get("reference", "")))
    return json_response({"results": [_authorization(found)] if found else [], "next": None, "previous": None})


def authorize(request: HttpRequest) -> HttpResponse:
    require_scope(request, SCOPE)
    new = read_json(request, NewAuthorization)
    if (new.account is not None) + (new.mandate is not None) + new.consent != 1:
        raise Invalid.field("account", "required", "Name an account or a mandate, or ask for consent.")
    if new.consent:
        return _consent(new)
    account = bank.account_of_mandate(mandate=new.mandate) if new.mandate is not None else new.account or ""
    bank.misbehave_before(account=account, reference=new.reference)
    held, is_new = bank.authorize(account=account, amount=new.amount, currency=new.currency, reference=new.reference)
    _hang(held, "authorize")
    if (declined := bank.refusal_of(held)) is not None:
        declined.extra["authorization"] = _authorization(held)
        return problem_response(declined)
    return json_response(_authorization(held), status=201 if is_new else 200)


def _consent(new: NewAuthorization) -> HttpResponse:
    """What the payer's answer made of it; 202 until there is one."""
    bank.ask_consent(reference=new.reference, amount=new.amount, currency=new.currency)
    answered = bank.find_authorization(reference=new.reference)
    if answered is None:
        return json_response({"status": "processing"}, status=202)
    if (declined := bank.refusal_of(answered)) is not None:
        declined.extra["authorization"] = _authorization(answered)
        return problem_response(declined)
    return json_response(_authorization(answered), status=200)


def show_authorization(request: HttpRequest, authorization_id: UUID) -> HttpResponse:
    require_scope(request, SCOPE)
    return json_response(_authorization(bank.get_authorization(authorization_id=authorization_id)))


def take(request: HttpRequest, authorization_id: UUID) -> HttpResponse:
    require_scope(request, SCOPE)
    part = read_json(request, Part)
    held = bank.get_authorization(authorization_id=authorization_id, with_moves=False)
    bank.misbehave_before(account=held.account, reference=held.reference)
    moved = bank.capture(authorization_id=authorization_id, amount=part.amount, key=read_key(request), known=held)
    _hang(moved.authorization, "capture")
    return _moved(moved)


def let_go(request: HttpRequest, authorization_id: UUID) -> HttpResponse:
    require_scope(request, SCOPE)
    return _moved(bank.release(authorization_id=authorization_id, key=read_key(request)))


def give_back(request: HttpRequest, authorization_id: UUID) -> HttpResponse:
    require_scope(request, SCOPE)
    new = read_json(request, NewRefund)
    return _moved(bank.refund(authorization_id=authorization_id, amount=new.amount, key=read_key(request)))


def give_mandate(request: HttpRequest) -> HttpResponse:
    require_scope(request, SCOPE)
    new = read_json(request, NewMandate)
    bank.misbehave_before(account=new.account, reference=new.reference)
    given, is_new = bank.give_mandate(account=new.account, reference=new.reference)
    if bank.hangs_after(account=given.account, reference=given.reference, call="mandate"):
        threading.Event().wait(bank.HANG_SECONDS)
    return json_response(_mandate(given), status=201 if is_new else 200)


def find_mandate(request: HttpRequest) -> HttpResponse:
    require_scope(request, SCOPE)
    found = bank.find_mandate(reference=_uuid("reference", request.GET.get("reference", "")))
    return json_response({"results": [_mandate(found)] if found else [], "next": None, "previous": None})


def revoke_mandate(request: HttpRequest, mandate: str) -> HttpResponse:
    require_scope(request, SCOPE)
    return json_response(_mandate(bank.revoke_mandate(mandate=mandate)))


def list_events(request: HttpRequest) -> HttpResponse:
    require_scope(request, SCOPE)
    _, page_size = page_arguments(request)
    after = _whole("after", request.GET.get("after", "0"))
    found = bank.list_events(after=after, page_size=page_size)
    return json_response({"results": [vars(each) for each in found], "next_after": found[-1].seq if found else after})


def send(request: HttpRequest) -> HttpResponse:
    """A decline is an answer, too: 200 with its status, since it is final."""
    require_scope(request, SCOPE)
    new = read_json(request, NewTransfer)
    bank.misbehave_before(account=new.account, reference=new.reference)
    sent, is_new = bank.transfer(account=new.account, amount=new.amount, currency=new.currency, reference=new.reference)
    if bank.hangs_after(account=sent.account, reference=sent.reference, call="transfer"):
        threading.Event().wait(bank.HANG_SECONDS)
    return json_response(vars(sent), status=201 if is_new else 200)


def list_transfers(request: HttpRequest) -> HttpResponse:
    """The statement from a number on; with `reference` the one transfer of it, if there is one."""
    require_scope(request, SCOPE)
    _, page_size = page_arguments(request)
    after = _whole("after", request.GET.get("after", "0"))
    if asked := request.GET.get("reference"):
        one = bank.find_transfer(reference=_uuid("reference", asked))
        found = [one] if one else []
    else:
        found = bank.list_transfers(after=after, page_size=page_size)
    last = max([after, *(each.seq for each in found)])
    return json_response({"results": [vars(each) for each in found], "next_after": last})


test_accounts = by_method(get=list_test_accounts)
accounts = by_method(post=open_account)
account = by_method(get=show_account)
transactions = by_method(get=list_transactions)
authorizations = by_method(get=find_authorization, post=authorize)
authorization = by_method(get=show_authorization)
capture = by_method(post=take)
release = by_method(post=let_go)
refund = by_method(post=give_back)
mandates = by_method(get=find_mandate, post=give_mandate)
mandate_revocation = by_method(post=revoke_mandate)
events = by_method(get=list_events)
transfers = by_method(get=list_transfers, post=send)


def _hang(held: bank.Authorization, call: str) -> None:
    if bank.hangs_after(account=held.account, reference=held.reference, call=call):
        threading.Event().wait(bank.HANG_SECONDS)


def _moved(moved: bank.Movement) -> HttpResponse:
    is_waiting = moved.status == "processing"
    body: dict[str, Any] = {"transaction": moved.transaction, "status": moved.status}
    return json_response(
        body | {"authorization": _authorization(moved.authorization)},
        status=202 if is_waiting else 200,
        headers={"Idempotent-Replayed": "true"} if moved.is_replay else None,
    )


def _authorization(held: bank.Authorization) -> dict[str, Any]:
    return {**vars(held), "transactions": [vars(each) for each in held.transactions]}


def _mandate(given: bank.Mandate) -> dict[str, Any]:
    """Without the account's number: whoever has the token need not know it."""
    shown = {name: value for name, value in vars(given).items() if name != "account"}
    return shown | {"account_ending": given.account[-4:]}


def _account(found: bank.Account) -> dict[str, Any]:
    balances = [{"currency": currency, "balance": balance, "held": held} for currency, balance, held in found.balances]
    return {"number": found.number, "balances": balances}


def _whole(field: str, value: str) -> int:
    if not value.isascii() or not value.isdigit() or len(value) > 18:
        raise Invalid.field(field, "invalid", "Use a whole number.")
    return int(value)


def _uuid(field: str, value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise Invalid.field(field, "invalid", "Use a UUID.") from None
