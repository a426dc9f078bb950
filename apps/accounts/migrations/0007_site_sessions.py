import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import apps.platform.clock
import apps.platform.ids


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_second_factor")]

    operations = [
        migrations.AddField(
            model_name="refreshfamily",
            name="user_agent",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.CreateModel(
            name="SiteSession",
            fields=[
                ("id", models.UUIDField(default=apps.platform.ids.new_id, primary_key=True, serialize=False)),
                ("session_key", models.CharField(max_length=40, unique=True)),
                ("user_agent", models.CharField(blank=True, max_length=200)),
                ("started_at", models.DateTimeField(default=apps.platform.clock.now)),
                ("last_seen_at", models.DateTimeField(default=apps.platform.clock.now)),
                (
                    "user",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL),
                ),
            ],
        ),
    ]
