"""How a guard of the database is tried alone: every other guard of its table is off, and one bad write is made.

All of it happens in a transaction that is rolled back. With the guard the write is refused in its name; without it the write
goes through. So each probe is its own canary: were it not the guard that refuses, the second half would fail.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction
from psycopg import sql

from apps.platform import db

_COLUMNS = """
    SELECT attname AS name, format_type(atttypid, NULL) AS type, attnotnull AS needs_value,
           atthasdef OR attidentity <> '' AS has_default, attgenerated <> '' AS is_generated,
           CASE WHEN atttypmod > 4 AND atttypid = 'varchar'::regtype THEN atttypmod - 4 END AS length,
           EXISTS (SELECT FROM pg_index WHERE indrelid = attrelid AND indisprimary AND attnum = ANY(indkey)) AS is_key
    FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""
_OTHERS = """
    SELECT conname AS name, true AS is_constraint FROM pg_constraint
    WHERE conrelid = %(table)s::regclass AND contype IN ('c', 'f', 'u', 'x') AND conname <> %(guard)s
    UNION ALL
    SELECT index.relname, false FROM pg_index JOIN pg_class AS index ON index.oid = indexrelid
    WHERE indrelid = %(table)s::regclass AND indisunique AND NOT indisprimary AND index.relname <> %(guard)s
      AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""
Values = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """This row is refused; what is not said is made up."""

    values: Values = field(default_factory=dict)

    def write(self, table: str, using: str, columns: set[str]) -> None:
        insert(table, self.values, using)


@dataclass(frozen=True)
class Twice:
    """The same row a second time, under another key, is refused."""

    values: Values = field(default_factory=dict)

    def write(self, table: str, using: str, columns: set[str]) -> None:
        first = made_up(table, self.values, using, also=columns)
        insert(table, first, using)
        keys = {row["name"] for row in db.rows(_COLUMNS, [table], using=using) if row["is_key"]} - columns
        insert(
            table, {name: value for name, value in first.items() if name not in keys} | self.values, using, also=columns
        )


@dataclass(frozen=True)
class Orphan:
    """A row that refers to nothing is refused."""

    def write(self, table: str, using: str, columns: set[str]) -> None:
        db.execute("SET CONSTRAINTS ALL IMMEDIATE", using=using)
        insert(table, {}, using, also=columns)


@dataclass(frozen=True)
class Change:
    """A row with these values may not be changed like this."""

    values: Values
    change: str

    def write(self, table: str, using: str, columns: set[str]) -> None:
        insert(table, self.values, using)
        with triggers_on(table, using):
            db.execute(f"UPDATE {table} SET {self.change}", using=using)


@dataclass(frozen=True)
class Kept:
    """No row is changed or deleted."""

    statement: str = "DELETE FROM {table}"

    def write(self, table: str, using: str, columns: set[str]) -> None:
        insert(table, {}, using)
        with triggers_on(table, using):
            db.execute(self.statement.format(table=table), using=using)


@dataclass(frozen=True)
class Beside:
    """With this row in another table, a row with these values is refused."""

    other: str
    other_values: Values
    values: Values

    def write(self, table: str, using: str, columns: set[str]) -> None:
        _leave_alone(self.other, "", using)
        insert(self.other, self.other_values, using)
        with triggers_on(table, using):
            insert(table, self.values, using)


@dataclass(frozen=True)
class Statement:
    """This statement is refused, or refuses itself in the guard's name where it finds the guard's work undone."""

    statement: str

    def write(self, table: str, using: str, columns: set[str]) -> None:
        with triggers_on(table, using):
            db.execute(self.statement, using=using)


Probe = Row | Twice | Orphan | Change | Kept | Beside | Statement
_COVERED = """
    SELECT attname AS name FROM pg_attribute WHERE attrelid = %(table)s::regclass AND (
        attnum = ANY((SELECT conkey FROM pg_constraint WHERE conname = %(guard)s AND conrelid = %(table)s::regclass)::int2[])
        OR attnum = ANY((SELECT indkey FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
                         WHERE relname = %(guard)s AND indrelid = %(table)s::regclass)::int2[]))
"""


def refusal(table: str, guard: str, probe: Probe, *, using: str, is_on: bool) -> str:
    """The name of the guard that refused the probe's write, empty when nobody did. Leaves nothing behind."""
    columns = {row["name"] for row in db.rows(_COVERED, {"table": table, "guard": guard}, using=using)}
    with transaction.atomic(using=using):
        _leave_alone(table, guard, using)
        if not is_on:
            drop(table, guard, using)
        try:
            with transaction.atomic(using=using):
                probe.write(table, using, columns)
            return ""
        except IntegrityError as error:
            return str(error.__cause__.diag.constraint_name)  # type: ignore[union-attr]
        finally:
            transaction.set_rollback(True, using=using)


def drop(table: str, guard: str, using: str) -> None:
    """Take the guard away, whatever it is."""
    if db.rows(
        "SELECT 1 FROM pg_constraint WHERE conname = %s AND conrelid = %s::regclass", [guard, table], using=using
    ):
        db.execute(f"ALTER TABLE {table} DROP CONSTRAINT {guard}", using=using)
    elif db.rows("SELECT 1 FROM pg_trigger WHERE tgname = %s AND tgrelid = %s::regclass", [guard, table], using=using):
        db.execute(f"DROP TRIGGER {guard} ON {table}", using=using)
    else:
        db.execute(f"DROP INDEX {guard}", using=using)


def insert(table: str, values: Values, using: str, also: set[str] = frozenset()) -> None:  # type: ignore[assignment]
    row = made_up(table, values, using, also)
    names = sql.SQL(", ").join(sql.Identifier(name) for name in row)
    statement = sql.SQL(
        "INSERT INTO {table} ({names}) SELECT {names} FROM jsonb_populate_record(NULL::{table}, {row}::jsonb)"
    )
    made = statement.format(table=sql.Identifier(table), names=names, row=sql.Literal(json.dumps(row)))
    db.execute(made, using=using)  # type: ignore[arg-type]


def made_up(table: str, values: Values, using: str, also: set[str]) -> Values:
    """A row that has a value wherever one is needed."""
    row = dict(values)
    for column in db.rows(_COLUMNS, [table], using=using):
        name = column["name"]
        is_needed = name in also or (column["needs_value"] and not column["has_default"])
        if name not in row and is_needed and not column["is_generated"]:
            row[name] = _value(column["type"], column["length"])
    return row


def _value(kind: str, length: int | None) -> Any:
    chance = uuid4()
    if kind.endswith("[]"):
        return []
    if kind in ("text", "character varying"):
        return chance.hex[: length or 32]
    made: Values = {
        "uuid": str(chance), "bigint": chance.int % 2**40 + 1, "integer": chance.int % 2**20 + 1, "smallint": 1,
        "boolean": False, "jsonb": {}, "bytea": f"\\x{chance.hex}", "date": "2026-01-01", "inet": "127.0.0.1",
        "timestamp with time zone": "2026-01-01T00:00:00Z", "double precision": 1.0, "numeric": 1,
    }  # fmt: skip
    return made[kind]


def _leave_alone(table: str, guard: str, using: str) -> None:
    """Switch off every guard of the table but this one."""
    for other in db.rows(_OTHERS, {"table": table, "guard": guard}, using=using):
        if other["is_constraint"]:
            db.execute(f"ALTER TABLE {table} DROP CONSTRAINT {other['name']}", using=using)
        else:
            db.execute(f"DROP INDEX {other['name']}", using=using)
    for other in db.rows(
        "SELECT tgname AS name FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgname <> %s",
        [table, guard],
        using=using,
    ):
        db.execute(f"DROP TRIGGER {other['name']} ON {table}", using=using)
    db.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER", using=using)


@contextmanager
def triggers_on(table: str, using: str) -> Iterator[None]:
    db.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER", using=using)
    yield
