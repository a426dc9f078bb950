"""A guest on a phone gives, watches the gift arrive and the total move, and finds it again. Chromium, real processes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]


@pytest.fixture(params=[True, False], ids=["with-javascript", "without-javascript"])
def page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=request.param)
    page = context.new_page()
    page.problems = []  # type: ignore[attr-defined]
    page.on("console", lambda message: message.type == "error" and page.problems.append(message.text))  # type: ignore[attr-defined]
    yield page
    assert page.problems == []  # type: ignore[attr-defined]
    context.close()


def fill_in(page: Page, stack: Stack, slug: str, *, email: str = "rahima@example.org") -> None:
    page.goto(f"{stack.url}/campaigns/{slug}/give/")
    page.get_by_role("radio", name="BDT 500").check(force=True)
    page.get_by_label("Your name").fill("Rahima Guest")
    page.get_by_label("E-mail address", exact=True).fill(email)


def test_a_guest_gives_and_follows_the_gift(stack: Stack, page: Page) -> None:
    campaign = stack.open_campaign("A roof for the school")
    fill_in(page, stack, campaign["slug"])
    page.get_by_role("button", name="Give", exact=True).click()
    expect(page.get_by_text("Your gift has arrived and is counted.")).to_be_visible(timeout=20_000)
    link = page.url
    page.goto(f"{stack.url}/campaigns/{campaign['slug']}/")
    expect(page.locator("[data-raised]")).to_have_text("BDT\u00a0500")
    expect(page.get_by_text("Rahima Guest")).to_be_visible()
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("BDT\u00a0500")


def test_wrong_input_keeps_what_was_typed(stack: Stack, page: Page) -> None:
    campaign = stack.open_campaign("A well")
    fill_in(page, stack, campaign["slug"], email="not an address")
    page.on("console", lambda message: "422" in message.text and page.problems.clear())  # type: ignore[attr-defined]
    page.get_by_role("button", name="Give", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("E-mail address")
    expect(page.get_by_label("Your name")).to_have_value("Rahima Guest")
    expect(page.get_by_label("E-mail address", exact=True)).to_have_value("not an address")
    assert stack.raised(campaign["id"]) == 0


def test_the_total_moves_while_someone_watches(stack: Stack, chromium: Browser) -> None:
    campaign = stack.open_campaign("A bridge")
    page = chromium.new_page()
    with page.expect_websocket():
        page.goto(f"{stack.url}/campaigns/{campaign['slug']}/")
    stack.give(campaign["id"], amount=123_400)
    expect(page.locator("[data-raised]")).to_have_text("BDT\u00a01,234", timeout=15_000)
    page.close()


def test_a_planted_inline_script_does_not_run(stack: Stack, chromium: Browser) -> None:
    page = chromium.new_page()
    page.goto(stack.url)
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.planted=1\">')")
    planted = page.locator("img[src=x]")
    expect(planted).to_have_js_property("complete", True)
    assert page.evaluate("window.planted") is None
    page.close()


def test_a_guest_approves_on_the_banks_own_page(stack: Stack, page: Page) -> None:
    campaign = stack.open_campaign("A ferry")
    fill_in(page, stack, campaign["slug"])
    page.get_by_role("radio", name="On the bank's own page").check()
    page.get_by_role("button", name="Give", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Approve a payment")
    page.get_by_label("Your account number").fill("4000-0000-0000-0001")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Approve BDT").click()
    expect(page.get_by_text("Your gift has arrived and is counted.")).to_be_visible(timeout=20_000)
    page.go_back()
    expect(page.get_by_text("You have approved this payment.")).to_be_visible()
    assert stack.raised(campaign["id"]) == 50_000
