"""The simulated bank's counter. Its own database; the platform comes in by HTTP only."""

from .data import TEST_ACCOUNTS, Account, Authorization, Consent, Entry, ListedEvent, Mandate, Movement, Transfer
from .queries import (
    find_authorization,
    find_mandate,
    find_transfer,
    get_account,
    get_authorization,
    list_entries,
    list_events,
    list_transfers,
)
from .services.accounts import open_account
from .services.announce import DELIVER
from .services.authorize import authorize, refusal_of
from .services.consents import (
    ask_consent,
    expire_consents,
    give_consent,
    is_visitor,
    name_account,
    refuse_consent,
)
from .services.deliver import deliver_webhooks
from .services.mandates import account_of_mandate, give_mandate, revoke_mandate
from .services.misbehave import HANG_SECONDS, hangs_after, misbehave_before
from .services.move import capture, expire_holds, refund, release
from .services.transfer import transfer

__all__ = [
    "DELIVER",
    "HANG_SECONDS",
    "TEST_ACCOUNTS",
    "Account",
    "Authorization",
    "Consent",
    "Entry",
    "ListedEvent",
    "Mandate",
    "Movement",
    "account_of_mandate",
    "Transfer",
    "ask_consent",
    "authorize",
    "capture",
    "deliver_webhooks",
    "expire_consents",
    "expire_holds",
    "find_authorization",
    "find_mandate",
    "find_transfer",
    "get_account",
    "get_authorization",
    "give_consent",
    "give_mandate",
    "hangs_after",
    "is_visitor",
    "list_entries",
    "list_events",
    "list_transfers",
    "misbehave_before",
    "name_account",
    "open_account",
    "refund",
    "refuse_consent",
    "refusal_of",
    "release",
    "revoke_mandate",
    "transfer",
]
