"""In crowded rooms a read mark moves without a version of its own."""

from django.db import migrations

FUNCTION = """
    CREATE OR REPLACE FUNCTION chat_readmark_rises() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.seq < OLD.seq OR NEW.version %s OLD.version THEN
            RAISE EXCEPTION 'what was read stays read'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'chat_readmark_rises';
        END IF;
        RETURN NEW;
    END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("chat", "0002_guards")]
    operations = [migrations.RunSQL(FUNCTION % "<", FUNCTION % "<=")]
