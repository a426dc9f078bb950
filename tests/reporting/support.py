"""Gifts in every state, and the rows of reports without what a rebuild may number anew."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from apps.campaigns import interface as campaigns
from apps.platform import db
from apps.platform.events import Event, decode
from apps.pledges import interface as pledges
from apps.reporting import interface as reporting
from tests.pledges.support import authorized, captured, failed, refunded, tell, wish

TABLES = ("reporting_gift", "reporting_daily_total", "reporting_campaign_funnel", "reporting_donor")


def give(
    campaign: campaigns.Campaign, email: str = "guest@example.org", name: str = "Gulshan Guest", **more: Any
) -> UUID:
    return pledges.make_pledge(new=wish(campaign.id, donor_email=email, donor_name=name, **more)).pledge_id


def a_gift_in_each_state(campaign: campaigns.Campaign) -> dict[str, UUID]:
    """Six gifts of 500 taka, told and refreshed."""
    names = ("pending", "authorized", "captured", "failed", "refunded", "partially_refunded")
    made = {name: give(campaign, email=f"{name}@example.org", name=f"Donor {name}") for name in names}
    tell(*(authorized(made[name]) for name in names if name != "pending"))
    tell(*(captured(made[name]) for name in ("captured", "refunded", "partially_refunded")), failed(made["failed"]))
    tell(refunded(made["refunded"], 500_00), refunded(made["partially_refunded"], 100_00))
    reporting.refresh()
    return made


def snapshot() -> dict[str, list[dict[str, Any]]]:
    """All rows of all projections, ordered, without surrogate ids."""
    found = {}
    for table in TABLES:
        rows = [{key: value for key, value in row.items() if key != "id"} for row in db.rows(f"SELECT * FROM {table}")]
        # A day or a donor that sums to nothing is the same as none.
        kept = [row for row in rows if any(isinstance(value, int) and value for value in row.values())]
        found[table] = sorted(kept, key=repr)
    return found


def facts_of_pledges() -> list[Event]:
    rows = db.rows(
        "SELECT type, version, payload::text FROM outbox_event WHERE starts_with(type, 'pledge.') ORDER BY id"
    )

    return [decode(row["type"], row["version"], json.loads(row["payload"])) for row in rows]
