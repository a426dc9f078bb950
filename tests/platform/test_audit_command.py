"""`manage.py audit`: names what is broken, and says so with its exit code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from apps.platform import audits, db
from apps.platform.audits import check

pytestmark = pytest.mark.django_db(databases=["default", "bank"], transaction=True)


def audit(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("audit", *arguments, stdout=out)
    except SystemExit as exit_:
        return int(str(exit_.code)), out.getvalue()
    return 0, out.getvalue()


@pytest.fixture
def planted() -> Iterator[Any]:
    """Registers a check for one test."""
    before = list(audits._checks)

    def plant(sql: str, database: str = "default") -> None:
        check(code="Z9", title="Planted", sql=sql, explain="Only a test.", database=database)

    yield plant
    audits._checks[:] = before


def test_everything_holds_on_an_empty_house() -> None:
    code, text = audit()
    assert code == 0, text
    assert text.splitlines()[-1].endswith("all hold.")
    assert all(line.startswith("✓") for line in text.splitlines()[:-1])


def test_broken_check_names_and_counts_its_rows(planted: Any) -> None:
    planted("SELECT n AS pledge, 'lost' AS what FROM generate_series(1, 33) AS n")
    code, text = audit()
    assert code == 1
    assert "✗ Z9" in text
    assert "33 rows" in text
    assert "pledge=1  what=lost" in text
    assert "and 13 more" in text
    assert "Only a test." not in text
    assert "Only a test." in audit("--explain")[1]


def test_json_is_for_machines(planted: Any) -> None:
    planted("SELECT 7 AS pledge")
    code, text = audit("--json")
    report = json.loads(text)
    assert (code, report["holds"]) == (1, False)
    found = next(each for each in report["checks"] if each["code"] == "Z9")
    assert (found["holds"], found["count"], found["rows"]) == (False, 1, [{"pledge": 7}])


def test_check_that_cannot_run_is_broken_and_spoils_no_other(planted: Any) -> None:
    planted("SELECT 1 FROM nowhere")
    code, text = audit()
    assert code == 1
    assert "could not be run" in text
    assert text.count("✗") == 1


@pytest.mark.parametrize("database", ["default", "bank"])
def test_check_can_only_read(planted: Any, database: str) -> None:
    planted("SELECT nextval('django_migrations_id_seq')", database)
    assert "read-only transaction" in audit()[1]


def test_gap_in_the_feed_is_found() -> None:
    for seq in (1, 3):
        db.execute(
            """INSERT INTO notifications_feedentry (id, seq, topic, type, at, data)
               VALUES (gen_random_uuid(), %s, 'campaign:x', 'x', now(), '{}')""",
            [seq],
        )
    db.execute("INSERT INTO notifications_feedcounter (id, last_seq) VALUES (1, 2)")
    code, text = audit()
    assert code == 1
    assert "gap before it" in text
    assert "counter is behind" in text
