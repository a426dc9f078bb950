from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("requested_by_id", models.UUIDField()),
                ("format", models.CharField(max_length=4)),
                ("wanted", models.JSONField()),
                ("status", models.CharField(max_length=8)),
                ("rows_done", models.BigIntegerField(default=0)),
                ("rows_total", models.BigIntegerField(default=0)),
                ("size", models.BigIntegerField(default=0)),
                ("attempts", models.SmallIntegerField(default=0)),
                ("lease_until", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "reporting_export",
                "indexes": [
                    models.Index(
                        models.F("requested_by_id"),
                        models.OrderBy(models.F("created_at"), descending=True),
                        name="reporting_export_own",
                    ),
                    models.Index(
                        models.F("created_at"),
                        condition=models.Q(("status__in", ["due", "running"])),
                        name="reporting_export_due",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("format__in", ["csv", "xlsx"])), name="reporting_export_format"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["due", "running", "done", "failed", "expired"])),
                        name="reporting_export_status",
                    ),
                ],
            },
        ),
    ]
