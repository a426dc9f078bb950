from django.db import migrations, models

import apps.platform.clock
import apps.platform.ids
from apps.platform.states import append_only_trigger


class Migration(migrations.Migration):
    dependencies = [
        ("bank", "0004_mandate"),
    ]

    operations = [
        migrations.CreateModel(
            name="Transfer",
            fields=[
                ("id", models.UUIDField(default=apps.platform.ids.new_id, primary_key=True, serialize=False)),
                ("seq", models.BigIntegerField(unique=True)),
                ("reference", models.UUIDField(unique=True)),
                ("account", models.CharField(max_length=19)),
                ("amount", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("status", models.CharField(max_length=9)),
                ("reason", models.CharField(default="", max_length=40)),
                ("created_at", models.DateTimeField(default=apps.platform.clock.now)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0), ("amount__lte", 1000000000000000)),
                        name="bank_transfer_amount",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), ("status", "succeeded")),
                            models.Q(("status", "declined"), models.Q(("reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="bank_transfer_status",
                    ),
                ],
            },
        ),
        migrations.RunSQL(*append_only_trigger("bank_transfer")),
    ]
