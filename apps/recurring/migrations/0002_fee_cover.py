"""What part of a monthly gift covers the provider's fee."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("recurring", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="plan", name="cover_amount", field=models.BigIntegerField(db_default=0, default=0)
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                name="recurring_plan_cover", condition=Q(cover_amount__gte=0, cover_amount__lt=F("amount"))
            ),
        ),
    ]
