"""What constraints alone cannot say: messages keep their place and author, tombstones are final, the trail is append-only."""

from django.db import migrations

from apps.platform.states import append_only_trigger

MESSAGE = (
    """
    CREATE FUNCTION chat_message_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            RAISE EXCEPTION 'messages are removed by a tombstone, not deleted'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'chat_message_keeps';
        END IF;
        IF (OLD.room_id, OLD.seq, OLD.author_id, OLD.side, OLD.client_id, OLD.created_at, OLD.reply_to_id)
           IS DISTINCT FROM (NEW.room_id, NEW.seq, NEW.author_id, NEW.side, NEW.client_id, NEW.created_at, NEW.reply_to_id)
           OR NEW.version <= OLD.version OR OLD.removed_at IS NOT NULL THEN
            RAISE EXCEPTION 'a message keeps its place, its author and its end'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'chat_message_keeps';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER chat_message_keeps BEFORE UPDATE OR DELETE ON chat_message FOR EACH ROW EXECUTE FUNCTION chat_message_keeps();
    """,
    "DROP TRIGGER chat_message_keeps ON chat_message; DROP FUNCTION chat_message_keeps();",
)
ROOM = (
    """
    CREATE FUNCTION chat_room_counts_up() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.last_seq < OLD.last_seq OR NEW.version < OLD.version OR NEW.last_seq > OLD.last_seq + 1 THEN
            RAISE EXCEPTION 'the numbers of a room only rise, one by one'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'chat_room_counts_up';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER chat_room_counts_up BEFORE UPDATE ON chat_room FOR EACH ROW EXECUTE FUNCTION chat_room_counts_up();
    """,
    "DROP TRIGGER chat_room_counts_up ON chat_room; DROP FUNCTION chat_room_counts_up();",
)
READMARK = (
    """
    CREATE FUNCTION chat_readmark_rises() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.seq < OLD.seq OR NEW.version <= OLD.version THEN
            RAISE EXCEPTION 'what was read stays read'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'chat_readmark_rises';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER chat_readmark_rises BEFORE UPDATE ON chat_readmark FOR EACH ROW EXECUTE FUNCTION chat_readmark_rises();
    """,
    "DROP TRIGGER chat_readmark_rises ON chat_readmark; DROP FUNCTION chat_readmark_rises();",
)


class Migration(migrations.Migration):
    dependencies = [("chat", "0001_initial")]
    operations = [
        migrations.RunSQL(*MESSAGE),
        migrations.RunSQL(*ROOM),
        migrations.RunSQL(*READMARK),
        migrations.RunSQL(*append_only_trigger("chat_moderation")),
    ]
