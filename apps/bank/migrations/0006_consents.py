from django.db import migrations, models

import apps.platform.clock
import apps.platform.ids
from apps.bank.states import CONSENT_MOVES
from apps.platform.states import transition_trigger


class Migration(migrations.Migration):
    dependencies = [("bank", "0005_transfers")]

    operations = [
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.UUIDField(default=apps.platform.ids.new_id, primary_key=True, serialize=False)),
                ("reference", models.UUIDField(unique=True)),
                ("amount", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("status", models.CharField(default="waiting", max_length=8)),
                ("account", models.CharField(blank=True, default="", max_length=19)),
                ("visitor", models.BinaryField(default=b"")),
                ("expires_at", models.DateTimeField()),
                ("created_at", models.DateTimeField(default=apps.platform.clock.now)),
                ("answered_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "waiting")),
                        fields=["expires_at"],
                        name="bank_consent_expiring",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0), ("amount__lte", 1000000000000000)),
                        name="bank_consent_amount",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("status", "waiting")),
                            models.Q(("answered_at__isnull", False), ("status__in", ["refused", "expired"])),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("status", "given"),
                                models.Q(("account", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="bank_consent_status",
                    ),
                ],
            },
        ),
        migrations.RunSQL(*transition_trigger("bank_consent", "status", CONSENT_MOVES)),
    ]
