"""Findings get a state that only closes, and a line for each decision about them."""

import django.db.models.deletion
from django.db import migrations, models

from apps.payments.states import ANOMALY_MOVES
from apps.platform.states import append_only_trigger, transition_trigger

GUARDS = [
    transition_trigger("payments_anomaly", "state", ANOMALY_MOVES),
    append_only_trigger("payments_anomalydecision"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0002_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="AnomalyDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("action", models.CharField(max_length=8)),
                ("by_id", models.UUIDField(null=True)),
                ("by_kind", models.CharField(max_length=8)),
                ("note", models.CharField(blank=True, default="", max_length=500)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "payments_anomalydecision",
            },
        ),
        migrations.RemoveIndex(
            model_name="anomaly",
            name="payments_anomaly_open",
        ),
        migrations.AddField(
            model_name="anomaly",
            name="state",
            field=models.CharField(db_default="open", default="open", max_length=9),
        ),
        # What had settled before there were states.
        migrations.RunSQL(
            "UPDATE payments_anomaly SET state = 'resolved' WHERE resolved_at IS NOT NULL", migrations.RunSQL.noop
        ),
        migrations.AddIndex(
            model_name="anomaly",
            index=models.Index(
                models.F("payment_id"), condition=models.Q(("state", "open")), name="payments_anomaly_open"
            ),
        ),
        migrations.AddIndex(
            model_name="anomaly",
            index=models.Index(models.F("id"), condition=models.Q(("state", "open")), name="payments_anomaly_queue"),
        ),
        migrations.AddConstraint(
            model_name="anomaly",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "resolved", "dismissed"])), name="payments_anomaly_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="anomaly",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("resolved_at__isnull", True), ("state", "open")),
                    models.Q(models.Q(("state", "open"), _negated=True), ("resolved_at__isnull", False)),
                    _connector="OR",
                ),
                name="payments_anomaly_closed",
            ),
        ),
        migrations.AddField(
            model_name="anomalydecision",
            name="anomaly",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="payments.anomaly"),
        ),
        migrations.AddConstraint(
            model_name="anomalydecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("action__in", ["ask", "accept", "refund", "dismiss", "settle"])),
                name="payments_anomalydecision_action",
            ),
        ),
        migrations.AddConstraint(
            model_name="anomalydecision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("action", "ask"), _negated=True),
                fields=("anomaly",),
                name="payments_anomalydecision_one_end",
            ),
        ),
        *(migrations.RunSQL(forward, backward) for forward, backward in GUARDS),
    ]
