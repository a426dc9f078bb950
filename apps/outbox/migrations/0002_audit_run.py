from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditRun",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("finished_at", models.DateTimeField()),
                ("seconds", models.FloatField()),
                ("checks", models.IntegerField()),
                ("violations", models.IntegerField()),
                ("report", models.JSONField()),
            ],
            options={
                "db_table": "outbox_auditrun",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="outbox_one_audit_run")],
            },
        ),
    ]
