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
        "campaigns are share-locked while a pledge is made", "P11", "apps/campaigns/queries/campaigns.py",
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
    Behaviour(
        "a fact is fanned out once to each subscription", "E4", "apps/outbox/services/drain.py",
        "ON CONFLICT DO NOTHING", "",
        "tests/flows/test_way_of_a_gift.py::test_one_gift_station_by_station",
    ),
    Behaviour(
        "a delivery is claimed, and only while it is not done", "E4", "apps/outbox/services/deliver.py",
        "WHERE delivery.id = ANY(%(ids)s) AND delivery.done_at IS NULL AND delivery.dead_at IS NULL\n"
        "    ORDER BY event.id FOR NO KEY UPDATE OF delivery SKIP LOCKED",
        "WHERE delivery.id = ANY(%(ids)s) ORDER BY event.id",
        "tests/canaries/test_twice.py",
    ),
    Behaviour(
        "one bad fact is looked for by halves", "E5", "apps/outbox/services/deliver.py",
        "if len(ids) == 1:", "if ids:",
        "tests/outbox/test_outbox.py::test_a_poisoned_fact_ends_alone_and_the_others_go_on",
    ),
    Behaviour(
        "a delivery that a neighbour held at its claim is given back", "E4", "apps/outbox/services/deliver.py",
        "if ids:\n        db.execute(_GIVE_BACK", "if not ids:\n        db.execute(_GIVE_BACK",
        "tests/outbox/test_outbox.py::test_what_a_neighbour_held_at_the_claim_is_handled_without_waiting_for_its_lease",
    ),
    Behaviour(
        "an attempt is counted before the work", "E5", "apps/outbox/services/deliver.py",
        "attempts = least(attempts + 1, %(most)s)", "attempts = attempts",
        "tests/outbox/test_outbox.py::test_an_attempt_is_counted_before_the_work",
    ),
    Behaviour(
        "a slot is fired once", "E6", "apps/outbox/services/slots.py",
        " WHERE outbox_jobslot.slot < excluded.slot", "",
        "tests/outbox/test_outbox.py::test_one_of_many_schedulers_fires_in_a_slot",
    ),
    Behaviour(
        "a webhook is kept once", "E2", "apps/payments/services/receive_webhook.py",
        "ON CONFLICT (provider, webhook_id) DO NOTHING", "",
        "tests/payments/test_webhook_door.py::test_hundred_copies_at_once_are_one_row",
    ),
    Behaviour(
        "a fact of the provider counts once", "P8", "apps/payments/services/record_facts.py",
        "ON CONFLICT (provider, kind, reference) DO NOTHING", "",
        "tests/payments/test_gift.py::test_webhooks_of_what_is_known_change_nothing",
    ),
    Behaviour(
        "another amount than the payment's moves nothing", "P2", "apps/payments/services/record_facts.py",
        "if statement.amount is not None and statement.amount != payment.amount:", "if False:",
        "tests/payments/test_contradictions.py::test_wrong_money_is_flagged_and_moves_nothing",
    ),
    Behaviour(
        "another currency than the payment's moves nothing", "P1", "apps/payments/services/record_facts.py",
        "if statement.currency is not None and statement.currency != payment.currency:", "if False:",
        "tests/payments/test_contradictions.py::test_wrong_money_is_flagged_and_moves_nothing",
    ),
    Behaviour(
        "a provider's reference stands for one payment", "P8", "apps/payments/services/record_facts.py",
        'if owners[_key(each)] != each.statement.payment_id', "if False",
        "tests/payments/test_contradictions.py::test_transaction_of_another_payment_is_flagged",
    ),
    Behaviour(
        "captured and failed at once: the provider is asked", "P10", "apps/payments/services/standing.py",
        "is_contested = capture is not None and not is_disproven", "is_contested = False",
        "tests/payments/test_contradictions.py::test_captured_after_failed_is_asked_and_believed",
    ),
    Behaviour(
        "refunds count whatever else was told", "P8", "apps/payments/services/standing.py",
        "failure_reason=reason, refunds=refunds, is_contested", "failure_reason=reason, is_contested",
        "tests/payments/test_contradictions.py::test_refund_counts_though_a_failure_was_told_before_it",
    ),
    Behaviour(
        "a payment never goes back", "P4", "apps/payments/services/standing.py",
        "if to.is_contested or not PAYMENT_MOVES.allows(current, to.status):", "if to.is_contested:",
        "tests/payments/test_standing.py::test_no_state_goes_back",
    ),
    Behaviour(
        "what may have been called is asked about before it is repeated", "P9", "apps/payments/services/carry_out.py",
        "if not (operation.was_called or is_question or lacks_hold):", "if not (is_question or lacks_hold):",
        "tests/payments/test_trouble.py::test_no_answer_is_unknown_and_asked_before_repeating",
    ),
    Behaviour(
        "an operation is leased to one worker", "P9", "apps/payments/services/claim.py",
        "due_at = statement_timestamp() + %(lease)s", "due_at = statement_timestamp()",
        "tests/payments/test_trouble.py::test_control_without_the_lease_operations_are_claimed_twice",
    ),
    Behaviour(
        "providers are called outside transactions only", "P9", "apps/payments/services/claim.py",
        "if db.in_transaction():", "if False:",
        "tests/payments/test_trouble.py::test_no_call_inside_a_transaction",
    ),
    Behaviour(
        "a late answer ends no attempt but its own", "P9", "apps/payments/services/record_attempts.py",
        "AND operation.attempts = target.attempts AND", "AND",
        "tests/payments/test_trouble.py::test_late_answer_ends_no_attempt_but_its_own",
    ),
    Behaviour(
        "a provider in trouble is left alone", "P9", "apps/payments/services/claim.py",
        "SELECT FROM payments_providercircuit WHERE provider = %(provider)s AND state <> 'closed'",
        "SELECT FROM payments_providercircuit WHERE false",
        "tests/payments/test_circuit.py::test_circuit_opens_when_most_calls_fail_and_postpones",
    ),
    Behaviour(
        "a pledge moves from where it may only", "P4", "apps/pledges/services/move.py",
        "pledge.status = ANY(%(sources)s)", "%(sources)s IS NOT NULL",
        "tests/pledges/test_follow_payments.py::test_every_order_ends_the_same",
    ),
    Behaviour(
        "receipts are numbered behind their counter's lock", "R1", "apps/pledges/services/issue_receipts.py",
        "ON CONFLICT (series) DO UPDATE SET last = counter.last\n", "ON CONFLICT (series) DO NOTHING\n",
        "tests/pledges/test_receipts.py::TestIssuing::test_batches_side_by_side_share_no_number",
    ),
    Behaviour(
        "a donor counts by all that stands", "T1", "apps/campaigns/services/fold.py",
        "gifts = backer.gifts + excluded.gifts", "gifts = excluded.gifts",
        "tests/campaigns/test_fold.py::test_a_donor_counts_while_one_gift_stands",
    ),
    Behaviour(
        "the version of totals rises", "T2", "apps/campaigns/services/fold.py",
        "version = totals.version + 1", "version = totals.version",
        "tests/campaigns/test_fold.py::test_a_batch_is_one_step_of_the_version",
    ),
    Behaviour(
        "a solved challenge is good for one gift", "guard", "apps/guard/services/challenge.py",
        "return _spend(", "return True or _spend(",
        "tests/guard/test_guard.py::test_a_solution_is_good_for_one_gift_to_its_campaign",
    ),
    Behaviour(
        "a refresh token is spent once", "A3", "apps/accounts/services/tokens.py",
        "AND token.used_at IS NULL ", "",
        "tests/accounts/test_tokens.py::test_a_crowd_with_one_refresh_token_gets_one_pair_and_a_dead_family",
    ),
    Behaviour(
        "who writes to one inbox waits for the other", "N1", "apps/notifications/services/post_inbox.py",
        "ON CONFLICT (user_id) DO UPDATE SET last_seq = inbox.last_seq", "ON CONFLICT (user_id) DO NOTHING",
        "tests/notifications/test_inbox.py::TestNumbers::test_gapless_per_person_however_many_write_at_once",
    ),
]  # fmt: skip
