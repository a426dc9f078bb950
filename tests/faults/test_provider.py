"""The provider lies, hangs, forgets and repeats itself; others speak in its name. Money is taken once, and where it is."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import uuid4

import pytest

from tests.support.faulty import FaultyStack
from tests.support.journal import Journal
from tests.support.lying_bank import HOW, LyingBank
from tests.support.webhooks import post, sign, told

from .giving import AMOUNT, assert_all_is_well, give_while, pause

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faulty")]
KINDS = ("authorized", "captured", "failed", "refunded")
REFUND = 4_000


@pytest.fixture
def liar(faulty: FaultyStack) -> Iterator[LyingBank]:
    """Between payments and the bank; honest until told otherwise."""
    honest = faulty.bank.upstream
    with LyingBank(faulty.stack.port) as bank:
        faulty.bank.upstream = ("127.0.0.1", bank.port)
        faulty.bank.reset()
        yield bank
        faulty.bank.upstream = honest
        faulty.bank.reset()


@pytest.mark.parametrize("how", HOW)
def test_a_bank_that_does_not_say_what_it_did(faulty: FaultyStack, liar: LyingBank, how: str) -> None:
    def trouble() -> None:
        liar.lie(how)
        pause(5)
        liar.tell_the_truth()

    give_while(faulty, f"The bank answers: {how}", trouble)
    assert liar.told[how] > 0
    if how in ("amount", "currency"):
        assert findings(faulty)[f"{how}-mismatch"] > 0


def test_webhooks_that_never_come_are_not_needed(faulty: FaultyStack) -> None:
    """The account whose orders are only answered by webhooks, the door shut, and the bank gives up telling."""
    campaign = str(faulty.stack.open_campaign("Never told")["id"])
    journal = Journal(faulty.stack)
    faulty.door.mode = "refuse"
    faulty.door.reset()
    given = [journal.give(campaign, account="4000-0000-0000-0011") for _ in range(6)]
    faulty.stack.wait_for(lambda: standing(faulty, given) == {"captured"}, 60)
    faulty.ledger.run("UPDATE bank_delivery SET given_up_at = now() WHERE done_at IS NULL", using="bank")
    assert_all_is_well(faulty, journal)
    assert faulty.stack.raised(campaign) == 6 * AMOUNT


def test_every_order_of_what_the_bank_tells(faulty: FaultyStack) -> None:
    """The bank took each gift and gave some of it back; that is told in every order, with a lie among it, each thing three
    times over, and the bank's own words come last."""
    campaign = str(faulty.stack.open_campaign("Every order")["id"])
    journal, orders = Journal(faulty.stack), list(permutations(KINDS))
    faulty.door.mode = "refuse"
    faulty.door.reset()
    for _ in orders:
        journal.give(campaign, capture="manual")
    faulty.stack.wait_for(lambda: paid(faulty, journal) == Counter(authorized=len(orders)), 60)
    gifts = [moved_at_the_bank(faulty, entry.answers[0]) for entry in journal.entries]

    for turn in range(len(KINDS)):
        for order, words in zip(orders, gifts, strict=True):
            body = words[order[turn]]
            signed = sign(faulty.stack, body)
            assert [post(faulty.stack, body, signed) for _ in range(2)] == [202, 200]
            assert post(faulty.stack, body) == 202
        faulty.stack.wait_for(lambda: "webhooks" not in faulty.ledger.unfinished(), 60)

    faulty.settle()
    ends = {order: end_of(faulty, entry.answers[0]) for order, entry in zip(orders, journal.entries, strict=True)}
    assert ends == dict.fromkeys(orders, ("captured", "captured", AMOUNT, REFUND))
    assert_all_is_well(faulty, journal)
    faulty.stack.wait_for(lambda: faulty.stack.raised(campaign) == len(orders) * (AMOUNT - REFUND))


def test_a_hundred_copies_of_one_webhook_at_once(faulty: FaultyStack) -> None:
    campaign = str(faulty.stack.open_campaign("A hundred copies")["id"])
    journal = Journal(faulty.stack)
    faulty.door.mode = "refuse"
    faulty.door.reset()
    gift = journal.give(campaign, capture="manual")
    faulty.stack.wait_for(lambda: paid(faulty, journal) == Counter(authorized=1), 60)
    body = moved_at_the_bank(faulty, gift.answers[0], refund=False)["captured"]
    headers, barrier = sign(faulty.stack, body), threading.Barrier(100)

    def send(_: int) -> int:
        barrier.wait(60)
        return post(faulty.stack, body, headers)

    with ThreadPoolExecutor(100) as senders:
        assert Counter(senders.map(send, range(100))) == {202: 1, 200: 99}
    assert_all_is_well(faulty, journal)
    assert faulty.stack.raised(campaign) == AMOUNT
    facts = faulty.ledger.rows(
        "SELECT count(*) AS number FROM outbox_event WHERE type = 'payment.captured' AND payload->>'reference' = %s",
        [gift.answers[0]],
    )
    assert facts == [{"number": 1}]


def test_what_others_say_in_the_banks_name(faulty: FaultyStack) -> None:
    """Forged, changed, early, late: not let in. Genuine but senseless, or about what is not so: kept, flagged, no more."""
    campaign = str(faulty.stack.open_campaign("In the bank's name")["id"])
    journal, stack = Journal(faulty.stack), faulty.stack
    gift = journal.give(campaign, capture="manual")
    stack.wait_for(lambda: paid(faulty, journal) == Counter(authorized=1), 60)
    [payment] = faulty.ledger.rows(
        "SELECT id, hold FROM payments_payment WHERE reference = %s::uuid", [gift.answers[0]]
    )
    faulty.settle()
    before, found = stored(faulty), findings(faulty)
    true = {"hold": payment["hold"], "transaction": "made-up"}
    body = told("captured", payment["id"], amount=AMOUNT, **true)

    now = datetime.now(UTC)
    refused: list[tuple[bytes, dict[str, str]]] = [
        (body, {}),
        (body, sign(stack, body) | {"webhook-signature": "v1,AAAA"}),
        (body, sign(stack, body) | {"webhook-signature": "v1,\N{LATIN SMALL LETTER E WITH ACUTE}"}),
        (body, sign(stack, body) | {"webhook-id": "another"}),
        (body, sign(stack, body) | {"webhook-timestamp": "1e400"}),
        (body.replace(b"10000", b"90000"), sign(stack, body)),
        *((body, sign(stack, body, at=now + timedelta(hours=hours))) for hours in (-2, -48, 2)),
    ]
    assert {post(stack, *each) for each in refused} == {401}
    assert stored(faulty) == before

    kept = [
        b"not json",
        b"[" * 20_000,
        json.dumps({"type": "payment.captured", "data": {"payment": 5, "amount": "\x00"}}).encode(),
        told("captured", uuid4(), amount=AMOUNT, **true),
        told("captured", payment["id"], amount=AMOUNT + 1, **true),
        told("captured", payment["id"], amount=AMOUNT, currency="USD", **true),
    ]
    assert {post(stack, each) for each in kept} == {202}
    faulty.settle()
    assert stored(faulty) == before + len(kept)
    assert findings(faulty) - found == Counter(
        {"malformed-webhook": 3, "unknown-payment": 1, "amount-mismatch": 1, "currency-mismatch": 1}
    )
    assert paid(faulty, journal) == Counter(authorized=1)
    assert_all_is_well(faulty, journal)

    status, _ = stack.ask("POST", f"/api/v1/pledges/{gift.answers[0]}/capture", {}, token=stack.sign_in("manager"))
    assert status == 202
    stack.wait_for(lambda: paid(faulty, journal) == Counter(captured=1), 60)
    assert_all_is_well(faulty, journal)
    assert stack.raised(campaign) == AMOUNT


def test_everything_is_told_again_when_all_is_over(faulty: FaultyStack) -> None:
    campaign = str(faulty.stack.open_campaign("Told again")["id"])
    journal = Journal(faulty.stack)
    for _ in range(6):
        journal.give(campaign)
    faulty.settle()
    facts = "SELECT type, count(*) AS number FROM outbox_event GROUP BY 1 ORDER BY 1"
    before = faulty.ledger.rows(facts)
    faulty.ledger.run("UPDATE bank_delivery SET done_at = NULL, due_at = now(), attempts = 0", using="bank")
    faulty.ledger.run("UPDATE outbox_event SET is_fanned_out = false")
    faulty.stack.wait_for(lambda: not faulty.ledger.unfinished(), 120)
    assert_all_is_well(faulty, journal)
    assert faulty.ledger.rows(facts) == before
    assert faulty.stack.raised(campaign) == 6 * AMOUNT


def moved_at_the_bank(faulty: FaultyStack, pledge: str, *, refund: bool = True) -> dict[str, bytes]:
    """Take the money at the bank's own counter, and give some of it back; what the bank then tells, a lie among it."""
    [payment] = faulty.ledger.rows("SELECT id, hold FROM payments_payment WHERE reference = %s::uuid", [pledge])
    key = faulty.stack.secret("BANK_API_KEY")
    hold, words = str(payment["hold"]), dict[str, bytes]()
    amounts = {"authorized": AMOUNT, "captured": AMOUNT, "failed": AMOUNT, "refunded": REFUND}
    moves: dict[str, tuple[str, dict[str, int]]] = {"captured": ("capture", {})}
    moves |= {"refunded": ("refund", {"amount": REFUND})} if refund else {}
    for kind in KINDS:
        about: dict[str, Any] = {"hold": hold}
        if kind in moves:
            verb, body = moves[kind]
            headers = {"Authorization": f"Api-Key {key}", "Idempotency-Key": str(uuid4())}
            status, moved = faulty.stack.ask(
                "POST", f"/api/v1/bank/authorizations/{hold}/{verb}", body, headers=headers
            )
            assert status == 200, moved
            about["transaction"] = moved["transaction"]
        elif kind == "failed":
            about |= {"transaction": f"lost-{hold}", "reason": "card-lost"}
        words[kind] = told(kind, payment["id"], amount=amounts[kind], **about)
    return words


def paid(faulty: FaultyStack, journal: Journal) -> Counter[str]:
    """How many of the gifts' payments stand where."""
    references = [entry.answers[0] for entry in journal.entries]
    rows = faulty.ledger.rows("SELECT status FROM payments_payment WHERE reference = ANY(%s::uuid[])", [references])
    return Counter(row["status"] for row in rows)


def end_of(faulty: FaultyStack, pledge: str) -> tuple[str, str, int, int]:
    """Where its payment and the gift stand, and the gift's money."""
    [row] = faulty.ledger.rows(
        """SELECT payment.status AS payment, pledge.status, pledge.captured_amount, pledge.refunded_amount
           FROM pledges_pledge AS pledge JOIN payments_payment AS payment ON payment.reference = pledge.id
           WHERE pledge.id = %s::uuid""",
        [pledge],
    )
    return row["payment"], row["status"], row["captured_amount"], row["refunded_amount"]


def standing(faulty: FaultyStack, given: list[Any]) -> set[str]:
    """Where the bank has the gifts' holds."""
    references = [entry.answers[0] for entry in given]
    payments = faulty.ledger.rows("SELECT id FROM payments_payment WHERE reference = ANY(%s::uuid[])", [references])
    holds = faulty.ledger.rows(
        "SELECT status FROM bank_hold WHERE reference = ANY(%s)", [[row["id"] for row in payments]], using="bank"
    )
    return {row["status"] for row in holds} if len(holds) == len(given) else set()


def stored(faulty: FaultyStack) -> int:
    return int(faulty.ledger.rows("SELECT count(*) AS number FROM payments_webhookmessage")[0]["number"])


def findings(faulty: FaultyStack) -> Counter[str]:
    rows = faulty.ledger.rows("SELECT kind, count(*) AS number FROM payments_anomaly GROUP BY 1")
    return Counter({row["kind"]: row["number"] for row in rows})
