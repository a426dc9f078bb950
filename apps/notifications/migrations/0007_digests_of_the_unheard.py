"""Who wants a kind in the digest but not live has entries that are born read: the digest finds them by an index of their own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0006_quiet_gifts")]
    operations = [
        migrations.AddIndex(
            model_name="inboxentry",
            index=models.Index(
                models.F("user_id"),
                models.F("at"),
                condition=models.Q(("in_digest", True), ("is_live", False)),
                name="notifications_inbox_unheard",
            ),
        ),
    ]
