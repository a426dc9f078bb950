"""Each guard of the databases refuses what it is there to refuse, and nobody else would have: see probes.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from apps.platform import db

from .guards import GUARDS, Guard
from .page import page
from .probes import refusal

pytestmark = pytest.mark.django_db(databases=["default", "bank"])
_ALL = """
    SELECT conrelid::regclass::text AS "table", conname AS name FROM pg_constraint
    WHERE contype IN ('c', 'f', 'u', 'x') AND connamespace = 'public'::regnamespace
    UNION
    SELECT indrelid::regclass::text, indexrelid::regclass::text FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE indisunique AND NOT indisprimary AND relnamespace = 'public'::regnamespace
    UNION
    SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal
"""
# The tables of packages, whose guards are their own.
PACKAGES = ("auth_", "django_", "account_", "mfa_", "axes_")


def test_every_guard_of_the_databases_is_in_the_table() -> None:
    found = {(row["table"], row["name"]) for using in ("default", "bank") for row in db.rows(_ALL, using=using)}
    ours = {each for each in found if not each[0].startswith(PACKAGES)}
    listed = {(each.table, each.name) for each in GUARDS}
    assert ours - listed == set(), "new guards: give each its line in tests/canaries/guards.py"
    assert listed - ours == set(), "guards that are gone"
    assert len(listed) == len(GUARDS)


@pytest.mark.parametrize("guard", GUARDS, ids=[each.name for each in GUARDS])
def test_row_is_refused_by_this_guard_alone(guard: Guard) -> None:
    def write(*, is_on: bool) -> str:
        return refusal(guard.table, guard.name, guard.probe, using=guard.database, is_on=is_on)

    assert write(is_on=True) == guard.name
    assert write(is_on=False) == "", "without the guard somebody else refuses: the probe shows nothing"


def test_the_page_of_guards_is_up_to_date() -> None:
    written = Path(__file__).parents[2] / "docs" / "guards.md"
    assert written.read_text() == page(), "run: python -m tests.canaries > docs/guards.md"
