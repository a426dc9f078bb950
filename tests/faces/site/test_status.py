"""The public page of states: in words, in both languages, whatever is down, and nothing of the inside."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from apps.faces.site.status import views
from apps.outbox import interface as outbox
from apps.platform import clock, db, health, hints
from apps.platform.clock import FrozenClock

pytestmark = pytest.mark.django_db(databases=["default", "bank"], transaction=True)
TRIP = """
    INSERT INTO payments_providercircuit (provider, state, window_start, successes, failures, openings, until)
    VALUES ('bank', 'open', now(), 0, 9, 1, now() + interval '1 minute')
"""


def shown(**headers: str) -> str:
    response = Client().get("/status/", headers=headers)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def open_circuit() -> None:
    db.execute(TRIP)


def test_all_is_well_in_words_in_both_languages() -> None:
    assert "Everything works." in shown()
    assert "Nothing was slow or down." in shown()
    assert "সবকিছু কাজ করছে।" in shown(**{"accept-language": "bn"})


def test_a_bank_that_does_not_answer_is_told_and_remembered(open_circuit: None) -> None:
    assert "Some parts do not work at the moment." in shown()
    assert "none is charged twice" in shown()
    watch = FrozenClock(clock.now())
    with clock.use(watch):
        outbox.note_incidents()
        outbox.note_incidents()
        watch.forward(timedelta(minutes=20))
        db.execute("UPDATE payments_providercircuit SET state = 'closed', until = NULL")
        outbox.note_incidents()
    (incident,) = outbox.recent_incidents()
    assert incident.ended_at
    assert (incident.part, incident.level, incident.ended_at - incident.began_at) == (
        "payments",
        "down",
        timedelta(minutes=20),
    )
    assert "Everything works." in shown()
    assert "Payments does not work" in shown()


def test_it_stands_without_redis_and_without_the_database(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    try:
        assert "some seconds later than usual" in shown()
    finally:
        hints._away_until = 0.0
    settings_of = connections["default"].settings_dict
    connections["default"].close()
    port, settings_of["PORT"] = settings_of["PORT"], 1
    try:
        page = Client().get("/status/")
    finally:
        settings_of["PORT"] = port
    text = page.content.decode()
    assert page.status_code == 200
    assert "No gift can be taken at the moment." in text
    assert "cannot be told now" in text
    for inside in ("careforall_", "Operational", "postgres", "outbox", "circuit", "SELECT"):
        assert inside not in text, inside


def test_it_is_kept_for_a_second_and_every_part_has_words(settings: Any) -> None:
    assert "max-age=1" in Client().get("/status/").headers["Cache-Control"]
    settings.HOT_PAGE_SECONDS = 0.5
    assert Client().get("/status/").headers["Cache-Control"].startswith("public, max-age=1")
    assert set(views.NAMES) == set(views.EXPLAINED) == set(health.PARTS)
