"""Receipts are append-only, and gifts that were captured before there were receipts get theirs, numbered in their order."""

from typing import Any

from django.conf import settings
from django.db import migrations

from apps.platform.states import append_only_trigger

ISSUE = """
    INSERT INTO pledges_receipt (pledge_id, code, series, number, campaign_title, organizer, issuer, issuer_details, amount,
                                 currency, given_at, issued_at)
    SELECT pledge.id, gen_random_uuid(), year.series, row_number() OVER (PARTITION BY year.series ORDER BY captured_at, pledge.id),
           pledge.campaign_title, campaign.organizer_name, %s, %s, pledge.captured_amount, pledge.currency, pledge.captured_at,
           now()
    FROM pledges_pledge AS pledge JOIN campaigns_campaign AS campaign ON campaign.id = pledge.campaign_id
    CROSS JOIN LATERAL (SELECT extract(year FROM pledge.captured_at AT TIME ZONE 'UTC')::text) AS year(series)
    WHERE pledge.status = 'captured'
"""
COUNT = """
    INSERT INTO pledges_receiptcounter (series, last) SELECT series, count(*) FROM pledges_receipt GROUP BY series
"""


def issue(apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(ISSUE, [settings.ORGANISATION_NAME, settings.ORGANISATION_DETAILS])
        cursor.execute(COUNT)


class Migration(migrations.Migration):
    dependencies = [("pledges", "0003_receipts"), ("campaigns", "0001_initial")]
    operations = [
        migrations.RunPython(issue, migrations.RunPython.noop, elidable=True),
        migrations.RunSQL(*append_only_trigger("pledges_receipt")),
    ]
