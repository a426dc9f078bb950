"""Every check of the audit is shown a violation that it alone is there for, and names it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from django.db import connections, transaction

from apps.platform import audits, db
from apps.platform.actors import SYSTEM, Actor
from apps.platform.run_audit import run_check, run_comparison
from apps.pledges import interface as pledges
from apps.recurring import interface as recurring
from apps.reporting import interface as reporting
from tests.flows.conftest import product  # noqa: F401  the fixture
from tests.flows.stations import Product
from tests.pledges.support import open_campaign, wish

from .plants import LATE, PLANTS

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "bank"])
STATEMENT = "Payments and the bank's statement"


def broken() -> set[str]:
    """The titles of the checks that find something now, in the open transactions."""
    found = set()
    for each in audits.checks():
        with connections[each.database].cursor() as cursor:
            result = run_check(each, cursor)
        assert not result.error, (each.title, result.error)
        if not result.holds:
            found.add(each.title)
    return found | {each.title for each in audits.comparisons() if not run_comparison(each).holds}


@pytest.fixture
def books(product: Product, alice: Actor, bank_key: str) -> None:  # noqa: F811
    campaign = open_campaign(alice)
    made = []
    for account, capture in (("0001", "automatic"), ("0001", "automatic"), ("0002", "automatic"), ("0001", "manual")):
        body = {
            "campaign": str(campaign.id),
            "amount": 500_00,
            "donor": {"name": "Gulshan", "email": "g@example.org"},
            "payment": {"provider": "bank", "account": f"4000-0000-0000-{account}"},
            "capture": capture,
        }
        status, answer = product.post("/api/v1/pledges", body)
        assert status == 201, answer
        made.append(answer["id"])
    recurring.start_plan(new=wish(campaign.id))
    product.settle()
    pledges.refund_pledge(pledge_id=made[0], by=SYSTEM, amount=100_00, reason="Half")
    product.settle()
    reporting.refresh()


@contextmanager
def unguarded() -> Iterator[None]:
    """No trigger, check, unique index or foreign key holds inside; nothing of it stays."""
    with ExitStack() as stack:
        for database in ("default", "bank"):
            stack.enter_context(transaction.atomic(using=database))
            db.execute("SET LOCAL session_replication_role = replica", using=database)
            for each in db.rows(_CONSTRAINTS, using=database):
                db.execute(each["drop"], using=database)
        yield
        for database in ("default", "bank"):
            transaction.set_rollback(True, using=database)


_CONSTRAINTS = """
    SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS drop
    FROM pg_constraint WHERE contype IN ('c', 'u') AND connamespace = 'public'::regnamespace
    UNION ALL
    SELECT format('DROP INDEX %s', indexrelid::regclass) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE indisunique AND NOT indisprimary AND relnamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""


def broken_by(*plants: tuple[str, str]) -> set[str]:
    with ExitStack() as stack:
        for database in ("default", "bank"):
            stack.enter_context(transaction.atomic(using=database))
        for database, sql in plants:
            touched = db.execute(sql, using=database)
            assert touched != 0, f"nothing to plant in: {sql}"
        found = broken()
        for database in ("default", "bank"):
            transaction.set_rollback(True, using=database)
    return found


def test_every_check_names_what_was_planted_for_it(books: None) -> None:
    missed: list[str] = []
    with unguarded():
        assert broken() == set()
        for plant in PLANTS:
            if not any(title.startswith(plant.title) for title in broken_by((plant.database, plant.sql))):
                missed.append(plant.sql)
        grown_old = ("bank", "UPDATE bank_transaction SET created_at = now() - interval '2 hours'")
        for sql in LATE:
            assert not any(each.startswith(STATEMENT) for each in broken_by(("default", sql))), "it may be on its way"
            assert any(each.startswith(STATEMENT) for each in broken_by(("default", sql), grown_old)), sql
        told = """INSERT INTO payments_anomaly (provider, kind, subject, evidence, state, created_at)
                  SELECT 'bank', 'unknown-payment', id::text, jsonb_build_object('payment', id), 'open', now()
                  FROM payments_payment WHERE status = 'captured'"""
        assert not any(
            each.startswith(STATEMENT) for each in broken_by(("default", told), ("default", LATE[2]), grown_old)
        ), "somebody else's money is a finding, not a violation"
    assert missed == []


def test_every_check_has_a_plant() -> None:
    checks: list[Any] = [*audits.checks(), *audits.comparisons()]
    bare = [each.title for each in checks if not any(each.title.startswith(plant.title) for plant in PLANTS)]
    assert bare == [], "add a violation to tests/audits/plants.py"
    assert [plant.title for plant in PLANTS if not any(each.title.startswith(plant.title) for each in checks)] == []


def test_every_check_says_what_it_means_and_what_to_do() -> None:
    checks: list[Any] = [*audits.checks(), *audits.comparisons()]
    assert [each.title for each in checks if len(each.explain) < 40 or not each.explain.endswith(".")] == []
