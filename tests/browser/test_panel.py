"""Every screen of the panel on a phone and on a desk, light and dark, in both languages: nobody is shut out, nothing is too wide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from playwright.sync_api import BrowserContext, Page

from runtime.environment import read_env
from tests.support.stack import Stack

from .test_every_page import look

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]
Visitor = Callable[..., BrowserContext]
LOOKS = [(390, "dark", "bn"), (1280, "light", "en")]
LISTS = [
    "",
    "campaigns/",
    "campaigns/new/",
    "gifts/",
    "gifts/?search=nobody+at+all",
    "gift-jobs/",
    "donors/",
    "payouts/",
    "refunds/",
]
STAFF = ["exports/", "anomalies/", "health/", "dead-letters/", "webhooks/", "people/", "audit-trail/", "api-keys/"]


@pytest.fixture(scope="module")
def screens(stack: Stack) -> list[str]:
    """The lists, and one of each thing that is shown alone: a campaign with a captured gift and its donor."""
    campaign = stack.open_campaign("A bridge")
    gift = stack.give(campaign["id"])
    stack.wait_for(lambda: stack.status_of(gift) == "captured")
    with psycopg.connect(read_env(stack.data_dir / "runtime.env")["DATABASE_URL"], autocommit=True) as connection:

        def of(statement: str) -> Any:
            return (connection.execute(statement, [gift["id"]]).fetchone() or [None])[0]

        stack.wait_for(lambda: of("SELECT captured_amount FROM reporting_gift WHERE pledge_id = %s"), 60)
        donor = of("SELECT donor_key FROM reporting_gift WHERE pledge_id = %s")
        person = of("SELECT id FROM accounts_user WHERE email LIKE 'manager%%' AND %s <> ''")
    own, this = f"campaigns/{campaign['id']}/", f"gifts/{gift['id']}/"
    more = [f"{own}{each}/" for each in ("edit", "extras", "news", "team", "closure", "payouts")]
    alone = [own, *more, this, f"{this}refunds/", f"{this}books/"]
    return ["/panel/" + path for path in (*LISTS, *STAFF, *alone, f"donors/{donor}/", f"people/{person}/")]


def sign_in(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.url}/accounts/sign-in/?next=/panel/")
    page.locator("[name=email]").fill("staff@careforall.example")
    page.locator("[name=password]").fill(read_env(stack.data_dir / "secrets.env")["DEMO_PASSWORD"])
    page.locator("main [type=submit]").click()
    page.wait_for_url(f"{stack.url}/panel/")


@pytest.mark.parametrize(("width", "scheme", "language"), LOOKS)
def test_nobody_is_shut_out_of_the_panel(
    stack: Stack, visitor: Visitor, screens: list[str], width: int, scheme: str, language: str
) -> None:
    page = visitor(width, scheme, language).new_page()
    sign_in(page, stack)
    assert page.locator("html").get_attribute("lang") == language
    assert [found for path in screens for found in look(page, stack.url, path, width)] == []


def test_panel_is_used_by_keyboard_alone(stack: Stack, visitor: Visitor, screens: list[str]) -> None:
    """The first step skips the map, filters are sent by Enter, and whatever has the focus shows it."""
    page = visitor(1280).new_page()
    sign_in(page, stack)
    page.goto(f"{stack.url}/panel/gifts/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    while page.evaluate("document.activeElement.name") != "search":
        page.keyboard.press("Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.keyboard.type("gita@example.org")
    page.keyboard.press("Enter")
    page.wait_for_url("**/gifts/?search=gita**")
    assert page.locator("tbody tr").count() >= 1
