"""Rows go into a bare table several times as fast: its indexes and unique constraints rest meanwhile, and are built at the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg

# Primary keys stay, and whatever a foreign key leads to.
_RESTING = """
    SELECT index.indrelid::regclass::text AS on_table, index.indexrelid::regclass::text, pg_get_indexdef(index.indexrelid),
           own.conname, pg_get_constraintdef(own.oid)
    FROM pg_index AS index
    LEFT JOIN pg_constraint AS own ON own.conindid = index.indexrelid AND own.contype IN ('u', 'x')
    WHERE index.indrelid = ANY(%s::regclass[]) AND NOT index.indisprimary
      AND NOT EXISTS (SELECT FROM pg_constraint AS key WHERE key.contype = 'f' AND key.conindid = index.indexrelid)
"""


@contextmanager
def resting(connection: psycopg.Connection[Any], tables: Sequence[str]) -> Iterator[None]:
    """Drop the indexes of these tables, and build them again after the block. Commits."""
    found = connection.execute(_RESTING, [list(tables)]).fetchall()
    for table, index, _, constraint, _ in found:
        connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}" if constraint else f"DROP INDEX {index}")
    connection.commit()
    yield
    connection.execute("SET maintenance_work_mem = '1GB'")
    for table, _, definition, constraint, constrains in found:
        connection.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {constrains}" if constraint else definition
        )
        connection.commit()
