"""The derived tables as sums over gifts. One text each, used for a change (rows that come with +1, rows that go with -1)
and for a rebuild (all rows with +1), so that the two cannot disagree."""

from __future__ import annotations

from django.conf import settings

ALL_CAMPAIGNS = "00000000-0000-0000-0000-000000000000"


def _zone() -> str:
    return str(settings.REPORTS_TIME_ZONE)


def daily_totals(source: str) -> str:
    """Rows of `reporting_daily_total` from a relation of gifts with a column `sign`."""
    zone = _zone()
    return f"""
        SELECT day, campaign_id, currency, sum(pledges)::bigint AS pledges, sum(pledged_amount)::bigint AS pledged_amount,
               sum(failed)::bigint AS failed, sum(gifts)::bigint AS gifts, sum(captured_amount)::bigint AS captured_amount,
               sum(refunded_amount)::bigint AS refunded_amount
        FROM (
            SELECT (created_at AT TIME ZONE '{zone}')::date AS day, campaign_id, currency, sign AS pledges,
                   sign * amount AS pledged_amount, sign * (status = 'failed')::int AS failed, 0 AS gifts,
                   0 AS captured_amount, 0 AS refunded_amount
            FROM {source}
            UNION ALL
            SELECT (captured_at AT TIME ZONE '{zone}')::date, campaign_id, currency, 0, 0, 0, sign, sign * captured_amount,
                   sign * refunded_amount
            FROM {source} WHERE captured_at IS NOT NULL
        ) AS part
        GROUP BY day, campaign_id, currency
    """  # noqa: S608  constants and a checked setting


def campaign_funnel(source: str) -> str:
    return f"""
        SELECT campaign_id, currency, sum(sign)::bigint AS pledges, sum(sign * amount)::bigint AS pledged_amount,
               sum(sign * (status = 'pending')::int)::bigint AS pending,
               sum(sign * (status = 'authorized')::int)::bigint AS authorized,
               sum(sign * (captured_at IS NOT NULL)::int)::bigint AS captured,
               sum(sign * (status = 'failed')::int)::bigint AS failed,
               sum(sign * (status = 'refunded')::int)::bigint AS refunded,
               sum(sign * captured_amount)::bigint AS captured_amount,
               sum(sign * refunded_amount)::bigint AS refunded_amount
        FROM {source} GROUP BY campaign_id, currency
    """  # noqa: S608


def donors(source: str) -> str:
    """A donor's name and address are those of the latest gift."""
    return f"""
        SELECT scope.id AS scope, donor_key, currency,
               (array_agg(donor_name ORDER BY captured_at DESC, sign DESC, pledge_id DESC))[1] AS donor_name,
               (array_agg(donor_email ORDER BY captured_at DESC, sign DESC, pledge_id DESC))[1] AS donor_email,
               sum(sign)::bigint AS gifts, sum(sign * captured_amount)::bigint AS captured_amount,
               sum(sign * refunded_amount)::bigint AS refunded_amount, min(captured_at) AS first_at, max(captured_at) AS last_at
        FROM {source} CROSS JOIN LATERAL (VALUES (campaign_id), ('{ALL_CAMPAIGNS}'::uuid)) AS scope(id)
        WHERE captured_at IS NOT NULL GROUP BY scope.id, donor_key, currency
    """  # noqa: S608


DAILY_COLUMNS = ("pledges", "pledged_amount", "failed", "gifts", "captured_amount", "refunded_amount")
FUNNEL_COLUMNS = (
    "pledges",
    "pledged_amount",
    "pending",
    "authorized",
    "captured",
    "failed",
    "refunded",
    "captured_amount",
    "refunded_amount",
)
DONOR_COLUMNS = ("gifts", "captured_amount", "refunded_amount")
