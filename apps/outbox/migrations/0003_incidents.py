from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0002_audit_run"),
    ]

    operations = [
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("part", models.CharField(max_length=20)),
                ("level", models.CharField(max_length=10)),
                ("began_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "outbox_incident",
                "indexes": [models.Index(fields=["-began_at"], name="outbox_incident_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["slow", "down"])), name="outbox_incident_level"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True), ("ended_at__gte", models.F("began_at")), _connector="OR"
                        ),
                        name="outbox_incident_order",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("part",),
                        name="outbox_incident_one_open",
                    ),
                ],
            },
        ),
    ]
