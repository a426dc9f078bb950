from django.db import migrations, models

import apps.pledges.states
from apps.platform.states import transition_trigger
from apps.pledges.states import REFUND_MOVES

MOVES = transition_trigger("pledges_refund", "status", REFUND_MOVES)


class Migration(migrations.Migration):
    dependencies = [
        ("pledges", "0006_refunds_under_way"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="refund",
            name="pledges_refund_status",
        ),
        migrations.AddField(
            model_name="refund",
            name="approved_by_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="refund",
            name="decided_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="refund",
            name="decision_note",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="refund",
            name="declined_by_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="refund",
            name="needs_approval",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddIndex(
            model_name="refund",
            index=models.Index(
                models.F("id"),
                condition=models.Q(("status", apps.pledges.states.RefundStatus["AWAITING"])),
                name="pledges_refund_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            apps.pledges.states.RefundStatus["AWAITING"],
                            apps.pledges.states.RefundStatus["PENDING"],
                            apps.pledges.states.RefundStatus["SUCCEEDED"],
                            apps.pledges.states.RefundStatus["FAILED"],
                        ],
                    )
                ),
                name="pledges_refund_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by_id__isnull", True),
                    models.Q(("approved_by_id", models.F("requested_by_id")), _negated=True),
                    _connector="OR",
                ),
                name="pledges_refund_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("needs_approval", False),
                    (
                        "status__in",
                        [apps.pledges.states.RefundStatus["AWAITING"], apps.pledges.states.RefundStatus["FAILED"]],
                    ),
                    ("approved_by_id__isnull", False),
                    _connector="OR",
                ),
                name="pledges_refund_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", apps.pledges.states.RefundStatus["AWAITING"]), _negated=True),
                    models.Q(
                        ("approved_by_id__isnull", True), ("declined_by_id__isnull", True), ("needs_approval", True)
                    ),
                    _connector="OR",
                ),
                name="pledges_refund_awaiting",
            ),
        ),
        # The table of moves has grown: the trigger is made anew.
        migrations.RunSQL(MOVES[1] + MOVES[0], migrations.RunSQL.noop),
    ]
