"""Payouts: what campaigns have taken is sent to them, approved by two people, proven by the bank's statement."""

from .data import Balance, Destination, Page, Payout, PublicPayout, StatementLine
from .queries.balance import balance_of, balances, owing
from .queries.payouts import (
    count_failed,
    count_requested,
    destination_of,
    get_payout,
    list_payouts,
    public_payouts,
    strange_lines,
)
from .services.decide import approve_payout, decline_payout, withdraw_payout
from .services.destination import set_destination
from .services.request import request_payout

__all__ = [
    "Balance",
    "Destination",
    "Page",
    "Payout",
    "PublicPayout",
    "StatementLine",
    "approve_payout",
    "balance_of",
    "balances",
    "count_failed",
    "count_requested",
    "decline_payout",
    "destination_of",
    "get_payout",
    "list_payouts",
    "owing",
    "public_payouts",
    "request_payout",
    "set_destination",
    "strange_lines",
    "withdraw_payout",
]
