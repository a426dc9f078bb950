"""Two exports side by side: every difference is found, and only what may differ is looked at."""

from __future__ import annotations

import pytest

from apps.platform import audits
from apps.platform.run_audit import run_comparison

pytestmark = pytest.mark.django_db(databases=["default", "bank"])
NUMBERS = """
    SELECT number AS key, {amount} AS amount, clock_timestamp()::text AS at
    FROM generate_series({first}, {last}) AS number ORDER BY 1
"""


def compare(ours: str, theirs: str, *alike: str) -> tuple[dict[int, str], int]:
    """What was found by key, and how many keys were looked at."""
    looked: list[int] = []

    def judge(our: audits.Row | None, their: audits.Row | None) -> str:
        looked.append((our or their or {})["key"])
        if our is None or their is None:
            return "missing"
        return "" if our["amount"] == their["amount"] else "differs"

    audits.export(name="test.numbers", database="bank", sql=theirs)
    mine = audits.Export("ours", "default", ours)
    found = run_comparison(audits.Comparison("P8", "Numbers", mine, "test.numbers", judge, "", alike))
    assert not found.error
    assert found.count == len(found.rows)
    return {row["key"]: row["what"] for row in found.rows}, len(looked)


@pytest.mark.parametrize("alike", [(), ("amount",)])
def test_what_differs_and_what_is_missing_is_found(alike: tuple[str, ...]) -> None:
    ours = NUMBERS.format(amount="CASE number WHEN 700 THEN 1 WHEN 900 THEN NULL ELSE 5 END", first=1, last=5000)
    theirs = NUMBERS.format(amount="5::bigint", first=3, last=5001)
    found, looked = compare(ours, theirs, *alike)
    assert found == {1: "missing", 2: "missing", 700: "differs", 900: "differs", 5001: "missing"}
    assert looked < 60 if alike else looked == 5001


def test_where_all_is_alike_nobody_looks() -> None:
    same = NUMBERS.format(amount="5", first=1, last=3000)
    assert compare(same, same, "amount") == ({}, 0)
    assert compare(same, same) == ({}, 3000)
