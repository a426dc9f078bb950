"""The request path: gifts beside pgbench, one hot campaign beside a thousand, reads beside a static file."""

from __future__ import annotations

import urllib.request

from psycopg import sql

from ..load import press
from ..report import Report
from ..running import SECONDS, Running

CAMPAIGNS = 1000


def pledges(running: Running, report: Report) -> None:
    """POST /api/v1/pledges of guests through the edge."""
    ceiling = running.ceiling()
    report.note("pgbench: the same rows in one statement, 8 clients", ceiling, "a second")
    with running.quiet():
        press(f"{running.edge}/api/v1/pledges", 2, bodies=[running.body()])
        for clients in (32, 64):
            load = press(f"{running.edge}/api/v1/pledges", SECONDS, clients=clients, bodies=[running.body()])
            name = f"POST /api/v1/pledges, {clients} clients"
            report.note(name, load.per_second, "a second", compared_with="pgbench", reference=ceiling, bar="0.20")
            report.note(f"{name}: 99th percentile", load.p99, "ms", bar="50 beyond")
            report.note(f"{name}: refused or failed", load.bad, "answers")
    load = press(f"{running.edge}/api/v1/pledges", SECONDS, bodies=[running.body()])
    name = "POST /api/v1/pledges, 32 clients, workers busy beside it"
    report.note(name, load.per_second, "a second", compared_with="pgbench", reference=ceiling)


def hot(running: Running, report: Report) -> None:
    """One campaign that everybody gives to, with the fold at work, beside the same load spread over a thousand."""
    with running.database() as connection:
        columns = [
            row[0]
            for row in connection.execute(
                """SELECT column_name FROM information_schema.columns WHERE table_name = 'campaigns_campaign'
                   AND table_schema = 'public' AND is_generated = 'NEVER' AND column_name NOT IN ('id', 'slug')"""
            )
        ]
        same = sql.SQL(", ").join(map(sql.Identifier, columns))
        connection.execute(
            sql.SQL(
                """INSERT INTO campaigns_campaign (id, slug, {same})
                   SELECT gen_random_uuid(), 'bench-' || number, {same}
                   FROM campaigns_campaign, generate_series(1, {number}) AS number WHERE id = {id}"""
            ).format(same=same, number=sql.Literal(CAMPAIGNS), id=sql.Literal(running.campaign["id"]))
        )
        connection.execute(
            """INSERT INTO campaigns_totals (campaign_id, captured, refunded, donor_count, version)
               SELECT id, 0, 0, 0, 0 FROM campaigns_campaign WHERE slug LIKE 'bench-%' ON CONFLICT DO NOTHING"""
        )
        ids = [str(row[0]) for row in connection.execute("SELECT id FROM campaigns_campaign WHERE slug LIKE 'bench-%'")]
    url, half = f"{running.edge}/api/v1/pledges", max(2.0, SECONDS / 2)
    everywhere, here = [running.body(each) for each in ids], [running.body()]
    # In this order, since whoever comes later meets the work that the earlier ones left: each comes early and late.
    rates = [press(url, half, bodies=bodies).per_second for bodies in (everywhere, here, here, everywhere)]
    one, spread = rates[1] + rates[2], rates[0] + rates[3]
    report.note(
        "gifts to one hot campaign, the fold at work",
        one / 2,
        "a second",
        compared_with="spread over 1,000 campaigns",
        reference=spread / 2,
        bar="0.70",
    )


def reads(running: Running, report: Report) -> None:
    """The campaign everybody looks at: as JSON and as a page, at the application server and through the edge."""
    path = f"/api/v1/campaigns/{running.campaign['id']}"
    with urllib.request.urlopen(running.app + path) as answer:
        body = answer.read()
    with running.quiet():
        static = press(running.static_json(body), SECONDS).per_second
        report.note("the same bytes as a static file of nginx", static, "a second")
        page = f"/campaigns/{running.campaign['slug']}/"
        for name, url, bar in (
            ("campaign read at the application server", running.app + path, "0.12"),
            ("campaign read through the edge", running.edge + path, "0.60"),
            ("campaign page (HTML) at the application server", running.app + page, "800/s"),
            ("campaign page (HTML) through the edge", running.edge + page, ""),
        ):
            press(url, 1)
            load = press(url, SECONDS)
            assert not load.bad, (name, load)
            report.note(name, load.per_second, "a second", compared_with="static", reference=static, bar=bar)
            report.note(f"{name}: 99th percentile", load.p99, "ms")
