"""`manage.py demo`: loads once, whatever happened in between, by the doors that everyone uses."""

from __future__ import annotations

from collections import Counter
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from apps.accounts import interface as accounts
from apps.faces.console.demo import load
from apps.faces.console.demo.campaigns import CAMPAIGNS
from apps.outbox import interface as outbox
from apps.payments.events import PaymentCaptured, PaymentFailed
from apps.platform import clock, db
from apps.platform.ids import new_id
from tests.pledges.support import tell

pytestmark = pytest.mark.django_db(transaction=True)
TABLES = (
    "accounts_user",
    "campaigns_campaign",
    "campaigns_totals",
    "pledges_pledge",
    "pledges_refund",
    "payments_payment",
    "chat_message",
)


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setenv("DEMO_PASSWORD", "a password for the demo")


def demo() -> str:
    out = StringIO()
    call_command("demo", "--wait", "0", stdout=out)
    return out.getvalue()


def tables() -> dict[str, str]:
    """Each table's rows as one hash."""
    return {
        table: db.rows(f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) AS rows FROM {table} AS t")[0]["rows"]
        for table in TABLES
    }


def let_the_gifts_arrive() -> None:
    """What the bank would have said to each gift, told as payments tells it."""
    waiting = db.rows(
        """SELECT pledge.id, payment.id AS payment, payment.account, pledge.amount, pledge.currency FROM pledges_pledge AS pledge
           JOIN payments_payment AS payment ON payment.reference = pledge.id WHERE pledge.status = 'pending'"""
    )
    tell(*(_end_of(row) for row in waiting))


def _end_of(row: dict[str, Any]) -> PaymentCaptured | PaymentFailed:
    about = {"payment_id": row["payment"], "reference": row["id"], "at": clock.now()}
    if row["account"].endswith("2"):
        return PaymentFailed(**about, reason="insufficient-funds")
    return PaymentCaptured(**about, amount=row["amount"], currency=row["currency"], transaction=str(new_id()))


def test_loads_campaigns_at_every_stage_and_gifts_of_many_kinds() -> None:
    text = demo()
    let_the_gifts_arrive()
    outbox.drain()

    stages = Counter(row["status"] for row in db.rows("SELECT status FROM campaigns_campaign"))
    assert set(stages) == {"draft", "in_review", "active", "paused", "ended"}
    assert stages == Counter(each.stage for each in CAMPAIGNS)
    assert {row["currency"] for row in db.rows("SELECT currency FROM campaigns_campaign")} == {
        "BDT",
        "USD",
        "EUR",
        "JPY",
        "KWD",
    }
    gifts = Counter(row["status"] for row in db.rows("SELECT status FROM pledges_pledge"))
    assert 150 <= gifts.total() <= 300
    assert gifts["failed"] >= 5
    assert gifts["captured"] >= 140
    assert db.rows("SELECT count(*) AS n FROM pledges_pledge WHERE is_anonymous")[0]["n"] >= 10
    assert db.rows("SELECT count(*) AS n FROM campaigns_campaign WHERE cover IS NULL")[0]["n"] == 0
    for role in ("donor", "manager", "staff"):
        assert f"{role}@careforall.example" in text
    assert "a password for the demo" not in text, "whoever set it knows it"


def test_sign_ins_work_with_the_given_password() -> None:
    load.load_people("a password for the demo")
    for role in ("donor", "manager", "staff"):
        user = accounts.authenticate(email=f"{role}@careforall.example", password="a password for the demo")
        assert role in user.roles


def test_without_a_password_one_is_made_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DEMO_PASSWORD")
    first, second = load.load_people(""), load.load_people("")
    assert len({person.password for person in first}) == 1
    assert first[0].password
    assert [person.password for person in second] == ["", "", ""]
    assert accounts.authenticate(email=first[0].email, password=first[0].password)


def test_interrupted_run_is_finished_by_the_next_and_one_more_changes_nothing() -> None:
    people = {person.role: person for person in load.load_people("a password for the demo")}
    found = load.load_campaigns(accounts.actor_of_user(user_id=people["manager"].user_id))
    made = load.load_gifts(found, people["donor"].user_id)

    demo()

    assert db.rows("SELECT count(*) AS n FROM pledges_pledge")[0]["n"] == len(made)
    assert db.rows("SELECT count(*) AS n FROM campaigns_campaign")[0]["n"] == len(CAMPAIGNS)
    finished = tables()
    demo()
    assert tables() == finished
