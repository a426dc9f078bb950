"""Guards that live in the code: locks, guarded updates, claims, folds, questions before repeats. Each with the piece of source
that is the guard, what is left of it when it is switched off, and the test that claims to see that."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Behaviour:
    """`off` takes the place of every `on` in `file`; then `test` must fail. `holds` is the row of the invariants."""

    name: str
    holds: str
    file: str
    on: str
    off: str
    test: str


BEHAVIOURS = [
    Behaviour(
        "a code of the second factor works once", "A3", "apps/accounts/services/second_factor.py",
        ", last_step__lt=step)", ")",
        "tests/accounts/test_second_factor.py::test_a_code_works_once_and_within_a_step_of_now",
    ),
    Behaviour(
        "campaigns are share-locked while a pledge is made", "P11", "apps/campaigns/queries.py",
        "ORDER BY id FOR SHARE", "ORDER BY id",
        "tests/campaigns/test_lock_accepting.py",
    ),
    Behaviour(
        "one intent, one pledge: the insert does nothing the second time", "P6", "apps/pledges/services/insert.py",
        "ON CONFLICT (caller_scope, idempotency_key) DO NOTHING", "",
        "tests/pledges/test_concurrency.py::test_fifty_at_once_with_one_key_make_one_pledge",
    ),
    Behaviour(
        "a refund is reserved only while it fits", "P2", "apps/pledges/services/refund.py",
        "AND left_over >= coalesce(%(amount)s::bigint, 1)", "",
        "tests/pledges/test_concurrency.py::test_refunds_at_once_never_exceed_what_was_captured",
    ),
    Behaviour(
        "a refund is counted once", "P2", "apps/pledges/services/settle_refunds.py",
        "refund.status = 'succeeded' AND refund.counted_at IS NULL", "refund.status = 'succeeded'",
        "tests/pledges/test_follow_payments.py::test_refunds_take_from_the_total_and_the_last_one_takes_the_donor",
    ),
    Behaviour(
        "one key, one effect", "E1", "apps/pledges/services/idempotency.py",
        "if not _claim(caller_scope, key, fingerprint):", "_claim(caller_scope, key, fingerprint)\n        if False:",
        "tests/pledges/test_concurrency.py::test_one_key_runs_its_effect_once",
    ),
    Behaviour(
        "a key belongs to one request", "E1", "apps/pledges/services/idempotency.py",
        'if bytes(kept["fingerprint"]) != fingerprint:', "if False:",
        "tests/pledges/test_concurrency.py::test_one_key_runs_its_effect_once",
    ),
    Behaviour(
        "totals are added up, not set", "T1", "apps/campaigns/services/fold.py",
        "captured = totals.captured + added.captured", "captured = added.captured",
        "tests/campaigns/test_fold.py::test_any_order_and_any_cut_into_batches_ends_in_the_same_totals",
    ),
    Behaviour(
        "the goal is reached once", "T2", "apps/campaigns/services/fold.py",
        'if row["goal_reached_at"] is None and row["raised"]', 'if row["raised"]',
        "tests/campaigns/test_fold.py::test_progress_is_told_per_campaign_and_the_goal_once",
    ),
    Behaviour(
        "a fact is published in a transaction only", "E3", "apps/outbox/services/publish.py",
        "if not db.in_transaction():", "if False:",
        "tests/outbox/test_outbox.py::test_a_fact_without_a_transaction_is_refused",
    ),
]  # fmt: skip
