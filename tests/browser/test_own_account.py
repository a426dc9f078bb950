"""One's own account on a phone, without a script and with one: a second factor from setting up to turning it off, and sessions."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]
Visitor = Callable[..., BrowserContext]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
PASSWORD = "a good sentence of words"


def look(page: Page) -> None:
    """Nothing wrong for anyone, nothing that the policy forbids, nothing wider than the screen."""
    if page.context.pages and page.evaluate("typeof window.broken") == "object":
        assert page.evaluate("window.broken") == []
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).click()


def test_a_second_factor_and_its_sessions(stack: Stack, visitor: Visitor) -> None:
    email = f"dora.{uuid4().hex[:8]}@example.org"
    page = visitor(390).new_page()
    page.goto(f"{stack.url}/accounts/sign-up/?next=/accounts/profile/second-factor/")
    page.get_by_label("Name").fill("Dora")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Create account")
    page.get_by_label("Your password").fill(PASSWORD)
    press(page, "Set it up")
    look(page)
    app = pyotp.TOTP(page.locator(".secret").inner_text().replace(" ", ""))
    page.get_by_label("Code", exact=True).fill(app.now())
    press(page, "Turn it on")
    look(page)
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10

    other = visitor(390, java_script_enabled=False).new_page()
    other.goto(f"{stack.url}/accounts/sign-in/")
    other.get_by_label("E-mail address").fill(email)
    other.get_by_label("Password").fill(PASSWORD)
    press(other, "Sign in")
    expect(other.get_by_role("heading", level=1)).to_have_text("Your code")
    other.get_by_label("Code", exact=True).fill("000000")
    press(other, "Sign in")
    expect(other.get_by_role("alert")).to_contain_text("wrong or was used before")
    other.get_by_label("Code", exact=True).fill(codes[0].lower())
    press(other, "Sign in")
    other.goto(f"{stack.url}/accounts/profile/sessions/")
    expect(other.get_by_text("this one")).to_be_visible()

    page.goto(f"{stack.url}/accounts/profile/sessions/")
    look(page)
    press(page, "Sign out everywhere else")
    expect(page.get_by_text("You are signed out everywhere else.")).to_be_visible()
    other.reload()
    assert "/accounts/sign-in/" in other.url
    for name in ("proof", "codes", "end", ""):
        page.goto(f"{stack.url}/accounts/profile/second-factor/{name and name + '/'}")
        look(page)
    page.get_by_role("link", name="Turn the second factor off").click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_label("Code", exact=True).fill(codes[1])
    press(page, "Turn it off")
    expect(page.get_by_text("The second factor is off.")).to_be_visible()
