"""Mandates: an account's standing approval. Whoever holds the token may ask for holds; the number itself stays here."""

from __future__ import annotations

import re
import secrets
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.platform import clock

from .. import data
from ..data import NUMBER, TEST_ACCOUNTS, behaviour_of
from ..errors import AccountClosed, MandateRevoked, ReferenceReused, UnknownAccount, UnknownMandate
from ..models import Mandate
from ..queries import find_mandate, is_account, mandate_data
from ..states import MANDATE_ACTIVE, MANDATE_REVOKED
from .accounts import keep_account

PREFIX = "mnd_"
_TOKEN = re.compile(r"mnd_[A-Za-z0-9_-]{32}", re.ASCII)


def give_mandate(*, account: str, reference: UUID) -> tuple[data.Mandate, bool]:
    """Let the holder of the answer's token ask for holds on this account. Returns it and whether it is new: a reference is
    approved once, however often it is asked. Moves nothing.

    Raises UnknownAccount, AccountClosed, ReferenceReused.
    """
    if NUMBER.fullmatch(account) is None or not is_account(account):
        raise UnknownAccount
    if behaviour_of(account).declines == AccountClosed.code:
        raise AccountClosed
    known = find_mandate(reference=reference) or _make(account, reference)
    if isinstance(known, Mandate):
        return mandate_data(known), True
    if known.account != account:
        raise ReferenceReused
    return known, False


def _make(account: str, reference: UUID) -> Mandate | data.Mandate:
    try:
        with transaction.atomic(using="bank"):
            if account in TEST_ACCOUNTS:  # they exist before their first use
                keep_account(account)
            return Mandate.objects.create(
                id=PREFIX + secrets.token_urlsafe(24), account_id=account, reference=reference, status=MANDATE_ACTIVE
            )
    except IntegrityError:  # another call with this reference was faster
        known = find_mandate(reference=reference)
        if known is None:
            raise
        return known


def revoke_mandate(*, mandate: str) -> data.Mandate:
    """Take the approval back: no further hold. Holds that stand are not touched. Twice is once. Raises UnknownMandate."""
    known = _known(mandate)
    Mandate.objects.filter(pk=known.pk, status=MANDATE_ACTIVE).update(status=MANDATE_REVOKED, revoked_at=clock.now())
    return mandate_data(_known(mandate))


def account_of_mandate(*, mandate: str) -> str:
    """The account that a hold may be asked of with this token. Raises UnknownMandate, MandateRevoked."""
    found = _known(mandate)
    if found.status != MANDATE_ACTIVE:
        raise MandateRevoked
    return str(found.account_id)


def _known(token: str) -> Mandate:
    found = Mandate.objects.filter(pk=token).first() if _TOKEN.fullmatch(token) else None
    if found is None:
        raise UnknownMandate
    return found
