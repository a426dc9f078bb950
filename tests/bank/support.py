"""Short ways to the bank's counter, and a crowd that comes at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import connections

from apps.bank import interface as bank
from apps.platform import db
from apps.platform.audits import checks
from apps.platform.ids import new_id

PAYS = "4000-0000-0000-0001"
on_both = pytest.mark.django_db(databases=["default", "bank"])
committing = pytest.mark.django_db(databases=["default", "bank"], transaction=True)


def held(account: str = PAYS, amount: int = 1000, reference: UUID | None = None) -> bank.Authorization:
    return bank.authorize(account=account, amount=amount, currency="BDT", reference=reference or new_id())[0]


def counted(account: str) -> tuple[int, int]:
    """What an account has and how much of it is held."""
    return next((has, holds) for currency, has, holds in bank.get_account(number=account).balances if currency == "BDT")


def events_of(hold: bank.Authorization) -> list[str]:
    listed = bank.list_events(after=0, page_size=100)
    return [each.type for each in listed if each.data["hold"] == str(hold.id)]


def violations() -> dict[str, list[dict[str, Any]]]:
    """The rows that the audit would name in the bank's books, by code; empty when all is well."""
    found: dict[str, list[dict[str, Any]]] = {}
    for each in checks():
        if each.database == "bank":
            found.setdefault(each.code, []).extend(db.rows(each.sql, using="bank"))
    assert set(found) == {"B1", "B2", "B3", "B4"}
    return {code: rows for code, rows in found.items() if rows}


def crowd(size: int, act: Callable[[int], object]) -> list[object]:
    """Run `act(0)` to `act(size - 1)` at the same moment; what each returned or raised."""
    barrier, results = threading.Barrier(size), [None] * size  # type: list[Any]

    def run(index: int) -> None:
        try:
            barrier.wait(timeout=20)
            results[index] = act(index)
        except Exception as error:  # noqa: BLE001  the test looks at it
            results[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(size)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
