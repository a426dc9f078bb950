"""`manage.py storm` against real processes: it ends with every unit accounted for, and names what a missing guard loses."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest

from runtime.environment import read_env
from tests.support.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.faults, pytest.mark.xdist_group("stack")]
# A total that moves without its gift: what a lost guard of the fold would do.
LOSE = """
    CREATE FUNCTION storm_loses() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN NEW.captured := greatest(OLD.captured, NEW.captured - 1); RETURN NEW; END $$;
    CREATE TRIGGER storm_loses BEFORE UPDATE OF captured ON campaigns_totals
        FOR EACH ROW WHEN (NEW.captured > OLD.captured) EXECUTE FUNCTION storm_loses();
"""


def test_a_small_storm_loses_nothing(stack: Stack) -> None:
    ended = stack.manage("storm", "--donors", "120", "--seconds", "12", "--seed", "7", "--json", seconds=300)
    assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr[-3000:]
    outcome = json.loads(ended.stdout)
    assert outcome["losses"] == []
    assert outcome["audit"]["holds"]
    assert outcome["counts"]["acknowledged"] > 90
    assert outcome["account"]["raised"] == outcome["account"]["captured"] - outcome["account"]["refunded"]
    assert sum(each["is_fault"] for each in outcome["story"]) == 8
    assert "<svg" in Path(outcome["page"]).read_text()


def test_a_storm_without_its_guard_names_the_loss() -> None:
    with Stack() as unguarded:
        with psycopg.connect(read_env(unguarded.data_dir / "runtime.env")["DATABASE_URL"], autocommit=True) as database:
            database.execute(LOSE)
        ended = unguarded.manage("storm", "--donors", "40", "--seconds", "4", "--seed", "7", "--json", seconds=300)
        outcome = json.loads(ended.stdout)
    assert ended.returncode == 1
    assert any("shows" in loss and "its gifts make" in loss for loss in outcome["losses"])
    assert any(loss.startswith("audit T1") for loss in outcome["losses"])
