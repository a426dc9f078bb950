import django.db.models.expressions
from django.db import migrations, models

import apps.payouts.states


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Destination",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("campaign_id", models.UUIDField()),
                ("account", models.CharField(max_length=19)),
                ("holder", models.CharField(max_length=120)),
                ("set_by_id", models.UUIDField()),
                ("set_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("campaign_id"),
                        models.OrderBy(models.F("id"), descending=True),
                        name="payouts_destination_newest",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("account__regex", "^[0-9]{4}(-[0-9]{4}){3}$"), models.Q(("holder", ""), _negated=True)
                        ),
                        name="payouts_destination_usable",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LateRefund",
            fields=[
                ("refund_id", models.UUIDField(primary_key=True, serialize=False)),
                ("campaign_id", models.UUIDField()),
                ("amount", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(models.F("campaign_id"), name="payouts_laterefund_campaign")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="payouts_laterefund_amount")
                ],
            },
        ),
        migrations.CreateModel(
            name="Payout",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("campaign_id", models.UUIDField()),
                ("campaign_title", models.CharField(max_length=200)),
                ("currency", models.CharField(max_length=3)),
                ("amount", models.BigIntegerField()),
                ("status", models.CharField(default=apps.payouts.states.Status["REQUESTED"], max_length=9)),
                ("captured", models.BigIntegerField()),
                ("refunded", models.BigIntegerField()),
                ("under_way", models.BigIntegerField()),
                ("fees_before", models.BigIntegerField()),
                ("paid_before", models.BigIntegerField()),
                ("fee_base", models.BigIntegerField()),
                ("fee_basis_points", models.IntegerField()),
                ("fee", models.BigIntegerField()),
                ("account", models.CharField(max_length=19)),
                ("holder", models.CharField(max_length=120)),
                ("note", models.CharField(blank=True, default="", max_length=500)),
                ("requested_by_id", models.UUIDField()),
                ("requested_at", models.DateTimeField()),
                ("decided_by_id", models.UUIDField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision_note", models.CharField(blank=True, default="", max_length=500)),
                ("attempts", models.IntegerField(default=0)),
                ("due_at", models.DateTimeField(null=True)),
                ("transfer", models.CharField(blank=True, default="", max_length=100)),
                ("failure_reason", models.CharField(blank=True, default="", max_length=100)),
                ("ended_at", models.DateTimeField(null=True)),
                ("reconciled_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("campaign_id"),
                        models.OrderBy(models.F("id"), descending=True),
                        name="payouts_of_campaign",
                    ),
                    models.Index(
                        models.F("status"), models.OrderBy(models.F("id"), descending=True), name="payouts_by_status"
                    ),
                    models.Index(
                        models.F("due_at"), condition=models.Q(("due_at__isnull", False)), name="payouts_payout_due"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    apps.payouts.states.Status["REQUESTED"],
                                    apps.payouts.states.Status["APPROVED"],
                                    apps.payouts.states.Status["SENDING"],
                                    apps.payouts.states.Status["PAID"],
                                    apps.payouts.states.Status["FAILED"],
                                    apps.payouts.states.Status["DECLINED"],
                                    apps.payouts.states.Status["WITHDRAWN"],
                                ],
                            )
                        ),
                        name="payouts_payout_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount__gte", 1), ("amount__lte", 1000000000000000), ("currency__regex", "^[A-Z]{3}$")
                        ),
                        name="payouts_payout_amount",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("fee__gte", 0),
                            ("fee_base__gte", 0),
                            ("fees_before__gte", 0),
                            ("paid_before__gte", 0),
                            ("refunded__gte", 0),
                            ("under_way__gte", 0),
                            ("fee__lte", models.F("fee_base")),
                            ("fee_base__lte", models.F("captured")),
                        ),
                        name="payouts_statement_parts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "captured__gte",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.expressions.CombinedExpression(
                                                    models.F("refunded"), "+", models.F("under_way")
                                                ),
                                                "+",
                                                models.F("fees_before"),
                                            ),
                                            "+",
                                            models.F("paid_before"),
                                        ),
                                        "+",
                                        models.F("fee"),
                                    ),
                                    "+",
                                    models.F("amount"),
                                ),
                            )
                        ),
                        name="payouts_statement_adds_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by_id__isnull", True),
                            models.Q(("decided_by_id", models.F("requested_by_id")), _negated=True),
                            ("status", apps.payouts.states.Status["WITHDRAWN"]),
                            _connector="OR",
                        ),
                        name="payouts_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", True),
                                ("decided_by_id__isnull", True),
                                ("status", apps.payouts.states.Status["REQUESTED"]),
                            ),
                            models.Q(
                                models.Q(("status", apps.payouts.states.Status["REQUESTED"]), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by_id__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="payouts_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", apps.payouts.states.Status["PAID"]), ("transfer__gt", "")),
                            models.Q(
                                models.Q(("status", apps.payouts.states.Status["PAID"]), _negated=True),
                                ("transfer", ""),
                            ),
                            _connector="OR",
                        ),
                        name="payouts_paid_with_transfer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("failure_reason__gt", ""), ("status", apps.payouts.states.Status["FAILED"])),
                            models.Q(
                                models.Q(("status", apps.payouts.states.Status["FAILED"]), _negated=True),
                                ("failure_reason", ""),
                            ),
                            _connector="OR",
                        ),
                        name="payouts_failed_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", True),
                                (
                                    "status__in",
                                    (
                                        apps.payouts.states.Status["REQUESTED"],
                                        apps.payouts.states.Status["APPROVED"],
                                        apps.payouts.states.Status["SENDING"],
                                    ),
                                ),
                            ),
                            models.Q(
                                models.Q(
                                    (
                                        "status__in",
                                        (
                                            apps.payouts.states.Status["REQUESTED"],
                                            apps.payouts.states.Status["APPROVED"],
                                            apps.payouts.states.Status["SENDING"],
                                        ),
                                    ),
                                    _negated=True,
                                ),
                                ("ended_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="payouts_ended",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("due_at__isnull", True),
                            (
                                "status__in",
                                [apps.payouts.states.Status["APPROVED"], apps.payouts.states.Status["SENDING"]],
                            ),
                            _connector="OR",
                        ),
                        name="payouts_due",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                (
                                    apps.payouts.states.Status["REQUESTED"],
                                    apps.payouts.states.Status["APPROVED"],
                                    apps.payouts.states.Status["SENDING"],
                                ),
                            )
                        ),
                        fields=("campaign_id", "currency"),
                        name="payouts_one_open",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("transfer", ""), _negated=True),
                        fields=("transfer",),
                        name="payouts_transfer_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StatementLine",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("transfer", models.CharField(max_length=100, unique=True)),
                ("reference", models.UUIDField()),
                ("account", models.CharField(max_length=64)),
                ("amount", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("status", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                ("read_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(models.F("reference"), name="payouts_statement_reference")],
            },
        ),
    ]
