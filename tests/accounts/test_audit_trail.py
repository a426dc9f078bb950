"""The audit trail: one line an action, chained by the database, edited by nobody unseen."""

from __future__ import annotations

import threading
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from apps.accounts import interface as accounts
from apps.platform import db
from apps.platform.actors import SYSTEM, Actor
from apps.platform.ids import new_id


def record(by: Actor = SYSTEM, action: str = "pledge.refund", **more: Any) -> None:
    with transaction.atomic():
        accounts.record_action(by=by, action=action, subject_id=new_id(), **more)


@pytest.mark.django_db
def test_a_line_names_who_what_and_when(sam: Actor, bob: Actor) -> None:
    assert bob.user_id
    accounts.grant_role(user_id=bob.user_id, role="manager", by=sam)
    accounts.grant_role(user_id=bob.user_id, role="manager", by=sam)
    (line,) = accounts.list_actions(subject_id=bob.user_id)
    assert (line.actor_kind, line.actor_id, line.action) == ("user", sam.user_id, "user.grant_role")
    assert line.detail == {"role": "manager"}


@pytest.mark.django_db
def test_lines_are_numbered_without_gaps_and_found_by_who_and_what(sam: Actor) -> None:
    for number in range(3):
        record(by=sam, detail={"amount": number})
    record(action="campaign.publish")
    lines = accounts.list_actions()
    assert [line.seq for line in lines] == [4, 3, 2, 1]
    assert [line.seq for line in accounts.list_actions(actor_id=sam.user_id, before=3)] == [2, 1]
    assert [line.seq for line in accounts.list_actions(action="campaign.publish")] == [4]


@pytest.mark.django_db
@pytest.mark.parametrize("action", ["refund", "Pledge.refund", "pledge.", "a b.c"])
def test_a_malformed_action_is_a_mistake_of_the_caller(action: str) -> None:
    with pytest.raises(ValueError, match="is not <thing>"):
        record(action=action)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change", ["UPDATE accounts_auditentry SET action = 'pledge.nothing'", "DELETE FROM accounts_auditentry"]
)
def test_the_database_refuses_to_edit_the_trail(change: str) -> None:
    record()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        db.execute(change)


@pytest.mark.django_db(databases=["default", "bank"], transaction=True)
@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE accounts_auditentry SET detail = '{\"amount\": 1}' WHERE seq = 2",
        "DELETE FROM accounts_auditentry WHERE seq = 2",
        "DELETE FROM accounts_auditentry WHERE seq = 3",
    ],
)
def test_tampering_behind_the_triggers_is_named(tampering: str) -> None:
    for amount in (10, 20, 30):
        record(detail={"amount": amount})
    assert "✓ A5" in _audit()
    db.execute("ALTER TABLE accounts_auditentry DISABLE TRIGGER USER")
    try:
        db.execute(tampering)
    finally:
        db.execute("ALTER TABLE accounts_auditentry ENABLE TRIGGER USER")
    assert "✗ A5" in _audit()


@pytest.mark.django_db(databases=["default", "bank"], transaction=True)
def test_writers_at_once_make_one_chain() -> None:
    start = threading.Barrier(6)

    def write() -> None:
        start.wait()
        try:
            for _ in range(5):
                record()
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(line.seq for line in accounts.list_actions()) == list(range(1, 31))
    assert "✓ A5" in _audit()


def _audit() -> str:
    out = StringIO()
    try:
        call_command("audit", stdout=out)
    except SystemExit:
        return out.getvalue()
    return out.getvalue()
