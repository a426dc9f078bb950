"""What should become of gifts, told a second time in plain Python: no database, no code of the product.

Four places know something about a gift, and learn it from the one before: the bank (the truth), its webhooks on their way,
payments (what it was told), pledges (what payments announced). Each method is a station or a command, and predicts.
"""

from __future__ import annotations

from dataclasses import dataclass, field

GOOD, EMPTY, CLOSED, FAILS_LATER, SILENT_ANSWERS = "own", "0002", "0003", "0013", "0011"
LEAST, MOST = 1_000, 5_000_000


@dataclass
class Gift:
    """One intent to give. `bank`, `paid` and `shown` are the states as bank, payments and pledges know them."""

    key: str
    amount: int
    donor: str
    account: str
    is_automatic: bool
    bank: str = ""
    paid: str = "pending"
    shown: str = "pending"
    live: str = "authorize"
    """What payments are about to ask of the bank: authorize, capture, release; `wait` when only a webhook will tell."""
    asked: str = ""
    """What the campaign's manager asked for, on the pledge."""
    told: set[str] = field(default_factory=set)
    """Facts that payments have: authorized, captured, failed, released."""
    sent: set[str] = field(default_factory=set)
    """What the bank's webhooks say that were written and not yet processed."""
    inbox: set[str] = field(default_factory=set)
    """What webhooks say that came in and were not yet processed."""
    is_contested: bool = False
    refunds_asked: list[int] = field(default_factory=list)
    refunded_bank: int = 0
    refunded_shown: int = 0

    @property
    def reserved(self) -> int:
        return sum(self.refunds_asked) + (self.refunded_bank - self.refunded_shown)

    @property
    def status(self) -> str:
        if self.shown != "captured" or not self.refunded_shown:
            return self.shown
        return "refunded" if self.refunded_shown == self.amount else "partially_refunded"


class Model:
    def __init__(self, balance: int) -> None:
        self.gifts: dict[str, Gift] = {}
        self.is_open = True
        self.balance, self.held = balance, 0

    # Commands: each returns the answer that is expected, an error's class name or "" for yes.

    def give(self, key: str, amount: int, donor: str, account: str, is_automatic: bool) -> str:
        known = self.gifts.get(key)
        if known:
            same = (known.amount, known.donor, known.account, known.is_automatic)
            return "replay" if same == (amount, donor, account, is_automatic) else "IdempotencyKeyReused"
        if not self.is_open:
            return "CampaignNotAccepting"
        if not LEAST <= amount <= MOST:
            return "Invalid"
        self.gifts[key] = Gift(key, amount, donor, account, is_automatic)
        return ""

    def ask(self, gift: Gift, wish: str) -> str:
        """Capture or release."""
        if gift.shown != "authorized" or gift.asked not in ("", wish) or gift.paid != "authorized":
            return "InvalidTransition"
        if gift.live and self._end_of(gift) != wish:
            return "InvalidTransition"
        gift.asked = wish
        gift.live = gift.live or wish
        return ""

    def refund(self, gift: Gift, amount: int | None) -> str:
        if gift.shown != "captured":
            return "InvalidTransition"
        left = gift.amount - gift.refunded_shown - gift.reserved
        if (amount or 1) > left or not left:
            return "RefundExceedsCaptured"
        gift.refunds_asked.append(amount or left)
        return ""

    # Stations.

    def call_providers(self) -> None:
        for gift in self.gifts.values():
            if gift.live == "authorize":
                self._authorize(gift)
            if gift.live in ("capture", "release"):
                self._end(gift)
            for amount in gift.refunds_asked:
                gift.refunded_bank += amount
                self.balance += amount if gift.account == GOOD else 0
            gift.refunds_asked = []
            if gift.is_contested:
                self._prove(gift)

    def deliver_webhooks(self) -> None:
        for gift in self.gifts.values():
            gift.inbox |= gift.sent
            gift.sent = set()

    def process_webhooks(self) -> None:
        for gift in self.gifts.values():
            gift.told |= gift.inbox
            gift.inbox = set()
            self._settle(gift)

    def drain(self) -> None:
        for gift in self.gifts.values():
            if gift.shown != "captured":  # nothing comes after it
                gift.shown = gift.paid
            if gift.shown == "captured":
                gift.refunded_shown = gift.refunded_bank

    def expire(self) -> None:
        """The bank lets go of every hold that is open."""
        for gift in self.gifts.values():
            if gift.bank == "authorized":
                self._bank_lets_go(gift, "expired")
                gift.sent.add("released")

    def claim_failed(self, gift: Gift) -> None:
        """A genuine webhook says that the payment failed, whatever happened."""
        gift.inbox.add("failed")

    # Balances.

    def raised(self) -> int:
        return sum(each.amount - each.refunded_shown for each in self.gifts.values() if each.shown == "captured")

    def donors(self) -> int:
        return len(
            {
                each.donor
                for each in self.gifts.values()
                if each.shown == "captured" and each.refunded_shown < each.amount
            }
        )

    def _authorize(self, gift: Gift) -> None:
        is_short = gift.account == GOOD and self.balance - self.held < gift.amount
        if gift.account in (EMPTY, CLOSED) or is_short:
            gift.bank = "declined"
            gift.told.add("failed")
            gift.sent.add("failed")
        else:
            gift.bank = "authorized"
            self.held += gift.amount if gift.account == GOOD else 0
            gift.told.add("authorized")
            gift.sent.add("authorized")
        gift.live = ""
        self._settle(gift)

    def _end(self, gift: Gift) -> None:
        wish, gift.live = gift.live, ""
        if gift.bank != "authorized":  # it expired: that is what the bank answers
            gift.told.add("released")
        elif wish == "release":
            self._bank_lets_go(gift, "released")
            gift.told.add("released")
            gift.sent.add("released")
        elif gift.account == FAILS_LATER:
            self._bank_lets_go(gift, "released")
            gift.told.add("failed")
            gift.sent.add("failed")
        else:
            gift.bank = "captured"
            if gift.account == GOOD:
                self.balance, self.held = self.balance - gift.amount, self.held - gift.amount
            gift.sent.add("captured")
            if gift.account == SILENT_ANSWERS:
                gift.live = "wait"
            else:
                gift.told.add("captured")
        self._settle(gift)

    def _prove(self, gift: Gift) -> None:
        """Asked, the bank tells what it did; money that was really taken wins."""
        gift.is_contested = False
        gift.told.add("proven" if gift.bank == "captured" else "disproven")
        self._settle(gift)

    def _settle(self, gift: Gift) -> None:
        """Where the facts put a payment, if it may go there from where it is."""
        has_ended = bool(gift.told & {"failed", "released"})
        if "captured" in gift.told and (not has_ended or "proven" in gift.told or gift.paid == "captured"):
            gift.paid, gift.live, gift.is_contested = "captured", "", False
        elif has_ended and gift.paid != "captured":
            if "captured" in gift.told and gift.paid != "failed":
                gift.is_contested = True  # both were told at once: nothing moves before the bank was asked
                return
            gift.is_contested = "captured" in gift.told and "disproven" not in gift.told
            gift.paid, gift.live = "failed", ""
        elif "authorized" in gift.told and gift.paid == "pending":
            gift.paid = "authorized"
            gift.live = "capture" if gift.is_automatic else ""

    def _bank_lets_go(self, gift: Gift, state: str) -> None:
        gift.bank = state
        self.held -= gift.amount if gift.account == GOOD else 0

    @staticmethod
    def _end_of(gift: Gift) -> str:
        return "capture" if gift.live == "wait" else gift.live
