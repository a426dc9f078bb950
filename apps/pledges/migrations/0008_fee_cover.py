"""What part of a gift covers the provider's fee."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("pledges", "0007_refund_approval")]
    operations = [
        migrations.AddField(
            model_name="pledge", name="cover_amount", field=models.BigIntegerField(db_default=0, default=0)
        ),
        migrations.AddConstraint(
            model_name="pledge",
            constraint=models.CheckConstraint(
                name="pledges_p1_cover", condition=Q(cover_amount__gte=0, cover_amount__lt=F("amount"))
            ),
        ),
    ]
