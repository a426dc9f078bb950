from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from . import data
from .data import NUMBER, TEST_ACCOUNTS
from .errors import UnknownAccount, UnknownAuthorization
from .models import Account, Balance, Consent, Entry, Event, Hold, Mandate, Transaction, Transfer


def hold_data(hold: Hold, transactions: Iterable[Transaction] | None = None) -> data.Authorization:
    """The hold as a plain value; its transactions are read unless they are given."""
    moved = tuple(
        data.Transaction(each.id, each.kind, each.amount, each.created_at, each.idempotency_key)
        for each in (hold.transactions.order_by("id") if transactions is None else transactions)
    )
    return data.Authorization(
        hold.id,
        hold.status,
        hold.account_id,
        hold.amount,
        hold.currency,
        hold.reference,
        hold.reason or None,
        hold.captured_amount,
        hold.refunded_amount,
        hold.expires_at,
        hold.created_at,
        moved,
    )


def get_authorization(*, authorization_id: UUID, with_moves: bool = True) -> data.Authorization:
    """Raises UnknownAuthorization. Without its moves `transactions` stays empty, which saves a query."""
    hold = Hold.objects.filter(pk=authorization_id).first()
    if hold is None:
        raise UnknownAuthorization
    return hold_data(hold, transactions=None if with_moves else ())


def find_authorization(*, reference: UUID) -> data.Authorization | None:
    hold = Hold.objects.filter(reference=reference).first()
    return hold_data(hold) if hold else None


def is_account(number: str) -> bool:
    """Whether this is somebody's number. Test accounts exist before their first use."""
    if number in TEST_ACCOUNTS:
        return True
    return NUMBER.fullmatch(number) is not None and Account.objects.filter(pk=number).exists()


def get_account(*, number: str) -> data.Account:
    """Raises UnknownAccount."""
    if not is_account(number):
        raise UnknownAccount
    rows = Balance.objects.filter(account_id=number).order_by("currency")
    return data.Account(number, tuple((row.currency, row.balance, row.held) for row in rows))


def list_entries(*, number: str, before: int | None, page_size: int) -> tuple[list[data.Entry], int | None]:
    """The account's ledger lines, newest first, and where the next page begins. Raises UnknownAccount."""
    get_account(number=number)
    rows = (Entry.objects.filter(debit=number) | Entry.objects.filter(credit=number)).order_by("-id")
    rows = rows.filter(id__lt=before) if before is not None else rows
    found = list(rows[: page_size + 1])
    entries = [
        data.Entry(row.pk, row.debit, row.credit, row.amount, row.currency, row.transaction, row.created_at)
        for row in found[:page_size]
    ]
    return entries, entries[-1].id if len(found) > page_size else None


def list_events(*, after: int, page_size: int) -> list[data.ListedEvent]:
    """What happened after event number `after`, in order and without gaps."""
    rows = Event.objects.filter(seq__gt=after).order_by("seq")[:page_size]
    return [data.ListedEvent(row.seq, row.type, row.at, row.data) for row in rows]


def mandate_data(mandate: Mandate) -> data.Mandate:
    return data.Mandate(mandate.pk, mandate.account_id, mandate.reference, mandate.status, mandate.created_at)


def find_mandate(*, reference: UUID) -> data.Mandate | None:
    mandate = Mandate.objects.filter(reference=reference).first()
    return mandate_data(mandate) if mandate else None


def transfer_data(row: Transfer) -> data.Transfer:
    return data.Transfer(
        row.pk,
        row.seq,
        row.reference,
        row.account,
        row.amount,
        row.currency,
        row.status,
        row.reason or None,
        row.created_at,
    )


def find_transfer(*, reference: UUID) -> data.Transfer | None:
    row = Transfer.objects.filter(reference=reference).first()
    return transfer_data(row) if row else None


def list_transfers(*, after: int, page_size: int) -> list[data.Transfer]:
    """The merchant's statement of transfers from number `after` on, in order and without gaps."""
    return [transfer_data(row) for row in Transfer.objects.filter(seq__gt=after).order_by("seq")[:page_size]]


def consent_data(consent: Consent) -> data.Consent:
    return data.Consent(
        consent.reference, consent.amount, consent.currency, consent.status, consent.account, consent.expires_at
    )
