"""Two windows: what one does the other sees, at once and without loading anew. Chromium, real processes."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from runtime.environment import read_env
from tests.support.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


class Line:
    """A page's way to its websocket, which can be cut."""

    def __init__(self) -> None:
        self.is_cut = False
        self.open: list[WebSocketRoute] = []

    def through(self, route: WebSocketRoute) -> None:
        if self.is_cut:
            route.close()
            return
        self.open.append(route)
        route.connect_to_server()

    def cut(self) -> None:
        self.is_cut = True
        for route in self.open:
            route.close()

    def mend(self) -> None:
        self.is_cut, self.open = False, []


def window(chromium: Browser, width: int = 1280) -> Page:
    page = chromium.new_context(viewport={"width": width, "height": 860}).new_page()
    page.problems = []  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.problems.append(str(error)))  # type: ignore[attr-defined]
    return page


def sign_in(page: Page, stack: Stack, role: str, then: str) -> None:
    page.goto(f"{stack.url}/accounts/sign-in/?next={then}")
    page.locator("input[type=email]").fill(f"{role}@careforall.example")
    page.locator("input[type=password]").fill(read_env(stack.data_dir / "secrets.env")["DEMO_PASSWORD"])
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(f"{stack.url}{then}")


def assert_accessible(page: Page) -> None:
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, f"{page.url}: {found.generate_report()}"
    assert page.problems == []  # type: ignore[attr-defined]


def test_what_one_writes_the_other_reads(stack: Stack, chromium: Browser) -> None:
    campaign = stack.open_campaign("A school boat")
    path = f"/campaigns/{campaign['slug']}/chat/"
    donor, manager, reader = window(chromium), window(chromium, width=390), window(chromium)
    sign_in(donor, stack, "donor", path)
    sign_in(manager, stack, "manager", path)
    reader.goto(f"{stack.url}/campaigns/{campaign['slug']}/")
    expect(donor.locator("[data-online]")).to_have_text("3 here")
    donor.get_by_label("Your message").fill("When does it sail? https://example.org/plan")
    donor.get_by_role("button", name="Send", exact=True).click()
    for page in (donor, manager, reader):
        expect(page.locator("[data-messages] [data-text]")).to_have_text("When does it sail? https://example.org/plan")
    expect(manager.locator("[data-messages] a[target=_blank]")).to_have_attribute(
        "rel", "nofollow ugc noopener noreferrer"
    )
    expect(donor.locator(".message--waiting")).to_have_count(0)
    manager.locator("[data-messages] summary").click()
    manager.locator("[data-messages]").get_by_role("link", name="Answer").click()
    manager.get_by_label("Your message").press_sequentially("In May.")
    expect(donor.locator("[data-typing]")).to_contain_text("is writing")
    manager.get_by_label("Your message").press("Control+Enter")
    answer = donor.locator("[data-messages] > li").nth(1)
    expect(answer.locator("[data-text]")).to_have_text("In May.")
    expect(answer.locator("[data-answered]")).to_contain_text("When does it sail?")
    expect(answer.locator("[data-badge]")).to_be_visible()
    manager.locator("[data-messages] > li").first.locator("summary").click()
    manager.locator("[data-messages] > li").first.get_by_role("button", name="Remove").click()
    expect(donor.locator("[data-messages] > li").first).to_contain_text("This message was removed.")
    expect(reader.locator("[data-messages] > li").first).to_contain_text("This message was removed.")
    for page in (donor, manager, reader):
        assert_accessible(page)
    manager.goto(f"{stack.url}{path}desk/")
    assert_accessible(manager)
    for page in (donor, manager, reader):
        page.context.close()


def test_a_gift_moves_the_board_and_a_quarter_is_celebrated(stack: Stack, chromium: Browser) -> None:
    campaign = stack.open_campaign("A hall for the island", goal=100_000)
    board, phone = window(chromium), window(chromium, width=390)
    for page in (board, phone):
        with page.expect_websocket():
            page.goto(f"{stack.url}/campaigns/{campaign['slug']}/live/")
    stack.give(campaign["id"], amount=30_000)
    expect(board.locator("[data-raised]")).to_have_text("BDT\u00a0300", timeout=15_000)
    expect(board.locator("[data-party]")).to_contain_text("25%")
    expect(board.locator("[data-gifts]")).to_contain_text("Gita Guest")
    expect(phone.locator("[data-percent]")).to_have_text("30%")
    board.locator("[data-party]").wait_for(state="hidden", timeout=20_000)
    for page in (board, phone):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            assert_accessible(page)
        page.context.close()


def test_a_board_survives_an_hour_without_a_line_and_catches_up(stack: Stack, chromium: Browser) -> None:
    campaign = stack.open_campaign("A pump for the school", goal=100_000)
    board = window(chromium)
    line = Line()
    board.route_web_socket("**/ws/notifications/", line.through)
    board.clock.install()
    board.goto(f"{stack.url}/campaigns/{campaign['slug']}/live/")
    stack.give(campaign["id"], amount=10_000)
    expect(board.locator("[data-raised]")).to_have_text("BDT\u00a0100", timeout=30_000)
    expect(board.locator("[data-line]")).to_be_hidden()

    board.context.set_offline(True)
    line.cut()
    board.clock.fast_forward("01:00:00")
    expect(board.locator("[data-line]")).to_contain_text("No connection")
    expect(board.locator("[data-raised]")).to_have_text("BDT\u00a0100")
    assert_accessible(board)
    for amount in (20_000, 30_000):
        stack.give(campaign["id"], amount=amount)
    stack.wait_for(lambda: stack.raised(campaign["id"]) == 60_000)

    board.context.set_offline(False)
    line.mend()
    board.clock.run_for("00:01:00")
    expect(board.locator("[data-raised]")).to_have_text("BDT\u00a0600", timeout=60_000)
    expect(board.locator("[data-gifts] > li")).to_have_count(3)
    board.clock.run_for("00:00:10")
    expect(board.locator("[data-line]")).to_be_hidden()
    stack.give(campaign["id"], amount=40_000)
    expect(board.locator("[data-party]")).to_contain_text("The goal is reached", timeout=60_000)
    assert board.problems == []  # type: ignore[attr-defined]
    board.context.close()


def test_a_guest_asks_and_the_team_answers_both_on_the_phone(stack: Stack, chromium: Browser) -> None:
    campaign = stack.open_campaign("Lamps")
    gift = stack.give(campaign["id"])
    guest, manager = window(chromium, width=390), window(chromium, width=390)
    guest.goto(f"{stack.url}/donations/{gift['tracking_token']}/")
    guest.get_by_role("button", name="Ask the team").click()
    guest.get_by_label("Your message").fill("Is it there yet?")
    guest.get_by_role("button", name="Send", exact=True).click()
    expect(guest.locator(".message--waiting")).to_have_count(0)
    sign_in(manager, stack, "manager", "/conversations/")
    manager.get_by_role("link", name="Gita Guest").first.click()
    expect(manager.locator("[data-messages]")).to_contain_text("Is it there yet?")
    manager.get_by_label("Your message").fill("Yes.")
    manager.get_by_role("button", name="Send", exact=True).click()
    expect(guest.locator("[data-messages] > li").nth(1)).to_contain_text("Yes.")
    manager.goto(f"{stack.url}/conversations/")
    expect(manager.locator(".talk").first).to_contain_text("Yes.")
    expect(manager.locator(".talk").first.locator(".badge")).to_have_count(0)
    for page in (guest, manager):
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert_accessible(page)
        page.context.close()


def test_the_bell_rings_for_whom_it_concerns(stack: Stack, chromium: Browser) -> None:
    campaign = stack.open_campaign("A bell for the school")
    donor, manager = window(chromium, width=390), window(chromium)
    sign_in(manager, stack, "manager", "/inbox/")
    expect(manager.locator("[data-inbox]")).to_contain_text("A bell for the school", timeout=30_000)
    manager.get_by_role("button", name="Mark all as read").click()
    expect(manager.locator("[data-unread]")).to_be_hidden()
    sign_in(donor, stack, "donor", "/about/")
    unread = donor.locator("[data-number]").text_content()

    stack.give(campaign["id"])

    expect(manager.locator("[data-number]")).to_have_text("1", timeout=30_000)
    expect(manager.locator("[data-told]")).to_have_text("A new message for you")
    manager.reload()
    first = manager.locator("[data-inbox] > li").first
    expect(first).to_contain_text("A bell for the school")
    assert_accessible(manager)
    manager.get_by_role("button", name="Mark all as read").click()
    expect(manager.locator("[data-unread]")).to_be_hidden()
    expect(donor.locator("[data-number]")).to_have_text(unread or "")
    for page in (donor, manager):
        assert_accessible(page)
        page.context.close()
