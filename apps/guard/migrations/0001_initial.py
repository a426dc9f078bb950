from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("reference", models.UUIDField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("address", models.CharField(max_length=32)),
                ("device", models.CharField(blank=True, default="", max_length=32)),
                ("campaign_id", models.UUIDField()),
            ],
            options={
                "db_table": "guard_attempt",
                "indexes": [
                    models.Index(models.F("at"), name="guard_attempt_age"),
                    models.Index(models.F("address"), models.F("at"), name="guard_attempt_of_address"),
                    models.Index(
                        models.F("device"),
                        models.F("at"),
                        condition=models.Q(("device", ""), _negated=True),
                        name="guard_attempt_of_device",
                    ),
                    models.Index(models.F("campaign_id"), models.F("at"), name="guard_attempt_on_campaign"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decline",
            fields=[
                ("reference", models.UUIDField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "guard_decline",
                "indexes": [models.Index(models.F("at"), name="guard_decline_age")],
            },
        ),
        migrations.CreateModel(
            name="Redeemed",
            fields=[
                ("signature", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "guard_redeemed",
                "indexes": [models.Index(models.F("at"), name="guard_redeemed_age")],
            },
        ),
        # What a crash of the server loses here is a little memory of the guard, nobody's money.
        migrations.RunSQL(
            "ALTER TABLE guard_attempt SET UNLOGGED; ALTER TABLE guard_decline SET UNLOGGED", migrations.RunSQL.noop
        ),
    ]
