from django.db import migrations

from apps.platform.states import append_only_trigger


class Migration(migrations.Migration):
    dependencies = [("bank", "0001_initial")]
    operations = [
        migrations.RunSQL(*append_only_trigger("bank_entry")),
        migrations.RunSQL("INSERT INTO bank_eventcounter (id, last) VALUES (1, 0)", "DELETE FROM bank_eventcounter"),
    ]
