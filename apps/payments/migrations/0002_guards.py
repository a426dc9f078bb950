"""What the rows themselves refuse: illegal moves, edited terms, edited facts, a failed payment captured without proof."""

from django.db import migrations

from apps.payments.states import OPERATION_MOVES, PAYMENT_MOVES
from apps.platform.states import append_only_trigger, transition_trigger

TERMS = (
    """
    CREATE FUNCTION payments_payment_terms() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the terms of a payment never change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_payment_terms';
    END $$;
    CREATE TRIGGER payments_payment_terms
        BEFORE UPDATE OF id, reference, provider, account, amount, currency, capture ON payments_payment FOR EACH ROW
        WHEN ((OLD.id, OLD.reference, OLD.provider, OLD.account, OLD.amount, OLD.currency, OLD.capture)
              IS DISTINCT FROM
              (NEW.id, NEW.reference, NEW.provider, NEW.account, NEW.amount, NEW.currency, NEW.capture))
        EXECUTE FUNCTION payments_payment_terms();
    """,
    "DROP TRIGGER payments_payment_terms ON payments_payment; DROP FUNCTION payments_payment_terms();",
)
PROOF = (
    """
    CREATE FUNCTION payments_payment_proof() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NOT EXISTS (SELECT FROM payments_fact WHERE payment_id = NEW.id AND kind = 'capture_proven') THEN
            RAISE EXCEPTION 'payment % failed; only the provider''s proof makes it captured', NEW.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_payment_proof';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER payments_payment_proof BEFORE UPDATE OF status ON payments_payment FOR EACH ROW
        WHEN (OLD.status = 'failed' AND NEW.status = 'captured') EXECUTE FUNCTION payments_payment_proof();
    """,
    "DROP TRIGGER payments_payment_proof ON payments_payment; DROP FUNCTION payments_payment_proof();",
)
COUNTERS = (
    """
    CREATE FUNCTION payments_payment_counters() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'captured and refunded amounts never fall'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_payment_counters';
    END $$;
    CREATE TRIGGER payments_payment_counters
        BEFORE UPDATE OF captured_amount, refunded_amount ON payments_payment FOR EACH ROW
        WHEN (NEW.captured_amount < OLD.captured_amount OR NEW.refunded_amount < OLD.refunded_amount)
        EXECUTE FUNCTION payments_payment_counters();
    """,
    "DROP TRIGGER payments_payment_counters ON payments_payment; DROP FUNCTION payments_payment_counters();",
)
# The queues are claimed by due time while rows leave them all the time: keep their dead rows few.
VACUUM = (
    "ALTER TABLE payments_operation SET (autovacuum_vacuum_scale_factor = 0.02, fillfactor = 80);"
    "ALTER TABLE payments_payment SET (fillfactor = 80);",
    "ALTER TABLE payments_operation RESET (autovacuum_vacuum_scale_factor, fillfactor);"
    "ALTER TABLE payments_payment RESET (fillfactor);",
)
GUARDS = [
    transition_trigger("payments_payment", "status", PAYMENT_MOVES),
    transition_trigger("payments_operation", "status", OPERATION_MOVES),
    append_only_trigger("payments_fact"),
    append_only_trigger("payments_refund"),
    TERMS,
    PROOF,
    COUNTERS,
    VACUUM,
]


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]
    operations = [migrations.RunSQL(forward, backward) for forward, backward in GUARDS]
