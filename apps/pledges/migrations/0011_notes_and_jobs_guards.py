"""A note stays as written, until its donor is erased; a job and each of its gifts go one way."""

from django.db import migrations

from apps.platform.states import Moves, transition_trigger
from apps.pledges.states import JOB_MOVES

NOTES = (
    """
    CREATE FUNCTION pledges_note_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND NEW.body = '' AND (NEW.id, NEW.pledge_id, NEW.author_id, NEW.created_at)
               = (OLD.id, OLD.pledge_id, OLD.author_id, OLD.created_at) THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'notes stay as they were written'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'pledges_note_append_only';
    END $$;
    CREATE TRIGGER pledges_note_append_only BEFORE UPDATE OR DELETE ON pledges_note
        FOR EACH ROW EXECUTE FUNCTION pledges_note_append_only();
    """,
    "DROP TRIGGER pledges_note_append_only ON pledges_note; DROP FUNCTION pledges_note_append_only();",
)


class Migration(migrations.Migration):
    dependencies = [("pledges", "0010_notes_and_jobs")]
    operations = [
        migrations.RunSQL(*NOTES),
        migrations.RunSQL(*transition_trigger("pledges_job", "status", JOB_MOVES)),
        migrations.RunSQL(
            *transition_trigger("pledges_jobgift", "outcome", Moves({"": {"done", "refused", "failed"}}))
        ),
    ]
