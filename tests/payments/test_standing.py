"""The pure function from facts to state: any order, any repeats, any batching end alike."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.payments.services.standing import Told, next_status, standing
from apps.payments.states import FactKind, PaymentStatus

AUTHORIZED = Told(FactKind.AUTHORIZED, "h", 2500, "h")
CAPTURED = Told(FactKind.CAPTURED, "c", 2500, "h")
FAILED = Told(FactKind.FAILED, "f", None, "h", "card-lost")
RELEASED = Told(FactKind.RELEASED, "r", 2500, "h")
REFUNDED = Told(FactKind.REFUNDED, "b1", 700, "h")
REFUNDED_MORE = Told(FactKind.REFUNDED, "b2", 300, "h")
ALL = [AUTHORIZED, CAPTURED, FAILED, RELEASED, REFUNDED, REFUNDED_MORE]
tellings = st.lists(st.lists(st.sampled_from(ALL), max_size=4), max_size=6)


def end_of(batches: list[list[Told]]) -> tuple[PaymentStatus, int, tuple[tuple[str, int], ...]]:
    """Walk a payment through the batches as the settlement does, with a provider that answers truly when asked."""
    status, known, counted = PaymentStatus.PENDING, set[Told](), set[tuple[str, int]]()
    truly_captured = any(CAPTURED in batch for batch in batches)
    for batch in batches:
        known.update(batch)
        to = standing(known)
        if to.is_contested and status is not PaymentStatus.CAPTURED:
            known.add(Told(FactKind.PROVEN if truly_captured else FactKind.DISPROVEN, "asked"))
            to = standing(known)
        status = next_status(status, to)
        if status is PaymentStatus.CAPTURED:
            counted.update(to.refunds)
    return status, 2500 if status is PaymentStatus.CAPTURED else 0, tuple(sorted(counted))


@given(tellings, st.randoms())
@settings(max_examples=300)
def test_order_repeats_and_batches_cannot_matter(batches: list[list[Told]], random) -> None:  # type: ignore[no-untyped-def]
    facts = [fact for batch in batches for fact in batch]
    shuffled = facts + random.choices(facts, k=3) if facts else []
    random.shuffle(shuffled)
    assert end_of(batches) == end_of([[fact] for fact in shuffled]) == end_of([shuffled])


def test_every_order_of_the_contract_ends_alike() -> None:
    for size in range(len(ALL) + 1):
        for chosen in itertools.combinations(ALL, size):
            ends = {end_of([[fact] for fact in order]) for order in itertools.permutations(chosen)}
            assert len(ends) == 1, chosen


@given(st.lists(st.sampled_from(ALL)), st.randoms())
def test_standing_depends_on_the_set_alone(facts: list[Told], random) -> None:  # type: ignore[no-untyped-def]
    shuffled = facts + facts
    random.shuffle(shuffled)
    assert standing(facts) == standing(shuffled)


def test_captured_beats_authorized() -> None:
    assert standing([CAPTURED]).status is PaymentStatus.CAPTURED
    assert standing([CAPTURED, AUTHORIZED]).status is PaymentStatus.CAPTURED


def test_capture_against_a_failure_needs_the_provider() -> None:
    contested = standing([FAILED, CAPTURED])
    assert contested.is_contested
    assert next_status(PaymentStatus.FAILED, contested) is PaymentStatus.FAILED
    proven = standing([FAILED, CAPTURED, Told(FactKind.PROVEN, "c")])
    assert next_status(PaymentStatus.FAILED, proven) is PaymentStatus.CAPTURED
    disproven = standing([FAILED, CAPTURED, Told(FactKind.DISPROVEN, "o")])
    assert (disproven.status, disproven.is_contested) == (PaymentStatus.FAILED, False)


def test_no_state_goes_back() -> None:
    for facts in itertools.chain.from_iterable(itertools.combinations(ALL, size) for size in range(len(ALL) + 1)):
        assert next_status(PaymentStatus.CAPTURED, standing(facts)) is PaymentStatus.CAPTURED
        assert next_status(PaymentStatus.AUTHORIZED, standing(facts)) is not PaymentStatus.PENDING
