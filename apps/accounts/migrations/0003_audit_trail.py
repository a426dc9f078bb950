from django.db import migrations, models

from apps.platform.states import append_only_trigger

# The chain lives in the database: whoever inserts, the row gets the next number and the digest of all before it. The
# head row is locked until commit, so numbers have no gaps and two writers cannot continue the same link.
DIGEST = """
    CREATE FUNCTION accounts_audit_digest(previous bytea, entry accounts_auditentry) RETURNS bytea
    LANGUAGE sql STABLE AS $$
        SELECT sha256(previous || convert_to(jsonb_build_array(
            entry.seq, to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), entry.actor_kind,
            entry.actor_id, entry.action, entry.subject_id, entry.detail, entry.request_id)::text, 'UTF8'))
    $$
"""
CHAIN = """
    CREATE FUNCTION accounts_audit_chain() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE head accounts_audithead;
    BEGIN
        INSERT INTO accounts_audithead (id, seq, digest) VALUES (1, 0, sha256('')) ON CONFLICT DO NOTHING;
        SELECT * INTO STRICT head FROM accounts_audithead WHERE id = 1 FOR UPDATE;
        NEW.seq := head.seq + 1;
        NEW.digest := accounts_audit_digest(head.digest, NEW);
        UPDATE accounts_audithead SET seq = NEW.seq, digest = NEW.digest WHERE id = 1;
        RETURN NEW;
    END $$;
    CREATE TRIGGER accounts_audit_chain BEFORE INSERT ON accounts_auditentry
        FOR EACH ROW EXECUTE FUNCTION accounts_audit_chain();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_api_key_last_used")]

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("actor_kind", models.CharField(max_length=8)),
                ("actor_id", models.UUIDField(null=True)),
                ("action", models.CharField(max_length=60)),
                ("subject_id", models.CharField(max_length=64)),
                ("detail", models.JSONField(default=dict)),
                ("request_id", models.CharField(default="", max_length=64)),
                ("digest", models.BinaryField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["subject_id", "seq"], name="accounts_audit_subject"),
                    models.Index(fields=["actor_id", "seq"], name="accounts_audit_actor"),
                    models.Index(fields=["action", "seq"], name="accounts_audit_action"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(actor_kind__in=["user", "api-key", "system"]), name="accounts_audit_kind"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("seq", models.BigIntegerField(default=0)),
                ("digest", models.BinaryField()),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(id=1), name="accounts_audit_one_head")],
            },
        ),
        migrations.RunSQL(DIGEST, "DROP FUNCTION accounts_audit_digest(bytea, accounts_auditentry)"),
        migrations.RunSQL(
            CHAIN, "DROP TRIGGER accounts_audit_chain ON accounts_auditentry; DROP FUNCTION accounts_audit_chain();"
        ),
        migrations.RunSQL(*append_only_trigger("accounts_auditentry")),
    ]
