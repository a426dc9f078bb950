"""One violation for each check of the audit, as SQL that no guard would let through. The books hold a captured gift with a
partial refund, a declined one and a manual one that waits."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Plant:
    """`title` begins the title of the check that must name it."""

    title: str
    sql: str
    database: str = "default"


def again(table: str, change: str, where: str = "true") -> str:
    """A second copy of one of the table's rows with `change` as JSON."""
    return (
        f"INSERT INTO {table} OVERRIDING USER VALUE "
        f"SELECT (jsonb_populate_record(NULL::{table}, to_jsonb(r) || '{change}')).* FROM {table} AS r WHERE {where} LIMIT 1"
    )


def payout(values: str) -> str:
    """A payout of nobody's with `values` as JSON; what is not said is nothing."""
    return f"""INSERT INTO payouts_payout SELECT (jsonb_populate_record(NULL::payouts_payout, jsonb_build_object(
        'id', '00000000-0000-7000-8000-000000000009', 'campaign_id', (SELECT id FROM campaigns_campaign LIMIT 1), 'campaign_title',
        '', 'currency', 'BDT', 'amount', 1, 'status', 'declined', 'captured', 0, 'refunded', 0, 'under_way', 0, 'fees_before', 0,
        'paid_before', 0, 'fee_base', 0, 'fee_basis_points', 0, 'fee', 0, 'account', '', 'holder', '', 'note', '',
        'requested_by_id', gen_random_uuid(), 'requested_at', now(), 'decision_note', '', 'attempts', 0, 'transfer', '',
        'failure_reason', '') || '{values}')).*"""


CAPTURED = "WHERE status = 'captured'"
LONG_AGO = "statement_timestamp() - interval '2 hours'"
_SECOND_TRY = again("recurring_try", '{"number": 2, "pledge_id": "%s"}') % "00000000-0000-7000-8000-000000000009"
PLANTS = [
    Plant("Each month of a plan that was paid", "UPDATE recurring_month SET status = 'failed'"),
    Plant("Each month of a plan that was paid", "UPDATE recurring_try SET amount = amount + 1"),
    Plant(
        "No month of a plan was taken twice",
        "INSERT INTO recurring_try (pledge_id, month_id, number, amount, status, reason, made_on) "
        "SELECT gift.id, month.id, 2, gift.amount, 'captured', '', current_date FROM pledges_pledge AS gift, "
        "recurring_month AS month WHERE gift.status = 'captured' AND gift.id NOT IN (SELECT pledge_id FROM recurring_try) LIMIT 1",
    ),
    Plant("Each try of a plan is its gift", "UPDATE recurring_try SET status = 'failed'"),
    Plant("Each try of a plan is its gift", _SECOND_TRY),
    Plant("No plan waits unseen", "UPDATE recurring_plan SET next_on = '2026-01-01'"),
    Plant("What happened to a plan is noted", "DELETE FROM recurring_note"),
    Plant("Tokens, keys", "UPDATE accounts_apikey SET digest = 'readable'"),
    Plant("Tracking tokens", "UPDATE pledges_pledge SET tracking_hash = '\\x00'"),
    Plant(
        "A refresh family",
        "INSERT INTO accounts_refreshtoken (id, family_id, digest, expires_at) "
        "SELECT gen_random_uuid(), gen_random_uuid(), sha256(n::text::bytea), now() FROM generate_series(1, 1) AS n; "
        "INSERT INTO accounts_refreshtoken (id, family_id, digest, expires_at) "
        "SELECT gen_random_uuid(), family_id, sha256('2'), now() FROM accounts_refreshtoken",
    ),
    Plant(
        "No fact of the last day carries", 'UPDATE outbox_event SET payload = payload || \'{"to": "g@example.org"}\''
    ),
    Plant(
        "Every finding that is closed",
        "INSERT INTO payments_anomaly (provider, kind, subject, evidence, state, created_at, resolved_at) "
        "VALUES ('bank', 'unknown-payment', 'x', '{}', 'dismissed', now(), now())",
    ),
    Plant("The audit trail is whole", "UPDATE accounts_auditentry SET action = 'campaign.nothing'"),
    Plant("Each capture and refund is one line", "DELETE FROM bank_entry WHERE credit NOT LIKE '4000%'", "bank"),
    Plant("The ledger agrees", "UPDATE bank_balance SET balance = balance + 1", "bank"),
    Plant("No account is overdrawn", "UPDATE bank_balance SET held = balance + 1", "bank"),
    Plant("A hold ends once", f"UPDATE bank_hold SET refunded_amount = 1 {CAPTURED}", "bank"),
    Plant("The bank's events", "DELETE FROM bank_event WHERE seq = 2", "bank"),
    Plant("Nothing of the platform", "CREATE TABLE payments_copy (id int)", "bank"),
    Plant("The bank's books", "CREATE TABLE bank_hold (id int)"),
    Plant(
        "One effect and one answer",
        f"INSERT INTO pledges_idempotencyrecord (caller_scope, key, fingerprint, created_at) VALUES ('x', 'k', '', {LONG_AGO})",
    ),
    Plant("A webhook is stored once", again("payments_webhookmessage", '{"id": 99999}')),
    Plant(
        "No webhook waits unseen",
        f"UPDATE payments_webhookmessage SET processed_at = NULL, outcome = '', received_at = {LONG_AGO}",
    ),
    Plant("Every move of the last day", "DELETE FROM outbox_event WHERE type = 'pledge.captured'"),
    Plant(
        "Every move of the last day",
        again("outbox_event", '{"id": "00000000-0000-7000-8000-000000000001"}', "type = 'pledge.created'"),
    ),
    Plant("What was captured in the last day", "DELETE FROM outbox_event WHERE type = 'payment.captured'"),
    Plant("Every fact that was fanned out", again("outbox_delivery", '{"id": 99999}')),
    Plant("Nothing waits unseen", "UPDATE outbox_delivery SET done_at = NULL, dead_at = now()"),
    Plant("Each periodic job", "INSERT INTO outbox_jobslot (job, slot) VALUES ('x', 9999999999)"),
    Plant("The public feed", "DELETE FROM notifications_feedentry WHERE seq = 2"),
    Plant(
        "Each inbox is numbered",
        "INSERT INTO notifications_inbox (user_id, last_seq, unread) VALUES (gen_random_uuid(), 3, 1)",
    ),
    Plant(
        "Each room's messages",
        "INSERT INTO chat_room (id, kind, campaign_id, slow_seconds, blocked_words, last_seq, version, created_at) "
        "VALUES (gen_random_uuid(), 'campaign', gen_random_uuid(), 0, '{}', 7, 7, now())",
    ),
    Plant(
        "Nobody's message was removed",
        "INSERT INTO chat_message (id, room_id, seq, version, author_id, side, client_id, text, mentions, created_at, "
        "removed_at, removed_by) SELECT gen_random_uuid(), gen_random_uuid(), 1, 1, gen_random_uuid(), 'donor', 'c', '', '{}', "
        "now(), now(), gen_random_uuid()",
    ),
    Plant("Amounts are positive", "UPDATE pledges_pledge SET amount = 0"),
    Plant("Payments are positive", "UPDATE payments_payment SET amount = 0"),
    Plant("0 <= refunded", f"UPDATE pledges_pledge SET refund_reserved = 1 {CAPTURED}"),
    Plant("Payments: 0 <= refunded", f"UPDATE payments_payment SET refund_reserved = amount {CAPTURED}"),
    Plant("Payments: the counters", f"UPDATE payments_payment SET refunded_amount = 3 {CAPTURED}"),
    Plant("A pledge is captured exactly", f"UPDATE pledges_pledge SET captured_amount = 0 {CAPTURED}"),
    Plant("Payments: state and money", f"UPDATE payments_payment SET captured_amount = 0 {CAPTURED}"),
    Plant("Each line of history", "UPDATE pledges_statechange SET source = 'captured' WHERE seq = 2"),
    Plant("Every move is in the history", "DELETE FROM pledges_statechange WHERE seq = 2"),
    Plant("Every pledge has exactly its payment", "DELETE FROM payments_payment WHERE status = 'captured'"),
    Plant(
        "Every pledge has exactly its payment",
        "UPDATE pledges_pledge SET captured_amount = 1 WHERE status = 'captured'",
    ),
    Plant(
        "One pledge per caller",
        "UPDATE pledges_pledge SET idempotency_key = 'same', caller_scope = 'guest'",
    ),
    Plant(
        "At most one live",
        again("payments_payment", '{"id": "00000000-0000-7000-8000-000000000001"}', "status = 'captured'"),
    ),
    Plant("Each fact of a provider", again("payments_fact", '{"id": 99999}')),
    Plant("Every refund asked for", "DELETE FROM payments_operation WHERE kind = 'refund'"),
    Plant("What is captured or refunded rests", "DELETE FROM payments_fact WHERE kind = 'captured'"),
    Plant("Every payment has its intent", "DELETE FROM payments_operation WHERE kind = 'authorize'"),
    Plant("No lease is left behind", f"UPDATE payments_operation SET status = 'calling', due_at = {LONG_AGO}"),
    Plant(
        "A capture that contradicts",
        "INSERT INTO payments_anomaly (provider, kind, subject, payment_id, evidence, state, created_at) "
        f"SELECT 'bank', 'captured-after-failed', 'x', id, '{{}}', 'open', now() FROM payments_payment {CAPTURED}",
    ),
    Plant(
        "A pledge that failed and was captured",
        "UPDATE pledges_statechange SET source = 'failed' WHERE target = 'captured'",
    ),
    Plant("No pledge stands for a campaign", "UPDATE campaigns_campaign SET status = 'draft'"),
    Plant("Receipts are numbered", "DELETE FROM pledges_receipt"),
    Plant("Every captured gift has its receipt", "DELETE FROM pledges_receipt"),
    Plant("Each campaign's total", "UPDATE campaigns_totals SET captured = captured + 1"),
    Plant("Each donor's gifts", "UPDATE campaigns_backer SET gifts = gifts + 1"),
    Plant("The donor count", "UPDATE campaigns_totals SET donor_count = donor_count + 1"),
    Plant("Totals are never negative", "UPDATE campaigns_totals SET refunded = captured + 1"),
    Plant("Every pledge has its row in reports", "DELETE FROM reporting_gift"),
    Plant("The sums over gifts", "UPDATE reporting_daily_total SET captured_amount = captured_amount + 1"),
    Plant("Payments and the bank's statement", "DELETE FROM bank_hold", "bank"),
    Plant("Payments and the bank's statement", "UPDATE bank_hold SET amount = amount + 1", "bank"),
    Plant("Payments and the bank's statement", "UPDATE bank_transaction SET amount = amount + 1", "bank"),
    Plant(
        "Payments and the bank's statement",
        "DELETE FROM bank_transaction WHERE kind = 'refund'",
        "bank",
    ),
    Plant(
        "Payments and the bank's statement",
        "UPDATE payments_payment SET reference = gen_random_uuid(), id = gen_random_uuid() WHERE status = 'captured'",
    ),
    Plant(
        "No refund above the limit",
        "UPDATE pledges_refund SET needs_approval = true, approved_by_id = NULL WHERE status = 'succeeded'",
    ),
    Plant("Each statement goes on", payout('{"paid_before": 5}')),
    Plant("No campaign was paid more", payout('{"status": "sending", "amount": 1000000000}')),
    Plant("Whoever approved a payout", payout('{"status": "approved"}')),
    Plant("Payouts and the bank's transfers", payout('{"status": "paid", "transfer": "t"}')),
    Plant(
        "Payouts and the bank's transfers",
        "INSERT INTO bank_transfer VALUES (gen_random_uuid(), 1, gen_random_uuid(), '4000-0000-0000-0001', 5, 'BDT', "
        f"'succeeded', '', {LONG_AGO})",
        "bank",
    ),
    Plant(
        "Each transfer that succeeded",
        "INSERT INTO bank_transfer VALUES (gen_random_uuid(), 1, gen_random_uuid(), '4000-0000-0000-0001', 5, 'BDT', "
        "'succeeded', '', now())",
        "bank",
    ),
    Plant(
        "Every line of the bank's statement",
        "INSERT INTO payouts_statementline VALUES (1, 't', gen_random_uuid(), '4', 5, 'BDT', 'succeeded', now(), now())",
    ),
]
# What the bank took or gave back long ago and nobody here has booked.
LATE = [
    "UPDATE payments_payment SET captured_amount = 0, refunded_amount = 0 WHERE status = 'captured'",
    "UPDATE payments_payment SET refunded_amount = 0 WHERE status = 'captured'",
    "DELETE FROM payments_payment WHERE status = 'captured'",
]
