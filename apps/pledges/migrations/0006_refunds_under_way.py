from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pledges", "0005_history_links"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="refund",
            index=models.Index(
                models.F("pledge"),
                condition=models.Q(("counted_at__isnull", True), ("is_reserved", True)),
                name="pledges_refund_under_way",
            ),
        ),
    ]
