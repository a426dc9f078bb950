"""Gifts in honour or in memory of somebody, the message about one, and who wants none."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from apps.platform.states import transition_trigger
from apps.pledges.states import DEDICATION_MOVES


class Migration(migrations.Migration):
    dependencies = [("pledges", "0008_fee_cover")]
    operations = [
        migrations.CreateModel(
            name="DedicationRefusal",
            fields=[
                ("recipient_key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
            options={"db_table": "pledges_dedicationrefusal"},
        ),
        migrations.CreateModel(
            name="Dedication",
            fields=[
                (
                    "pledge",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="pledges.pledge",
                    ),
                ),
                ("kind", models.CharField(max_length=8)),
                ("honoree", models.CharField(max_length=120)),
                ("is_public", models.BooleanField(default=False)),
                ("recipient_name", models.CharField(blank=True, default="", max_length=120)),
                ("recipient_email", models.CharField(blank=True, default="", max_length=254)),
                ("recipient_key", models.CharField(blank=True, default="", max_length=64)),
                ("message", models.CharField(blank=True, default="", max_length=500)),
                ("send_on", models.DateField(null=True)),
                ("status", models.CharField(max_length=8)),
                ("told_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "pledges_dedication",
                "indexes": [
                    models.Index("send_on", name="pledges_dedication_due", condition=Q(status="waiting")),
                    models.Index(
                        "recipient_key", "told_at", name="pledges_dedication_told_to", condition=Q(status="told")
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(name="pledges_dedication_kind", condition=Q(kind__in=["honour", "memory"])),
                    models.CheckConstraint(
                        name="pledges_dedication_status", condition=Q(status__in=["none", "waiting", "told", "dropped"])
                    ),
                    models.CheckConstraint(
                        name="pledges_dedication_told",
                        condition=Q(status="told", told_at__isnull=False)
                        | (~Q(status="told") & Q(told_at__isnull=True)),
                    ),
                    models.CheckConstraint(
                        name="pledges_dedication_addressed",
                        condition=~Q(status="waiting")
                        | Q(recipient_email__gt="", recipient_key__gt="", send_on__isnull=False),
                    ),
                ],
            },
        ),
        migrations.RunSQL(*transition_trigger("pledges_dedication", "status", DEDICATION_MOVES)),
    ]
