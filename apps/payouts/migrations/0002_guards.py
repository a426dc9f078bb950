"""What the rows themselves refuse: illegal moves, edited terms, payouts that nothing covers, edited statements."""

from django.db import migrations

from apps.payouts.states import MOVES
from apps.platform.states import append_only_trigger, transition_trigger

TERMS = (
    """
    CREATE FUNCTION payouts_payout_terms() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the terms of a payout, its statement and its decision never change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payouts_payout_terms';
    END $$;
    CREATE TRIGGER payouts_payout_terms BEFORE UPDATE ON payouts_payout FOR EACH ROW
        WHEN ((OLD.id, OLD.campaign_id, OLD.currency, OLD.amount, OLD.captured, OLD.refunded, OLD.under_way, OLD.fees_before,
               OLD.paid_before, OLD.fee_base, OLD.fee_basis_points, OLD.fee, OLD.account, OLD.holder, OLD.requested_by_id)
              IS DISTINCT FROM
              (NEW.id, NEW.campaign_id, NEW.currency, NEW.amount, NEW.captured, NEW.refunded, NEW.under_way, NEW.fees_before,
               NEW.paid_before, NEW.fee_base, NEW.fee_basis_points, NEW.fee, NEW.account, NEW.holder, NEW.requested_by_id)
              OR (OLD.decided_by_id IS NOT NULL AND OLD.decided_by_id IS DISTINCT FROM NEW.decided_by_id)
              OR (OLD.transfer <> '' AND OLD.transfer <> NEW.transfer))
        EXECUTE FUNCTION payouts_payout_terms();
    """,
    "DROP TRIGGER payouts_payout_terms ON payouts_payout; DROP FUNCTION payouts_payout_terms();",
)
# Looked at when it is asked for and again when it is approved: what went back in between is no longer there.
# One payout of a campaign is open at a time (payouts_one_open), so no other can be approved beside it.
COVERED = (
    """
    CREATE FUNCTION payouts_covered() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        raised bigint;
        gone bigint;
        going_back bigint;
    BEGIN
        SELECT captured - refunded INTO raised FROM campaigns_totals WHERE campaign_id = NEW.campaign_id;
        SELECT coalesce(sum(amount + fee), 0) INTO gone FROM payouts_payout
            WHERE campaign_id = NEW.campaign_id AND id <> NEW.id AND status IN ('requested', 'approved', 'sending', 'paid');
        SELECT coalesce(sum(refund.amount), 0) INTO going_back
            FROM pledges_refund AS refund JOIN pledges_pledge AS pledge ON pledge.id = refund.pledge_id
            WHERE refund.is_reserved AND refund.counted_at IS NULL AND refund.status <> 'failed'
              AND pledge.campaign_id = NEW.campaign_id;
        IF gone + going_back + NEW.amount + NEW.fee > coalesce(raised, 0) THEN
            RAISE EXCEPTION 'campaign % has taken %, of which % are gone and % go back', NEW.campaign_id, raised, gone, going_back
                USING ERRCODE = 'check_violation', CONSTRAINT = 'payouts_covered';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER payouts_covered BEFORE INSERT OR UPDATE OF status ON payouts_payout FOR EACH ROW
        WHEN (NEW.status IN ('requested', 'approved')) EXECUTE FUNCTION payouts_covered();
    """,
    "DROP TRIGGER payouts_covered ON payouts_payout; DROP FUNCTION payouts_covered();",
)
GUARDS = [
    transition_trigger("payouts_payout", "status", MOVES),
    append_only_trigger("payouts_destination"),
    append_only_trigger("payouts_statementline"),
    append_only_trigger("payouts_laterefund"),
    TERMS,
    COVERED,
]


class Migration(migrations.Migration):
    dependencies = [
        ("payouts", "0001_initial"),
        ("campaigns", "0001_initial"),
        ("pledges", "0006_refunds_under_way"),
    ]
    operations = [migrations.RunSQL(forward, backward) for forward, backward in GUARDS]
