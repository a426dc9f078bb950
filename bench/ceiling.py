"""What the same PostgreSQL reaches with the same rows: one pledge's rows, written by pgbench in one statement."""

from __future__ import annotations

import re
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from runtime.binaries import postgres_folder

# table, the column that leads to the pledge, and which of its columns hold the pledge's id
TABLES = [
    ("pledges_pledge", "id = %(pledge)s"),
    ("pledges_statechange", "pledge_id = %(pledge)s AND seq = 1"),
    ("pledges_donor", "pledge_id = %(pledge)s"),
    ("payments_payment", "reference = %(pledge)s"),
    (
        "payments_operation",
        "payment_id IN (SELECT id FROM payments_payment WHERE reference = %(pledge)s) AND kind = 'authorize'",
    ),
    ("outbox_event", "type = 'pledge.created' AND payload->>'pledge_id' = %(pledge)s::text"),
]


def pledges_per_second(url: str, pledge_id: str, seconds: int, clients: int = 8) -> float:
    """Statements a second. Leaves its rows in a copy of the tables, which is dropped."""
    with psycopg.connect(url, autocommit=True) as connection:
        script = _script(connection, pledge_id)
        file = Path("/tmp") / f"careforall-bench-{pledge_id}.sql"  # noqa: S108  read by pgbench only
        file.write_text(script)
        try:
            command = [
                postgres_folder() / "pgbench",
                "-n",
                "-M",
                "prepared",
                "-c",
                str(clients),
                "-j",
                "2",
                "-T",
                str(seconds),
                "-f",
                file,
                url,
            ]
            run = subprocess.run(command, capture_output=True, text=True, check=False)
        finally:
            file.unlink()
            connection.execute("DROP SCHEMA bench CASCADE")
    found = re.search(r"tps = ([\d.]+)", run.stdout)
    if not found:
        raise RuntimeError(run.stderr[-500:])
    return float(found.group(1))


def _script(connection: psycopg.Connection[Any], pledge_id: str) -> str:
    connection.execute("DROP SCHEMA IF EXISTS bench CASCADE")
    connection.execute("CREATE SCHEMA bench")
    parts = [
        "WITH fresh AS MATERIALIZED (SELECT uuidv7() AS pledge, uuidv7() AS payment, uuidv7() AS operation, uuidv7() AS event)"
    ]
    same: dict[Any, str] = {pledge_id: "fresh.pledge"}
    for table, where in TABLES:
        connection.execute(f"CREATE TABLE bench.{table} (LIKE public.{table} INCLUDING ALL)")
        cursor = connection.execute(f"SELECT * FROM {table} WHERE {where}", {"pledge": pledge_id})
        row = cursor.fetchone()
        assert row is not None, table
        assert cursor.description is not None
        columns = [column.name for column in cursor.description]
        own = {
            "payments_payment": "fresh.payment",
            "payments_operation": "fresh.operation",
            "outbox_event": "fresh.event",
        }.get(table)
        if own:
            same[str(row[columns.index("id")])] = own
        pairs = [
            (name, _value(connection, name, value, same))
            for name, value in zip(columns, row, strict=True)
            if _is_given(table, name)
        ]
        names, values = ", ".join(name for name, _ in pairs), ", ".join(value for _, value in pairs)
        parts.append(f"{table} AS (INSERT INTO bench.{table} ({names}) SELECT {values} FROM fresh)")
    return ",\n".join(parts) + "\nSELECT 1;\n"


def _is_given(table: str, name: str) -> bool:
    return not (name == "id" and table in ("pledges_statechange",))


def _value(connection: psycopg.Connection[Any], name: str, value: Any, same: dict[Any, str]) -> str:
    if str(value) in same:
        return same[str(value)]
    if isinstance(value, bytes) and name != "fingerprint":
        return "decode(md5(random()::text) || md5(random()::text), 'hex')"
    if name == "idempotency_key":
        return "random()::text"
    if isinstance(value, datetime):
        return "now()"
    if isinstance(value, dict):
        value = psycopg.types.json.Jsonb(value)
    return sql.Literal(value).as_string(connection)
