from django.db import migrations

from apps.campaigns.states import MOVES
from apps.platform.states import transition_trigger


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_initial")]
    operations = [migrations.RunSQL(*transition_trigger("campaigns_campaign", "status", MOVES))]
