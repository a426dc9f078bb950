from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="FeedCounter",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("last_seq", models.BigIntegerField(default=0)),
            ],
            options={
                "db_table": "notifications_feedcounter",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="notifications_one_counter"),
                    models.CheckConstraint(
                        condition=models.Q(("last_seq__gte", 0)), name="notifications_counter_counts_up"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FeedEntry",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("seq", models.BigIntegerField(unique=True)),
                ("topic", models.CharField(max_length=60)),
                ("type", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("pledge_id", models.UUIDField(null=True)),
                ("data", models.JSONField()),
            ],
            options={
                "db_table": "notifications_feedentry",
                "indexes": [
                    models.Index("topic", "seq", name="notifications_feed_topic"),
                    models.Index("at", name="notifications_feed_age"),
                ],
            },
        ),
    ]
