"""Fills a scratch installation with gifts that look as if they had been given: one real gift, copied as often as asked.

Every table that knows the gift gets its rows with ids of their own, written by the server itself with triggers and foreign
keys resting and indexes built at the end, then totals, backers, receipts and the bank's balances are added up anew. The audit
must hold afterwards. Nobody else may be at work meanwhile.
"""

from __future__ import annotations

import time
from typing import Any

import psycopg
from psycopg import sql

from .indexes import resting

SLICE = 200_000
PER_DONOR = 5
# table, which rows belong to the gift, and what of each row is new for every copy. A name on the right is a column of
# the map of copies; everything that is not named stays as in the original.
PLATFORM: list[tuple[str, str, dict[str, str]]] = [
    (
        "pledges_pledge",
        "id = %(pledge)s",
        {
            "id": "copies.pledge",
            "idempotency_key": "'bench-' || copies.pledge",
            "tracking_hash": "sha256(decode(replace(copies.pledge::text, '-', ''), 'hex'))",
            "fingerprint": "sha256(decode(replace(copies.pledge::text, '-', ''), 'hex'))",
            "donor_key": "'bench-' || copies.donor",
            "donor_id": "CASE WHEN copies.number %% 1000 = 0 THEN %(donor)s::uuid END",
            "created_at": "copies.moment",
            "captured_at": "copies.moment + interval '1 second'",
        },
    ),
    (
        "pledges_statechange",
        "pledge_id = %(pledge)s",
        {"id": "DEFAULT", "pledge_id": "copies.pledge", "at": "copies.moment"},
    ),
    (
        "pledges_donor",
        "pledge_id = %(pledge)s",
        {
            "pledge_id": "copies.pledge",
            "email": "'donor-' || copies.donor || '@example.org'",
            "name": "'Donor ' || copies.donor",
        },
    ),
    (
        "pledges_receipt",
        "pledge_id = %(pledge)s",
        {"pledge_id": "copies.pledge", "code": "gen_random_uuid()", "series": "'bench'", "number": "copies.number"},
    ),
    (
        "payments_payment",
        "reference = %(pledge)s",
        {
            "id": "copies.payment",
            "reference": "copies.pledge",
            "hold": "copies.hold::text",
            "transaction": "copies.move::text",
            "created_at": "copies.moment",
            "updated_at": "copies.moment",
        },
    ),
    (
        "payments_operation",
        "payment_id = %(payment)s",
        {
            "id": "gen_random_uuid()",
            "payment_id": "copies.payment",
            "created_at": "copies.moment",
            "due_at": "copies.moment",
        },
    ),
    (
        "payments_fact",
        "payment_id = %(payment)s",
        {
            "id": "DEFAULT",
            "payment_id": "copies.payment",
            "hold": "copies.hold::text",
            "reference": "CASE original.kind WHEN 'captured' THEN copies.move::text ELSE copies.hold::text END",
        },
    ),
]
BANK: list[tuple[str, str, dict[str, str]]] = [
    ("bank_hold", "id = %(hold)s", {"id": "copies.hold", "reference": "copies.payment", "created_at": "copies.moment"}),
    (
        "bank_transaction",
        "hold_id = %(hold)s",
        {
            "id": "copies.move",
            "hold_id": "copies.hold",
            "idempotency_key": "copies.move::text",
            "created_at": "copies.moment",
        },
    ),
    (
        "bank_entry",
        "transaction = %(move)s",
        {"id": "DEFAULT", "transaction": "copies.move", "created_at": "copies.moment"},
    ),
]
# Ids look like UUIDv7 of the copy's moment, and are the same in both databases, since they are made of its number. Copies are
# older than what the audit wants announced, since they have no facts.
_ID = "(lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0') || '7' || left(md5({tag} || number), 3)"
_ID += " || '8' || right(md5({tag} || number), 15))::uuid AS {name}"
_COPIES = """
    CREATE TEMP TABLE copies AS
    SELECT number, number / {per_donor} AS donor, moment, {ids}
    FROM (SELECT number, {now}::timestamptz - interval '2 days' - number * interval '10 seconds' AS moment
          FROM generate_series({first}, {last}) AS number) AS numbered
"""


def generate(platform_url: str, bank_url: str, pledge_id: str, *, donor_id: str, first: int, last: int) -> float:
    """Copy the captured gift for the numbers from `first` to `last`; every thousandth is `donor_id`'s. Returns the seconds
    it took. Begin with 1 and leave no gap: receipts are numbered by it."""
    begun = time.monotonic()
    with psycopg.connect(platform_url) as platform, psycopg.connect(bank_url) as bank:
        for connection in (platform, bank):
            connection.execute("SET session_replication_role = replica")
            connection.execute("SET statement_timeout = 0")
        ids = _ids_of(platform, pledge_id) | {"donor": donor_id}
        row = platform.execute("SELECT now()").fetchone()
        assert row
        for connection, tables in ((platform, PLATFORM), (bank, BANK)):
            with resting(connection, [table for table, _, _ in tables]):
                for start in range(first, last + 1, SLICE):
                    _copy(connection, tables, ids, row[0], start, min(last, start + SLICE - 1))
        number = last - first + 1
        _add_up(platform, ids, number)
        _add_up_bank(bank, ids, number)
    for url in (platform_url, bank_url):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
    return time.monotonic() - begun


def _ids_of(platform: psycopg.Connection[Any], pledge_id: str) -> dict[str, Any]:
    cursor = platform.execute(
        """SELECT payment.id, payment.hold, payment.transaction, pledge.campaign_id, pledge.amount, pledge.currency,
                  payment.account
           FROM payments_payment AS payment JOIN pledges_pledge AS pledge ON pledge.id = payment.reference
           WHERE pledge.id = %s AND pledge.status = 'captured'""",
        [pledge_id],
    )
    found = cursor.fetchone()
    assert found, "the gift to copy is not captured"
    names = ("payment", "hold", "move", "campaign", "amount", "currency", "account")
    return {"pledge": pledge_id, **dict(zip(names, found, strict=True))}


def _copy(
    connection: psycopg.Connection[Any],
    tables: list[tuple[str, str, dict[str, str]]],
    ids: dict[str, Any],
    now: Any,
    first: int,
    last: int,
) -> None:
    connection.execute(
        sql.SQL(_COPIES).format(
            ids=sql.SQL(", ").join(
                sql.SQL(_ID).format(tag=sql.Literal(name), name=sql.Identifier(name))
                for name in ("pledge", "payment", "hold", "move")
            ),
            per_donor=sql.Literal(PER_DONOR),
            now=sql.Literal(now),
            first=sql.Literal(first),
            last=sql.Literal(last),
        )
    )
    for table, where, changes in tables:
        columns = [
            row[0]
            for row in connection.execute(
                """SELECT column_name FROM information_schema.columns
                   WHERE table_name = %s AND table_schema = 'public' AND is_generated = 'NEVER' ORDER BY ordinal_position""",
                [table],
            )
            if changes.get(row[0]) != "DEFAULT"
        ]
        values = [sql.SQL(changes[name]) if name in changes else sql.Identifier("original", name) for name in columns]
        connection.execute(
            sql.SQL(
                "INSERT INTO {} ({}) SELECT {} FROM copies, (SELECT * FROM {} WHERE " + where + ") AS original"
            ).format(
                sql.Identifier(table),
                sql.SQL(", ").join(map(sql.Identifier, columns)),
                sql.SQL(", ").join(values),
                sql.Identifier(table),
            ),
            ids,
        )
    connection.execute("DROP TABLE copies")
    connection.commit()
    connection.execute("SET session_replication_role = replica")


def _add_up(platform: psycopg.Connection[Any], ids: dict[str, Any], number: int) -> None:
    platform.execute("DELETE FROM campaigns_backer WHERE campaign_id = %(campaign)s", ids)
    platform.execute(
        """INSERT INTO campaigns_backer (campaign_id, donor_key, gifts)
           SELECT campaign_id, donor_key, count(*) FROM pledges_pledge
           WHERE campaign_id = %(campaign)s AND status = 'captured' GROUP BY 1, 2""",
        ids,
    )
    platform.execute(
        """UPDATE campaigns_totals SET version = version + 1, captured = captured + %(number)s::bigint * %(amount)s,
               donor_count = (SELECT count(*) FROM campaigns_backer WHERE campaign_id = %(campaign)s)
           WHERE campaign_id = %(campaign)s""",
        ids | {"number": number},
    )
    platform.execute(
        """INSERT INTO pledges_receiptcounter (series, last) SELECT series, max(number) FROM pledges_receipt
           WHERE series = 'bench' GROUP BY 1 ON CONFLICT (series) DO UPDATE SET last = excluded.last"""
    )


def _add_up_bank(bank: psycopg.Connection[Any], ids: dict[str, Any], number: int) -> None:
    """What was given left the donor's account; the money had come from outside."""
    bank.execute(
        """INSERT INTO bank_entry (debit, credit, amount, currency, transaction, created_at)
           SELECT 'funding', %(account)s, %(amount)s * %(number)s::bigint, %(currency)s, gen_random_uuid(), now()""",
        ids | {"number": number},
    )
