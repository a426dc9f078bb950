"""An ended hold stays as it ended, its terms never change, and what moved is never edited."""

from django.db import migrations

from apps.bank.states import HOLD_MOVES
from apps.platform.states import append_only_trigger, transition_trigger

TERMS = (
    """
    CREATE FUNCTION bank_hold_terms() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the terms of a hold never change, and its counters never fall'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bank_hold_terms';
    END $$;
    CREATE TRIGGER bank_hold_terms BEFORE UPDATE ON bank_hold FOR EACH ROW
        WHEN ((OLD.id, OLD.account_id, OLD.reference, OLD.amount, OLD.currency)
              IS DISTINCT FROM (NEW.id, NEW.account_id, NEW.reference, NEW.amount, NEW.currency)
              OR NEW.captured_amount < OLD.captured_amount OR NEW.refunded_amount < OLD.refunded_amount)
        EXECUTE FUNCTION bank_hold_terms();
    """,
    "DROP TRIGGER bank_hold_terms ON bank_hold; DROP FUNCTION bank_hold_terms();",
)
GUARDS = [
    transition_trigger("bank_hold", "status", HOLD_MOVES),
    TERMS,
    append_only_trigger("bank_transaction"),
    append_only_trigger("bank_event"),
]


class Migration(migrations.Migration):
    dependencies = [("bank", "0002_guards")]
    operations = [migrations.RunSQL(forward, backward) for forward, backward in GUARDS]
