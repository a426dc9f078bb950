"""Fills the tables that the panel reads with a million gifts by COPY: no pledges stand behind them, so the audit is for others."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

CAMPAIGNS = 40
PER_DONOR = 5
COLUMNS = (
    *(
        "pledge_id",
        "campaign_id",
        "campaign_title",
        "donor_id",
        "donor_key",
        "donor_name",
        "donor_email",
        "is_anonymous",
    ),
    *("currency", "amount", "captured_amount", "refunded_amount", "status", "failure_reason", "provider", "reference"),
    *("created_at", "captured_at"),
)
FIRST = (
    "Rahim",
    "Karim",
    "Salma",
    "Nasrin",
    "Anika",
    "Tanvir",
    "Farhana",
    "Sumon",
    "Rokeya",
    "Shafiq",
    "Arif",
    "Lamia",
)
LAST = ("Ahmed", "Hossain", "Islam", "Khatun", "Begum", "Rahman", "Sarker", "Akter", "Das", "Roy", "Biswas", "Mollah")
# One donor gave once, long ago: whoever is looked for most anxiously is never on the first page.
RARE_NAME, RARE_EMAIL = "Zubaida Xanthippe", "zubaida.xanthippe@example.org"
STATES = ["captured"] * 93 + ["failed"] * 3 + ["refunded", "partially_refunded", "authorized", "pending"]


def fill(url: str, campaign_id: str, rows: int) -> float:
    """`rows` gifts over CAMPAIGNS campaigns, half of them to `campaign_id`, five a donor, over two years. Returns the seconds
    that COPY took."""
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET statement_timeout = 0")
        campaigns = _campaigns(connection, campaign_id)
        row = connection.execute("SELECT now()").fetchone()
        assert row
        begun = time.monotonic()
        target = sql.SQL("COPY reporting_gift ({}) FROM STDIN").format(sql.SQL(", ").join(map(sql.Identifier, COLUMNS)))
        with connection.cursor().copy(target) as copy:
            for each in _gifts(campaigns, row[0], rows):
                copy.write_row(each)
        connection.commit()
        took = time.monotonic() - begun
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE reporting_gift")
    return took


def _campaigns(connection: psycopg.Connection[Any], campaign_id: str) -> list[tuple[str, str]]:
    """The campaign and copies of it, each with its row of totals."""
    names = [
        row[0]
        for row in connection.execute(
            """SELECT column_name FROM information_schema.columns
               WHERE table_name = 'campaigns_campaign' AND column_name NOT IN ('id', 'slug', 'title') ORDER BY 1"""
        )
    ]
    connection.execute(
        sql.SQL(
            """INSERT INTO campaigns_campaign (id, slug, title, {names})
               SELECT gen_random_uuid(), slug || '-' || number, title || ' ' || number, {names}
               FROM campaigns_campaign, generate_series(2, %(last)s) AS number WHERE id = %(id)s"""
        ).format(names=sql.SQL(", ").join(map(sql.Identifier, names))),
        {"id": campaign_id, "last": CAMPAIGNS},
    )
    connection.execute(
        """INSERT INTO campaigns_totals (campaign_id, captured, refunded, donor_count, version)
           SELECT id, 0, 0, 0, 0 FROM campaigns_campaign ON CONFLICT DO NOTHING"""
    )
    found = connection.execute(
        "SELECT id::text, title FROM campaigns_campaign ORDER BY id <> %s, title LIMIT %s", [campaign_id, CAMPAIGNS]
    )
    return [(row[0], row[1]) for row in found]


def _gifts(campaigns: list[tuple[str, str]], now: Any, rows: int) -> Iterator[tuple[Any, ...]]:
    """The newest last, as they would have come."""
    chance = random.Random(1)  # noqa: S311  figures, not secrets
    step = timedelta(days=730) / rows
    for number in range(rows, 0, -1):
        moment = now - number * step
        donor = chance.randrange(1, max(2, rows // PER_DONOR))
        name = f"{FIRST[donor % len(FIRST)]} {LAST[donor // len(FIRST) % len(LAST)]}"
        email = f"donor{donor}@example.org"
        if number == rows - rows // 20:
            donor, name, email = 0, RARE_NAME, RARE_EMAIL
        campaign, title = campaigns[0 if chance.random() < 0.5 else chance.randrange(len(campaigns))]
        state = chance.choice(STATES) if number > 1 else "captured"
        amount = chance.choice((10_000, 20_000, 50_000, 100_000, 250_000, chance.randrange(1_000, 900_000)))
        taken = amount if state in ("captured", "refunded", "partially_refunded") else 0
        back = taken if state == "refunded" else taken // 2 if state == "partially_refunded" else 0
        yield (
            UUID(int=(int(moment.timestamp() * 1000) << 80) | 0x7000_8000_0000_0000_0000 | number),
            campaign,
            title,
            None,
            f"bench-{donor}",
            name,
            email,
            donor % 7 == 0,
            "BDT",
            amount,
            taken,
            back,
            state,
            "insufficient-funds" if state == "failed" else "",
            "bank",
            f"hold-{number:x}" if state != "pending" else "",
            moment,
            moment + timedelta(seconds=2) if taken else None,
        )
