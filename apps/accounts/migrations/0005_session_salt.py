from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_verified_addresses")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="session_salt",
            field=models.CharField(blank=True, db_default="", default="", max_length=16),
        ),
    ]
