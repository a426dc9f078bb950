"""Any order of commands, stations, repeats, expiries and lies: the product answers and counts as the model predicts.

A failure prints its seed: `pytest tests/properties --hypothesis-seed=N` runs the same examples again, and the failing ones
are kept in .hypothesis/examples and come first the next time. `make test-faults` looks longer.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from apps.bank import interface as bank
from apps.campaigns import interface as campaigns
from apps.outbox import interface as outbox
from apps.payments import interface as payments
from apps.payments.services.call_providers import call_providers
from apps.payments.services.process_webhooks import process_webhooks
from apps.platform import audits, db
from apps.platform.actors import SYSTEM, Actor
from apps.platform.errors import Refused
from apps.pledges import interface as pledges
from tests.flows.stations import Product
from tests.payments.support import signed
from tests.pledges.support import open_campaign, wish
from tests.support.webhooks import told

from .model import CLOSED, EMPTY, FAILS_LATER, GOOD, LEAST, MOST, SILENT_ANSWERS, Gift, Model

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "bank"])
FUNDS = 40_000
KEYS = st.sampled_from([f"key-{number}" for number in range(6)])
AMOUNTS = st.sampled_from([LEAST - 1, LEAST, 2_500, 7_000, 30_000, MOST + 1])
ACCOUNTS = st.sampled_from([GOOD, GOOD, GOOD, EMPTY, CLOSED, FAILS_LATER, SILENT_ANSWERS])
PICK = st.integers(0, 5)


class Gifts(RuleBasedStateMachine):
    """`manager` and `product` are set by the test."""

    manager: Actor
    product: Product

    def __init__(self) -> None:
        super().__init__()
        self.campaign = open_campaign(self.manager)
        self.account = bank.open_account(currency="BDT", balance=FUNDS).number
        self.model = Model(FUNDS)
        self.begun_at = datetime.now(UTC)  # what earlier examples left is not repeated
        self.made: dict[str, UUID] = {}

    # What people ask for.

    @rule(key=KEYS, amount=AMOUNTS, donor=st.sampled_from(["gita", "hasan"]), account=ACCOUNTS, automatic=st.booleans())
    def give(self, key: str, amount: int, donor: str, account: str, automatic: bool) -> None:
        if account == GOOD and any(
            each.account == GOOD and each.live == "authorize" for each in self.model.gifts.values()
        ):
            account = SILENT_ANSWERS  # two that wait for one account's last money are decided by chance
        expected = self.model.give(key, amount, donor, account, automatic)
        new = wish(
            self.campaign.id,
            amount=amount,
            donor_email=f"{donor}@example.org",
            account=self.account if account == GOOD else f"4000-0000-0000-{account}",
            capture="automatic" if automatic else "manual",
            idempotency_key=f"{self.campaign.id}:{key}",
        )
        [made] = pledges.make_pledges(new=[new])
        if isinstance(made, Refused):
            assert type(made).__name__ == expected
        else:
            assert ("replay" if made.is_replay else "") == expected
            assert self.made.setdefault(key, made.pledge_id) == made.pledge_id

    @precondition(lambda self: self.made)
    @rule(at=PICK, is_capture=st.booleans())
    def ask(self, at: int, is_capture: bool) -> None:
        gift, pledge_id = self._gift(at)
        expected = self.model.ask(gift, "capture" if is_capture else "release")
        command = pledges.capture_pledge if is_capture else pledges.cancel_pledge
        assert self._answer(command, pledge_id=pledge_id, by=self.manager) == expected

    @precondition(lambda self: self.made)
    @rule(at=PICK, amount=st.sampled_from([None, 400, 1_000, 7_000]))
    def refund(self, at: int, amount: int | None) -> None:
        gift, pledge_id = self._gift(at)
        expected = self.model.refund(gift, amount)
        answer = self._answer(
            pledges.refund_pledge, pledge_id=pledge_id, by=self.manager, amount=amount, reason="asked"
        )
        assert answer == expected

    @rule()
    def pause_or_open(self) -> None:
        move = campaigns.pause_campaign if self.model.is_open else campaigns.publish_campaign
        move(campaign_id=self.campaign.id, by=self.manager)
        self.model.is_open = not self.model.is_open

    # What workers do, in any order.

    @rule()
    def call_providers(self) -> None:
        call_providers(seconds=20, patience=10)
        self.model.call_providers()

    @rule()
    def deliver_webhooks(self) -> None:
        bank.deliver_webhooks()
        self.model.deliver_webhooks()

    @rule()
    def process_webhooks(self) -> None:
        process_webhooks()
        self.model.process_webhooks()

    @rule()
    def drain(self) -> None:
        outbox.drain()
        self.model.drain()

    # What goes wrong.

    @rule()
    def webhooks_come_again(self) -> None:
        db.execute(
            """UPDATE bank_delivery SET done_at = NULL, due_at = now()
               FROM bank_event WHERE bank_event.seq = event_id AND bank_event.at >= %s""",
            [self.begun_at],
            using="bank",
        )
        self.deliver_webhooks()

    @rule()
    def facts_are_fanned_out_again(self) -> None:
        db.execute("UPDATE outbox_event SET is_fanned_out = false WHERE occurred_at >= %s", [self.begun_at])

    @rule()
    def holds_expire(self) -> None:
        db.execute(
            "UPDATE bank_hold SET expires_at = now() - interval '1 second' WHERE status = 'authorized'", using="bank"
        )
        bank.expire_holds()
        self.model.expire()

    @precondition(lambda self: self.made)
    @rule(at=PICK)
    def a_webhook_says_failed(self, at: int) -> None:
        gift, pledge_id = self._gift(at)
        assert self._post(self._told_failed(gift, pledge_id)) == 202
        self.model.claim_failed(gift)

    @precondition(lambda self: self.made)
    @rule(at=PICK)
    def a_forged_webhook_says_captured(self, at: int) -> None:
        gift, pledge_id = self._gift(at)
        body = told("captured", self._payment(pledge_id).id, amount=gift.amount, hold="h", transaction="t")
        assert self._post(body, **{"webhook-signature": "v1,AAAA"}) == 401

    # What must be true after each step.

    @invariant()
    def everyone_knows_what_the_model_knows(self) -> None:
        by_reference = payments.payments_of(references=list(self.made.values()))
        for key, pledge_id in self.made.items():
            gift, pledge = self.model.gifts[key], pledges.get_pledge(pledge_id=pledge_id, viewer=SYSTEM)
            [payment] = by_reference[pledge_id]
            captured = gift.amount if gift.shown == "captured" else 0
            assert (pledge.status, pledge.captured_amount, pledge.refunded_amount) == (
                gift.status, captured, gift.refunded_shown,
            )  # fmt: skip
            assert (payment.status, payment.refunded_amount) == (gift.paid, gift.refunded_bank)
            held = db.rows(
                "SELECT status, refunded_amount FROM bank_hold WHERE reference = %s", [payment.id], using="bank"
            )
            assert [tuple(row.values()) for row in held] == ([(gift.bank, gift.refunded_bank)] if gift.bank else [])

    @invariant()
    def the_balances_are_those_of_the_model(self) -> None:
        [(_, balance, held)] = bank.get_account(number=self.account).balances
        assert (balance, held) == (self.model.balance, self.model.held)
        shown = campaigns.get_campaign(campaign_id=self.campaign.id, viewer=SYSTEM)
        assert (shown.raised_amount, shown.donor_count) == (self.model.raised(), self.model.donors())

    def teardown(self) -> None:
        """In the end everything comes to rest, and every invariant holds."""
        for _ in range(3):
            self.product.hurry()
            self.product.settle(rounds=2)
        assert {
            check.title: rows for check in audits.checks() if (rows := db.rows(check.sql, using=check.database))
        } == {}
        for key, pledge_id in self.made.items():
            gift, [payment] = self.model.gifts[key], payments.payments_of(references=[pledge_id])[pledge_id]
            is_taken = payment.status == "captured"
            taken = db.rows(
                "SELECT 1 FROM bank_hold WHERE reference = %s AND status = 'captured'", [payment.id], using="bank"
            )
            assert bool(taken) == is_taken, f"the bank and payments disagree about {gift}"
            assert payment.status != "pending"

    def _gift(self, at: int) -> tuple[Gift, UUID]:
        key = sorted(self.made)[at % len(self.made)]
        return self.model.gifts[key], self.made[key]

    def _payment(self, pledge_id: UUID) -> payments.Payment:
        return payments.payments_of(references=[pledge_id])[pledge_id][0]

    def _told_failed(self, gift: Gift, pledge_id: UUID) -> bytes:
        payment = self._payment(pledge_id)
        return told("failed", payment.id, amount=gift.amount, hold="h", transaction=f"lost-{payment.id}", reason="lost")

    def _post(self, body: bytes, **changed: str) -> int:
        path = f"{self.product.url}/api/v1/payments/webhooks/bank"
        return self.product.post_raw(path, body, signed(body, f"msg_{uuid4().hex}") | changed)

    @staticmethod
    def _answer(command: Any, **arguments: Any) -> str:
        try:
            command(**arguments)
        except Refused as refused:
            return type(refused).__name__
        return ""


def look(product: Product, manager: Actor, request: pytest.FixtureRequest, *, examples: int, steps: int) -> None:
    given = request.config.getoption("--hypothesis-seed")
    number = int(given) if given else random.SystemRandom().getrandbits(32)
    machine = seed(number)(type("Gifts", (Gifts,), {"manager": manager, "product": product}))
    profile = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck),
        print_blob=True,
    )  # fmt: skip
    try:
        run_state_machine_as_test(machine, settings=profile)
    except BaseException as error:
        error.add_note(f"Run it again: pytest {request.node.nodeid} --hypothesis-seed={number}")
        raise


def test_any_order_ends_as_the_model_says(product: Product, alice: Actor, request: pytest.FixtureRequest) -> None:
    look(product, alice, request, examples=20, steps=25)


@pytest.mark.faults
@pytest.mark.xdist_group("properties")
def test_any_long_order_ends_as_the_model_says(product: Product, alice: Actor, request: pytest.FixtureRequest) -> None:
    look(product, alice, request, examples=150, steps=50)
