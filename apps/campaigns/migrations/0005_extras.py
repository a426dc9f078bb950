from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0004_team"),
    ]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="faq",
            field=models.JSONField(db_default=[], default=list),
        ),
        migrations.AddField(
            model_name="campaign",
            name="milestones",
            field=models.JSONField(db_default=[], default=list),
        ),
        migrations.AddField(
            model_name="campaign",
            name="presets",
            field=models.JSONField(db_default=[], default=list),
        ),
        migrations.AddField(
            model_name="campaign",
            name="thank_you",
            field=models.TextField(blank=True, db_default="", default="", max_length=1000),
        ),
    ]
