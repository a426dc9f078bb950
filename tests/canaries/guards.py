"""Every guard that the databases hold, what it holds, and the write that it alone refuses.

A new constraint, unique index or trigger gets its line here (a test misses it otherwise), then
`python -m tests.canaries > docs/guards.md`. Primary keys are left out.
"""

from __future__ import annotations

from dataclasses import dataclass

from .probes import Beside, Change, Kept, Orphan, Probe, Row, Statement, Twice

_ID = "00000000-0000-7000-8000-000000000001"
# The chain numbers entries itself. A number of the writer's own must not survive.
_UNNUMBERED = """
    DO $$ DECLARE got bigint; BEGIN
        INSERT INTO accounts_auditentry (seq, at, actor_kind, action, subject_id, detail, request_id, digest)
        VALUES (77, now(), 'system', 'test', '', '{}', '', '') RETURNING seq INTO got;
        IF got <> 77 THEN
            RAISE EXCEPTION 'numbered by the chain' USING ERRCODE = 'check_violation', CONSTRAINT = 'accounts_audit_chain';
        END IF;
    END $$
"""


@dataclass(frozen=True)
class Guard:
    """`holds` is the row of the invariants that it stands for."""

    table: str
    name: str
    holds: str
    probe: Probe

    @property
    def database(self) -> str:
        return "bank" if self.table.startswith("bank_") else "default"


GUARDS = [
    Guard("accounts_apikey", "accounts_apikey_digest_key", "A1", Twice()),
    Guard("accounts_auditentry", "accounts_audit_kind", "A5", Row({"actor_kind": "ghost"})),
    Guard("accounts_audithead", "accounts_audit_one_head", "A5", Row({"id": 2})),
    Guard("accounts_recoverycode", "accounts_recoverycode_digest_key", "A3", Twice()),
    Guard("accounts_recoverycode", "accounts_recoverycode_user_id_994761d3_fk_accounts_user_id", "A3", Orphan()),
    Guard(
        "accounts_recoverycode",
        "accounts_recoverycode_used_once",
        "A3",
        Change({"used_at": "2026-01-01T00:00:00Z"}, "used_at = NULL"),
    ),
    Guard("accounts_refreshfamily", "accounts_refreshfamily_user_id_b764599d_fk_accounts_user_id", "A3", Orphan()),
    Guard("accounts_refreshtoken", "accounts_refreshtoke_family_id_2a80de66_fk_accounts_", "A3", Orphan()),
    Guard("accounts_refreshtoken", "accounts_refreshtoken_digest_key", "A3", Twice()),
    Guard("accounts_role", "accounts_role_known", "A1", Row({"role": "owner"})),
    Guard("accounts_role", "accounts_role_user_id_a498ef00_fk_accounts_user_id", "A1", Orphan()),
    Guard("accounts_role", "accounts_role_once", "A1", Twice()),
    Guard("accounts_secondfactor", "accounts_secondfactor_attempts_check", "A3", Row({"attempts": -1})),
    Guard("accounts_secondfactor", "accounts_secondfactor_sealed", "A2", Row({"sealed": "JBSWY3DPEHPK3PXP"})),
    Guard("accounts_secondfactor", "accounts_secondfactor_user_id_1e182b70_fk_accounts_user_id", "A3", Orphan()),
    Guard(
        "accounts_secondfactor",
        "accounts_secondfactor_steps_rise",
        "A3",
        Change({"sealed": "gAAAA", "last_step": 2}, "last_step = 1"),
    ),
    Guard("accounts_user", "accounts_user_email_lower", "A1", Row({"email": "Bob@example.org"})),
    Guard("accounts_user", "accounts_user_email_key", "A1", Twice()),
    Guard("campaigns_backer", "campaigns_backer_campaign_id_ab180b10_fk_campaigns_campaign_id", "T1", Orphan()),
    Guard("campaigns_backer", "campaigns_backer_once", "T1", Twice()),
    Guard("campaigns_campaign", "campaigns_campaign_revision_check", "P11", Row({"revision": -1})),
    Guard("campaigns_campaign", "campaigns_category", "P11", Row({"category": "none"})),
    Guard("campaigns_campaign", "campaigns_currency", "P1", Row({"currency": "XXX"})),
    Guard("campaigns_campaign", "campaigns_goal", "P1", Row({"goal_amount": 0})),
    Guard("campaigns_campaign", "campaigns_limits", "P1", Row({"minimum_amount": 5, "maximum_amount": 4})),
    Guard(
        "campaigns_campaign",
        "campaigns_schedule",
        "P11",
        Row({"starts_at": "2026-01-02T00:00:00Z", "ends_at": "2026-01-01T00:00:00Z"}),
    ),
    Guard("campaigns_campaign", "campaigns_status", "P11", Row({"status": "lost"})),
    Guard("campaigns_campaign", "campaigns_campaign_slug_key", "P11", Twice()),
    Guard("campaigns_follower", "campaigns_follower_account_confirmed", "N1", Row({"user_id": _ID})),
    Guard("campaigns_follower", "campaigns_follower_address_once", "N1", Twice()),
    Guard("campaigns_follower", "campaigns_follower_campaign_id_42892cb6_fk_campaigns", "N1", Orphan()),
    Guard(
        "campaigns_follower",
        "campaigns_follower_is_one_of_two",
        "N1",
        Row({"user_id": _ID, "email": "bob@example.org"}),
    ),
    Guard("campaigns_follower", "campaigns_follower_once", "N1", Twice()),
    Guard("campaigns_update", "campaigns_update_campaign_id_2991cc68_fk_campaigns_campaign_id", "N1", Orphan()),
    Guard("notifications_mailing", "notifications_mailing_once", "N1", Twice()),
    Guard("campaigns_totals", "campaigns_totals_counts", "T2", Row({"donor_count": -1})),
    Guard("campaigns_totals", "campaigns_totals_refunded", "T2", Row({"captured": 1, "refunded": 2})),
    Guard("campaigns_totals", "campaigns_totals_campaign_id_0d62c034_fk_campaigns_campaign_id", "T2", Orphan()),
    Guard("chat_message", "chat_message_side", "N2", Row({"side": "nobody"})),
    Guard("chat_message", "chat_message_tombstone", "N2", Row({"text": ""})),
    Guard("chat_message", "chat_message_reply_to_id_afede338_fk_chat_message_id", "N2", Orphan()),
    Guard("chat_message", "chat_message_room_id_5e7d8d78_fk_chat_room_id", "N2", Orphan()),
    Guard("chat_message", "chat_message_once", "N2", Twice()),
    Guard("chat_message", "chat_message_seq", "N2", Twice()),
    Guard("chat_message", "chat_message_version", "N2", Twice()),
    Guard("chat_moderation", "chat_moderation_room_id_7b610dfb_fk_chat_room_id", "N2", Orphan()),
    Guard("chat_presence", "chat_presence_number", "N2", Row({"number": 0})),
    Guard("chat_presence", "chat_presence_process_id_d7a2538a_fk_chat_liveprocess_id", "N2", Orphan()),
    Guard("chat_presence", "chat_presence_once", "N2", Twice()),
    Guard("chat_readmark", "chat_readmark_room_id_48b0540b_fk_chat_room_id", "N2", Orphan()),
    Guard("chat_readmark", "chat_readmark_once", "N2", Twice()),
    Guard("chat_report", "chat_report_message_id_b870dea1_fk_chat_message_id", "N2", Orphan()),
    Guard("chat_report", "chat_report_once", "N2", Twice()),
    Guard("chat_restriction", "chat_restriction_kind", "N2", Row({"kind": "mute"})),
    Guard("chat_restriction", "chat_restriction_room_id_5a0cfa74_fk_chat_room_id", "N2", Orphan()),
    Guard("chat_restriction", "chat_restriction_once", "N2", Twice()),
    Guard("chat_room", "chat_room_counts", "N2", Row({"last_seq": 2, "version": 1})),
    Guard("chat_room", "chat_room_kind", "N2", Row({"kind": "support"})),
    Guard("chat_room", "chat_room_slow", "N2", Row({"slow_seconds": -1})),
    Guard("chat_room", "chat_room_key_hash_key", "N2", Twice()),
    Guard("chat_room", "chat_room_of_gift", "N2", Twice()),
    Guard("notifications_feedcounter", "notifications_counter_counts_up", "N1", Row({"last_seq": -1})),
    Guard("notifications_feedcounter", "notifications_one_counter", "N1", Row({"id": 2})),
    Guard("notifications_feedentry", "notifications_feedentry_seq_key", "N1", Twice()),
    Guard("notifications_inbox", "notifications_inbox_counts", "N1", Row({"last_seq": 1, "unread": 2})),
    Guard("notifications_inboxentry", "notifications_n1_from_one", "N1", Row({"seq": 0})),
    Guard("notifications_inboxentry", "notifications_n1_numbered_once", "N1", Twice()),
    Guard("notifications_inboxentry", "notifications_n1_told_once", "N1", Twice()),
    Guard("notifications_preference", "notifications_preference_once", "N1", Twice()),
    Guard("notifications_recipient", "notifications_quiet_hours", "N1", Row({"quiet_from": 5, "quiet_to": None})),
    Guard(
        "notifications_endpoint",
        "notifications_endpoint_disabled",
        "N1",
        Row({"is_active": True, "disabled_at": "2026-01-01T00:00:00Z"}),
    ),
    Guard("notifications_endpoint", "notifications_endpoint_secret", "N1", Row({"secret_version": 0})),
    Guard("notifications_letter", "notifications_letter_ended", "N1", Row({"status": "sent"})),
    Guard("notifications_letter", "notifications_letter_once", "N1", Twice()),
    Guard("notifications_letter", "notifications_letter_status", "N1", Row({"status": "lost"})),
    Guard(
        "notifications_letter",
        "notifications_letter_status_moves",
        "N1",
        Change({"status": "sent"}, "status = 'waiting'"),
    ),
    Guard("notifications_webhookdelivery", "notifications_webhoo_endpoint_id_92faf2d0_fk_notificat", "N1", Orphan()),
    Guard("notifications_webhookdelivery", "notifications_webhook_once", "N1", Twice()),
    Guard(
        "notifications_webhookdelivery",
        "notifications_webhook_one_end",
        "N1",
        Row({"delivered_at": "2026-01-01T00:00:00Z", "dead_at": "2026-01-01T00:00:00Z"}),
    ),
    Guard("pledges_historylink", "pledges_historylink_digest_key", "A2", Twice()),
    Guard(
        "outbox_delivery",
        "outbox_delivery_one_end",
        "E4",
        Row({"done_at": "2026-01-01T00:00:00Z", "dead_at": "2026-01-01T00:00:00Z"}),
    ),
    Guard("outbox_delivery", "outbox_delivery_event_id_9d7b7ab0_fk_outbox_event_id", "E4", Orphan()),
    Guard("outbox_auditrun", "outbox_one_audit_run", "E6", Row({"id": 2})),
    Guard("outbox_delivery", "outbox_delivery_once", "E4", Twice()),
    Guard("payments_anomaly", "payments_anomaly_closed", "P10", Row({"state": "resolved"})),
    Guard("payments_anomaly", "payments_anomaly_state", "P10", Row({"state": "lost"})),
    Guard("payments_anomaly", "payments_anomaly_once", "P10", Twice()),
    Guard("payments_anomalydecision", "payments_anomalydecision_action", "P10", Row({"action": "pray"})),
    Guard("payments_anomalydecision", "payments_anomalydeci_anomaly_id_f8b52ba7_fk_payments_", "P10", Orphan()),
    Guard(
        "payments_approval",
        "payments_approval_due",
        "P9",
        Row({"status": "pending", "account": "4000", "due_at": None}),
    ),
    Guard(
        "payments_approval",
        "payments_approval_forgets_account",
        "P9",
        Row({"status": "refused", "account": "4000", "due_at": None}),
    ),
    Guard(
        "payments_approval", "payments_approval_status", "P9", Row({"status": "lost", "account": "", "due_at": None})
    ),
    Guard(
        "payments_approval", "payments_approval_token", "P9", Row({"status": "active", "account": "", "token": None})
    ),
    Guard("payments_approval", "payments_approval_token_key", "P9", Twice()),
    Guard(
        "payments_approval", "payments_approval_status_moves", "P4", Change({"status": "ended"}, "status = 'active'")
    ),
    Guard("payments_fact", "payments_fact_amount", "P8", Row({"amount": 0})),
    Guard("payments_fact", "payments_fact_kind", "P8", Row({"kind": "rumour"})),
    Guard("payments_fact", "payments_fact_money_has_amount", "P8", Row({"kind": "captured"})),
    Guard("payments_fact", "payments_fact_once", "P8", Twice()),
    Guard("payments_operation", "payments_operation_counts", "P9", Row({"attempts": -1})),
    Guard("payments_operation", "payments_operation_finished", "P9", Row({"status": "done"})),
    Guard("payments_operation", "payments_operation_kind", "P9", Row({"kind": "gift"})),
    Guard("payments_operation", "payments_operation_refund", "P9", Row({"kind": "refund"})),
    Guard("payments_operation", "payments_operation_status", "P9", Row({"status": "lost"})),
    Guard("payments_operation", "payments_operation_payment_id_33bd387a_fk_payments_payment_id", "P9", Orphan()),
    Guard("payments_operation", "payments_operation_one_refund", "P8", Twice()),
    Guard("payments_payment", "payments_payment_amount", "P1", Row({"amount": 0})),
    Guard("payments_payment", "payments_payment_capture", "P2", Row({"capture": "later"})),
    Guard("payments_payment", "payments_payment_currency", "P1", Row({"currency": "bd"})),
    Guard(
        "payments_payment",
        "payments_payment_money",
        "P2",
        Row({"amount": 5, "captured_amount": 5, "refunded_amount": 3, "refund_reserved": 3}),
    ),
    Guard("payments_payment", "payments_payment_state_and_hold", "P3", Row({"status": "authorized", "hold": ""})),
    Guard(
        "payments_payment", "payments_payment_state_and_money", "P3", Row({"status": "captured", "captured_amount": 0})
    ),
    Guard(
        "payments_payment", "payments_payment_state_and_reason", "P3", Row({"status": "failed", "failure_reason": ""})
    ),
    Guard("payments_payment", "payments_payment_status", "P3", Row({"status": "lost"})),
    Guard("payments_providercircuit", "payments_providercircuit_state", "P9", Row({"state": "ajar"})),
    Guard("payments_providercircuit", "payments_providercircuit_until", "P9", Row({"state": "open"})),
    Guard("payments_refund", "payments_refund_amount", "P8", Row({"amount": 0})),
    Guard("payments_refund", "payments_refund_payment_id_a70693f7_fk_payments_payment_id", "P8", Orphan()),
    Guard("payments_refund", "payments_refund_once", "P8", Twice()),
    Guard("payments_refund", "payments_refund_one_per_request", "P8", Twice()),
    Guard("payments_webhookmessage", "payments_webhookmessage_outcome", "E2", Row({"outcome": "recorded"})),
    Guard("payments_webhookmessage", "payments_webhookmessage_once", "E2", Twice()),
    Guard("payments_webhooktally", "payments_webhooktally_once", "E2", Twice()),
    Guard("pledges_donor", "pledges_donor_pledge_id_dc148746_fk_pledges_pledge_id", "A4", Orphan()),
    Guard("pledges_figure", "pledges_figure_once", "E4", Twice()),
    Guard("pledges_idempotencyrecord", "pledges_e1_one_effect", "E1", Twice()),
    Guard("pledges_pledge", "pledges_p1_amount", "P1", Row({"amount": 0})),
    Guard("pledges_pledge", "pledges_p1_currency", "P1", Row({"currency": "bd"})),
    Guard(
        "pledges_pledge",
        "pledges_p2_money",
        "P2",
        Row({"amount": 1000, "captured_amount": 1000, "refunded_amount": 900, "refund_reserved": 200}),
    ),
    Guard("pledges_pledge", "pledges_p3_state_and_money", "P3", Row({"status": "captured", "captured_amount": 0})),
    Guard("pledges_pledge", "pledges_pledge_campaign", "P11", Orphan()),
    Guard("pledges_pledge", "pledges_p6_one_intent", "P6", Twice()),
    Guard("pledges_pledge", "pledges_pledge_tracking_hash_key", "A2", Twice()),
    Guard("pledges_receipt", "pledges_receipt_amount", "R1", Row({"amount": 0})),
    Guard("pledges_receipt", "pledges_receipt_numbered_from_one", "R1", Row({"number": 0})),
    Guard("pledges_receipt", "pledges_receipt_pledge_id_b4026c64_fk_pledges_pledge_id", "R1", Orphan()),
    Guard("pledges_receipt", "pledges_receipt_code_key", "R1", Twice()),
    Guard("pledges_receipt", "pledges_receipt_numbered_once", "R1", Twice()),
    Guard("pledges_receiptcounter", "pledges_receiptcounter_counts_up", "R1", Row({"last": -1})),
    Guard("pledges_refund", "pledges_refund_amount", "P2", Row({"amount": 0})),
    Guard(
        "pledges_refund",
        "pledges_refund_counted_once_done",
        "P2",
        Row({"status": "pending", "counted_at": "2026-01-01T00:00:00Z"}),
    ),
    Guard("pledges_refund", "pledges_refund_status", "P2", Row({"status": "lost"})),
    Guard("pledges_refund", "pledges_refund_pledge_id_01a3e071_fk_pledges_pledge_id", "P2", Orphan()),
    Guard("pledges_refund", "pledges_refund_transaction_key", "P2", Twice()),
    Guard("pledges_statechange", "pledges_p5_from_one", "P5", Row({"seq": 0})),
    Guard("pledges_statechange", "pledges_statechange_pledge_id_46c329e7_fk_pledges_pledge_id", "P5", Orphan()),
    Guard("pledges_statechange", "pledges_p5_once", "P5", Twice()),
    Guard("reporting_campaign_funnel", "reporting_funnel_once", "T3", Twice()),
    Guard("reporting_daily_total", "reporting_daily_total_once", "T3", Twice()),
    Guard("reporting_donor", "reporting_donor_once", "T3", Twice()),
    Guard("reporting_export", "reporting_export_format", "T3", Row({"format": "exe"})),
    Guard("reporting_export", "reporting_export_status", "T3", Row({"status": "lost"})),
    Guard("accounts_refreshtoken", "accounts_refresh_one_live", "A3", Twice()),
    Guard("chat_room", "chat_room_of_campaign", "N2", Twice({"kind": "campaign"})),
    Guard("payments_anomalydecision", "payments_anomalydecision_one_end", "P10", Twice({"action": "accept"})),
    Guard("payments_operation", "payments_operation_one_end", "P9", Twice({"kind": "capture", "status": "due"})),
    Guard("payments_operation", "payments_operation_one_live", "P9", Twice({"kind": "retrieve", "status": "due"})),
    Guard("payments_payment", "payments_payment_one_captured", "P7", Twice({"status": "captured"})),
    Guard("payments_payment", "payments_payment_one_live", "P7", Twice({"status": "pending"})),
    Guard("accounts_auditentry", "accounts_auditentry_append_only", "A5", Kept()),
    Guard("accounts_auditentry", "accounts_audit_chain", "A5", Statement(_UNNUMBERED)),
    Guard(
        "campaigns_campaign",
        "campaigns_campaign_status_moves",
        "P4",
        Change({"status": "archived"}, "status = 'active'"),
    ),
    Guard("chat_message", "chat_message_keeps", "N2", Kept()),
    Guard("chat_moderation", "chat_moderation_append_only", "N2", Kept()),
    Guard("chat_readmark", "chat_readmark_rises", "N2", Change({"seq": 5, "version": 5}, "seq = 4, version = 6")),
    Guard("chat_room", "chat_room_counts_up", "N2", Change({"last_seq": 5, "version": 5}, "last_seq = 4")),
    Guard("payments_anomaly", "payments_anomaly_state_moves", "P10", Change({"state": "resolved"}, "state = 'open'")),
    Guard("payments_anomalydecision", "payments_anomalydecision_append_only", "P10", Kept()),
    Guard("payments_fact", "payments_fact_append_only", "P8", Kept()),
    Guard("payments_operation", "payments_operation_status_moves", "P4", Change({"status": "done"}, "status = 'due'")),
    Guard("payments_payment", "payments_payment_terms", "P9", Change({"amount": 5}, "amount = 6")),
    Guard("payments_payment", "payments_payment_proof", "P10", Change({"status": "failed"}, "status = 'captured'")),
    Guard("payments_payment", "payments_payment_counters", "P2", Change({"captured_amount": 5}, "captured_amount = 4")),
    Guard(
        "payments_payment",
        "payments_payment_status_moves",
        "P4",
        Change({"status": "captured"}, "status = 'authorized'"),
    ),
    Guard("payments_refund", "payments_refund_append_only", "P8", Kept()),
    Guard("pledges_pledge", "pledges_pledge_status_moves", "P4", Change({"status": "captured"}, "status = 'pending'")),
    Guard(
        "pledges_pledge",
        "pledges_p11_accepting",
        "P11",
        Beside("campaigns_campaign", {"id": _ID, "status": "paused"}, {"campaign_id": _ID}),
    ),
    Guard("pledges_receipt", "pledges_receipt_append_only", "R1", Kept()),
    Guard("pledges_refund", "pledges_refund_status_moves", "P4", Change({"status": "succeeded"}, "status = 'pending'")),
    Guard("pledges_statechange", "pledges_statechange_append_only", "P5", Kept()),
    Guard("bank_balance", "bank_never_overdrawn", "B2", Row({"balance": 5, "held": 6})),
    Guard("bank_balance", "bank_balance_account_id_e585b9c5_fk_bank_account_number", "B2", Orphan()),
    Guard("bank_balance", "bank_balance_once", "B2", Twice()),
    Guard("bank_callcount", "bank_callcount_once", "B3", Twice()),
    Guard("bank_delivery", "bank_delivery_event_id_65316f80_fk_bank_event_seq", "B3", Orphan()),
    Guard("bank_delivery", "bank_delivery_once", "B3", Twice()),
    Guard("bank_entry", "bank_entry_two_sides", "B1", Row({"debit": "one", "credit": "one", "amount": 1})),
    Guard("bank_event", "bank_event_id_key", "B3", Twice()),
    Guard("bank_hold", "bank_capture_in_hold", "B3", Row({"amount": 5, "captured_amount": 6})),
    Guard("bank_hold", "bank_hold_amount", "B3", Row({"amount": 0})),
    Guard("bank_hold", "bank_hold_state", "B3", Row({"status": "captured", "captured_amount": 0})),
    Guard("bank_hold", "bank_hold_status", "B3", Row({"status": "lost"})),
    Guard("bank_hold", "bank_refund_in_capture", "B3", Row({"captured_amount": 5, "refunded_amount": 6})),
    Guard("bank_hold", "bank_hold_account_id_bb537ff7_fk_bank_account_number", "B3", Orphan()),
    Guard("bank_hold", "bank_hold_reference_key", "B3", Twice()),
    Guard("bank_mandate", "bank_mandate_account_id_4c4aee4b_fk_bank_account_number", "B3", Orphan()),
    Guard("bank_mandate", "bank_mandate_reference_key", "B3", Twice()),
    Guard("bank_mandate", "bank_mandate_status", "B3", Row({"status": "revoked"})),
    Guard("bank_mandate", "bank_mandate_status_moves", "B3", Change({"status": "revoked"}, "status = 'active'")),
    Guard("bank_transaction", "bank_transaction_amount", "B3", Row({"amount": 0})),
    Guard("bank_transaction", "bank_transaction_hold_id_06fad674_fk_bank_hold_id", "B3", Orphan()),
    Guard("bank_transaction", "bank_key_once", "B3", Twice()),
    Guard("bank_transaction", "bank_hold_ends_once", "B3", Twice({"kind": "capture"})),
    Guard("bank_entry", "bank_entry_append_only", "B1", Kept()),
    Guard("bank_event", "bank_event_append_only", "B1", Kept()),
    Guard("bank_hold", "bank_hold_status_moves", "B3", Change({"status": "captured"}, "status = 'authorized'")),
    Guard("bank_hold", "bank_hold_terms", "B3", Change({"captured_amount": 5}, "captured_amount = 4")),
    Guard("bank_transaction", "bank_transaction_append_only", "B3", Kept()),
]
