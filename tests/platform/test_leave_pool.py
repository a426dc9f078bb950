"""A thread that requests wait for must not wait for a connection of theirs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from apps.platform import db


@pytest.mark.django_db(transaction=True)
def test_a_thread_that_left_the_pool_works_while_all_of_it_is_taken() -> None:
    template = connections["default"].copy()
    template.settings_dict["OPTIONS"]["pool"] = {"min_size": 0, "max_size": 1, "timeout": 0.2}
    template.settings_dict["CONN_MAX_AGE"] = 0

    def take_all() -> Any:
        connections["default"] = template.copy()
        db.rows("SELECT 1")
        return connections["default"]

    def work(leaves: bool) -> object:
        connections["default"] = template.copy()
        if leaves:
            db.leave_pool()
        try:
            return db.rows("SELECT 1 AS one")[0]["one"]
        except Exception as error:  # noqa: BLE001  the control
            return type(error).__name__
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(1) as first, ThreadPoolExecutor(1) as second:
        taken = first.submit(take_all).result(10)
        try:
            assert second.submit(work, False).result(10) == "OperationalError"
            assert second.submit(work, True).result(10) == 1
        finally:
            first.submit(taken.close).result(10)
            first.submit(taken.close_pool).result(10)
