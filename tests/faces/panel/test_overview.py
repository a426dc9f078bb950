"""The first page: whatever waits leads to its list, any stretch of days can be looked at, and plots have their table."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from apps.platform.actors import Actor
from apps.reporting import interface as reporting

from .conftest import World, browser_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_any_stretch_of_days_can_be_looked_at(world: World, alice: Actor) -> None:
    browser, url, today = browser_of(alice), reverse("admin:index"), reporting.today()
    page = browser.get(url).content.decode()
    assert "Captured today, hour by hour" in page
    assert f"by the clock of {settings.REPORTS_TIME_ZONE}" in page
    assert page.count('<svg class="plot"') == page.count("The figures as a table") == 2
    before = {"since": today - timedelta(days=9), "until": today - timedelta(days=3)}
    assert "Nothing was promised in these days" in browser.get(url, before).content.decode()
    since = {"since": today - timedelta(days=9), "until": today}
    page = browser.get(url, since).content.decode()
    assert f"since={since['since']}&amp;until={today}" in page  # the numbers lead to the gifts of these days
    for wrong in ({"since": "soon"}, {"since": today, "until": today - timedelta(days=1)}, {"days": "9000"}):
        answer = browser.get(url, wrong)
        assert answer.status_code == 200, wrong
    assert "within two years" in browser.get(url, {"since": "2001-01-01", "until": today}).content.decode()


@pytest.mark.parametrize("language", ["en", "bn"])
def test_panel_speaks_the_readers_language(world: World, sam: Actor, language: str) -> None:
    words = {
        "en": ("Needs you", "1 anomaly to decide", "বাংলা"),
        "bn": ("আপনাকে দরকার", "সিদ্ধান্তের অপেক্ষায় ১টি অসঙ্গতি", "English"),
    }
    page = browser_of(sam).get(reverse("admin:index"), {"lang": language}).content.decode()
    assert f'<html lang="{language}">' in page
    assert all(each in page for each in words[language])
