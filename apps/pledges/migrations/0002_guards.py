"""What constraints alone cannot say: the way of a state, append-only history, and the campaign behind a pledge (P4, P5, P11)."""

from django.db import migrations

from apps.platform.states import append_only_trigger, transition_trigger
from apps.pledges.states import MOVES, REFUND_MOVES

CAMPAIGN = (
    """ALTER TABLE pledges_pledge ADD CONSTRAINT pledges_pledge_campaign
       FOREIGN KEY (campaign_id) REFERENCES campaigns_campaign (id) ON DELETE RESTRICT""",
    "ALTER TABLE pledges_pledge DROP CONSTRAINT pledges_pledge_campaign",
)
# FOR SHARE waits for a closing that is under way and then sees its result, so that the two cannot pass each other.
ACCEPTING = (
    """
    CREATE FUNCTION pledges_p11_accepting() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (
            SELECT 1 FROM (
                SELECT status FROM campaigns_campaign WHERE id IN (SELECT campaign_id FROM made) ORDER BY id FOR SHARE
            ) AS campaign WHERE status <> 'active'
        ) THEN
            RAISE EXCEPTION 'the campaign does not accept pledges'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'pledges_p11_accepting';
        END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER pledges_p11_accepting AFTER INSERT ON pledges_pledge
        REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION pledges_p11_accepting();
    """,
    "DROP TRIGGER pledges_p11_accepting ON pledges_pledge; DROP FUNCTION pledges_p11_accepting();",
)


class Migration(migrations.Migration):
    dependencies = [("pledges", "0001_initial"), ("campaigns", "0001_initial")]
    operations = [
        migrations.RunSQL(*transition_trigger("pledges_pledge", "status", MOVES)),
        migrations.RunSQL(*transition_trigger("pledges_refund", "status", REFUND_MOVES)),
        migrations.RunSQL(*append_only_trigger("pledges_statechange")),
        migrations.RunSQL(*CAMPAIGN),
        migrations.RunSQL(*ACCEPTING),
    ]
