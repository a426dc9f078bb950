"""A second table with the same columns and indexes, which takes the first one's name in one short moment."""

from __future__ import annotations

import re
from dataclasses import dataclass

from apps.platform import db

_INDEXES = """
    SELECT class.relname AS name, pg_get_indexdef(entry.indexrelid) AS definition, held.conname AS constraint_name,
           held.contype::text AS kind
    FROM pg_index AS entry JOIN pg_class AS class ON class.oid = entry.indexrelid
    LEFT JOIN pg_constraint AS held ON held.conindid = entry.indexrelid AND held.contype IN ('p', 'u')
    WHERE entry.indrelid = %s::regclass ORDER BY class.relname
"""
_PLACE = re.compile(r"INDEX \S+ ON \S+ USING")
SUFFIX = "_new"


@dataclass(frozen=True)
class Copy:
    """`table` is the new one, `original` the one whose place it takes."""

    original: str
    table: str

    def index(self) -> None:
        """Give the new table the indexes of the old one: faster after filling than before."""
        for each in db.rows(_INDEXES, [self.original]):
            place = f'INDEX "{each["name"]}{SUFFIX}" ON {self.table} USING'
            db.execute(_PLACE.sub(place, each["definition"], count=1))
        db.execute(f"ANALYZE {self.table}")

    def exchange(self) -> None:
        """Drop the old table and take its name and the names of its indexes. Readers wait for the commit, no longer."""
        indexes = db.rows(_INDEXES, [self.original])
        db.execute(f"DROP TABLE {self.original}")
        db.execute(f"ALTER TABLE {self.table} RENAME TO {self.original}")
        for each in indexes:
            new = f'"{each["name"]}{SUFFIX}"'
            if each["kind"]:
                word = "PRIMARY KEY" if each["kind"] == "p" else "UNIQUE"
                held = f'ADD CONSTRAINT "{each["constraint_name"]}" {word} USING INDEX {new}'
                db.execute(f"ALTER TABLE {self.original} {held}")
            else:
                db.execute(f'ALTER INDEX {new} RENAME TO "{each["name"]}"')


def copy_of(original: str) -> Copy:
    """An empty table with the columns of `original`; what an interrupted rebuild left behind goes first."""
    table = f"{original}{SUFFIX}"
    db.execute(f"DROP TABLE IF EXISTS {table}")
    db.execute(f"CREATE TABLE {table} (LIKE {original} INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING CONSTRAINTS)")
    return Copy(original, table)
