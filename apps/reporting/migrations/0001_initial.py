import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("campaigns", "0001_initial"), ("pledges", "0002_guards")]

    operations = [
        migrations.CreateModel(
            name="Due",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pledge_id", models.UUIDField()),
                ("since", models.DateTimeField()),
            ],
            options={
                "db_table": "reporting_due",
            },
        ),
        migrations.CreateModel(
            name="Missed",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pledge_id", models.UUIDField()),
            ],
            options={
                "db_table": "reporting_missed",
            },
        ),
        migrations.CreateModel(
            name="Rebuild",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("started_at", models.DateTimeField()),
            ],
            options={
                "db_table": "reporting_rebuild",
            },
        ),
        migrations.CreateModel(
            name="CampaignFunnel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("campaign_id", models.UUIDField()),
                ("currency", models.CharField(max_length=3)),
                ("pledges", models.BigIntegerField(default=0)),
                ("pledged_amount", models.BigIntegerField(default=0)),
                ("pending", models.BigIntegerField(default=0)),
                ("authorized", models.BigIntegerField(default=0)),
                ("captured", models.BigIntegerField(default=0)),
                ("failed", models.BigIntegerField(default=0)),
                ("refunded", models.BigIntegerField(default=0)),
                ("captured_amount", models.BigIntegerField(default=0)),
                ("refunded_amount", models.BigIntegerField(default=0)),
            ],
            options={
                "db_table": "reporting_campaign_funnel",
                "constraints": [
                    models.UniqueConstraint(fields=("campaign_id", "currency"), name="reporting_funnel_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="DailyTotal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("campaign_id", models.UUIDField()),
                ("currency", models.CharField(max_length=3)),
                ("pledges", models.BigIntegerField(default=0)),
                ("pledged_amount", models.BigIntegerField(default=0)),
                ("failed", models.BigIntegerField(default=0)),
                ("gifts", models.BigIntegerField(default=0)),
                ("captured_amount", models.BigIntegerField(default=0)),
                ("refunded_amount", models.BigIntegerField(default=0)),
            ],
            options={
                "db_table": "reporting_daily_total",
                "indexes": [models.Index(models.F("campaign_id"), models.F("day"), name="reporting_daily_campaign")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("day", "campaign_id", "currency"), name="reporting_daily_total_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Donor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("scope", models.UUIDField()),
                ("donor_key", models.CharField(max_length=64)),
                ("currency", models.CharField(max_length=3)),
                ("donor_name", models.CharField(blank=True, default="", max_length=120)),
                ("donor_email", models.CharField(blank=True, default="", max_length=254)),
                ("gifts", models.BigIntegerField(default=0)),
                ("captured_amount", models.BigIntegerField(default=0)),
                ("refunded_amount", models.BigIntegerField(default=0)),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
            ],
            options={
                "db_table": "reporting_donor",
                "indexes": [
                    models.Index(
                        models.F("scope"),
                        models.OrderBy(models.F("last_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="reporting_donor_latest",
                    ),
                    models.Index(
                        models.F("scope"),
                        models.OrderBy(models.F("captured_amount"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="reporting_donor_largest",
                    ),
                    models.Index(models.F("scope"), models.F("donor_email"), name="reporting_donor_email"),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("donor_name"), name="gin_trgm_ops"
                        ),
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("donor_email"), name="gin_trgm_ops"
                        ),
                        name="reporting_donor_search",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("scope", "donor_key", "currency"), name="reporting_donor_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Gift",
            fields=[
                ("pledge_id", models.UUIDField(primary_key=True, serialize=False)),
                ("campaign_id", models.UUIDField()),
                ("campaign_title", models.CharField(max_length=200)),
                ("donor_id", models.UUIDField(null=True)),
                ("donor_key", models.CharField(max_length=64)),
                ("donor_name", models.CharField(blank=True, default="", max_length=120)),
                ("donor_email", models.CharField(blank=True, default="", max_length=254)),
                ("is_anonymous", models.BooleanField()),
                ("currency", models.CharField(max_length=3)),
                ("amount", models.BigIntegerField()),
                ("captured_amount", models.BigIntegerField()),
                ("refunded_amount", models.BigIntegerField()),
                ("status", models.CharField(max_length=20)),
                ("failure_reason", models.CharField(blank=True, default="", max_length=64)),
                ("provider", models.CharField(blank=True, default="", max_length=20)),
                ("reference", models.CharField(blank=True, default="", max_length=100)),
                ("created_at", models.DateTimeField()),
                ("captured_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "reporting_gift",
                "indexes": [
                    models.Index(
                        models.OrderBy(models.F("created_at"), descending=True),
                        models.OrderBy(models.F("pledge_id"), descending=True),
                        name="reporting_gift_newest",
                    ),
                    models.Index(
                        models.F("campaign_id"),
                        models.OrderBy(models.F("created_at"), descending=True),
                        models.OrderBy(models.F("pledge_id"), descending=True),
                        name="reporting_gift_campaign",
                    ),
                    models.Index(
                        models.F("status"),
                        models.OrderBy(models.F("created_at"), descending=True),
                        models.OrderBy(models.F("pledge_id"), descending=True),
                        name="reporting_gift_status",
                    ),
                    models.Index(
                        models.F("donor_email"),
                        models.OrderBy(models.F("created_at"), descending=True),
                        models.OrderBy(models.F("pledge_id"), descending=True),
                        name="reporting_gift_email",
                    ),
                    models.Index(
                        models.F("donor_key"),
                        models.OrderBy(models.F("created_at"), descending=True),
                        models.OrderBy(models.F("pledge_id"), descending=True),
                        name="reporting_gift_donor",
                    ),
                    models.Index(
                        models.F("amount"),
                        models.OrderBy(models.F("created_at"), descending=True),
                        models.OrderBy(models.F("pledge_id"), descending=True),
                        name="reporting_gift_amount",
                    ),
                    models.Index(
                        models.F("reference"),
                        condition=models.Q(("reference", ""), _negated=True),
                        name="reporting_gift_reference",
                    ),
                    models.Index(
                        models.F("captured_at"),
                        condition=models.Q(("captured_at__isnull", False)),
                        name="reporting_gift_captured",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("donor_name"), name="gin_trgm_ops"
                        ),
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("donor_email"), name="gin_trgm_ops"
                        ),
                        name="reporting_gift_search",
                    ),
                ],
            },
        ),
        # An installation that has pledges already: they are read by the first refresh.
        migrations.RunSQL(
            "INSERT INTO reporting_due (pledge_id, since) SELECT id, now() FROM pledges_pledge", migrations.RunSQL.noop
        ),
    ]
