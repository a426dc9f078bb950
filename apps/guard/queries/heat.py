"""Where declines pile up: addresses, devices, campaigns, the whole site, over the last ten minutes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings

from apps.platform import clock, db

WINDOW = timedelta(minutes=10)
ADDRESS, DEVICE, CAMPAIGN, SITE = "address", "device", "campaign", "site"
# How many times GUARD_DECLINES it takes, and which share of all attempts must have been declined.
WARM, HOT = 1, 3
BREAKER = {CAMPAIGN: (3, 0.6), SITE: (10, 0.5)}
SUSPICIOUS_SHARE = 0.5
# Attempts are counted no further than decides, so that a busy address costs no more than a suspicious one.
_HEAT = """
    WITH declined AS (
        SELECT attempt.address, attempt.device, attempt.campaign_id::text AS campaign
        FROM guard_decline AS decline JOIN guard_attempt AS attempt USING (reference)
        WHERE decline.at > %(since)s
    ), piled AS (
        SELECT 'address' AS kind, address AS key, count(*) AS declines FROM declined GROUP BY address
        UNION ALL SELECT 'device', device, count(*) FROM declined WHERE device <> '' GROUP BY device
        UNION ALL SELECT 'campaign', campaign, count(*) FROM declined GROUP BY campaign
        UNION ALL SELECT 'site', '', count(*) FROM declined
    )
    SELECT kind, key, declines, CASE kind
        WHEN 'address' THEN (SELECT count(*) FROM (SELECT FROM guard_attempt
            WHERE address = key AND at > %(since)s LIMIT declines * 2 + 1) AS seen)
        WHEN 'device' THEN (SELECT count(*) FROM (SELECT FROM guard_attempt
            WHERE device = key AND device <> '' AND at > %(since)s LIMIT declines * 2 + 1) AS seen)
        WHEN 'campaign' THEN (SELECT count(*) FROM (SELECT FROM guard_attempt
            WHERE campaign_id = key::uuid AND at > %(since)s LIMIT declines * 2 + 1) AS seen)
        ELSE (SELECT count(*) FROM (SELECT FROM guard_attempt WHERE at > %(since)s LIMIT declines * 2 + 1) AS seen)
    END AS attempts
    FROM piled WHERE declines >= %(least)s
"""


@dataclass(frozen=True)
class Heat:
    """Keys (hashes; campaigns by id) that are suspicious, and those that are refused."""

    warm: frozenset[tuple[str, str]] = frozenset()
    hot: frozenset[tuple[str, str]] = frozenset()
    broken: frozenset[tuple[str, str]] = field(default=frozenset())


def measure_heat() -> Heat:
    """One query over the declines of the last ten minutes."""
    tolerance = settings.GUARD["DECLINES"]
    rows = db.rows(_HEAT, {"since": clock.now() - WINDOW, "least": tolerance * WARM})
    warm, hot, broken = set(), set(), set()
    for row in rows:
        kind, key, declines = row["kind"], row["key"], row["declines"]
        share = declines / max(row["attempts"], declines)
        if kind in BREAKER:
            times, enough = BREAKER[kind]
            if declines >= tolerance * times and share >= enough:
                broken.add((kind, key))
        elif share >= SUSPICIOUS_SHARE:
            warm.add((kind, key))
            if declines >= tolerance * HOT:
                hot.add((kind, key))
    return Heat(frozenset(warm), frozenset(hot), frozenset(broken))
