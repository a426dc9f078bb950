"""The manager's week in the panel: create, preview, submit, reviewed, published, gifts, news, a refund, an export, closed and paid
out. On a phone in light and on a desk in dark; every screen on the way is looked at with axe. Real processes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from runtime.environment import read_env
from tests.support.stack import Stack

from .test_every_page import RULES

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]
Visitor = Callable[..., BrowserContext]
PATIENCE = 60_000


class Desk:
    """Somebody's browser at the panel; each screen that it opens is looked at."""

    def __init__(self, page: Page, stack: Stack, role: str) -> None:
        self.page, self.stack, self.wrong = page, stack, list[str]()
        page.set_default_timeout(PATIENCE)
        page.goto(f"{stack.url}/accounts/sign-in/?next=/panel/")
        page.locator("[name=email]").fill(f"{role}@careforall.example")
        page.locator("[name=password]").fill(read_env(stack.data_dir / "secrets.env")["DEMO_PASSWORD"])
        page.locator("main [type=submit]").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Overview")

    def open(self, path: str) -> None:
        self.page.goto(self.stack.url + path)
        self.look()

    def press(self, name: str) -> None:
        self.page.locator("main").get_by_role("button", name=name, exact=True).click()
        self.page.wait_for_load_state()

    def follow(self, name: str) -> None:
        self.page.locator("main").get_by_role("link", name=name).first.click()
        self.page.wait_for_load_state()
        self.look()

    def look(self) -> None:
        place = self.page.url.removeprefix(self.stack.url)
        found = Axe().run(self.page, options=RULES)
        self.wrong += [f"{place}: {found.generate_report()}"] if found.violations_count else []
        self.wrong += [f"{place}: {each}" for each in self.page.evaluate("window.broken")]
        width = self.page.viewport_size["width"] if self.page.viewport_size else 0
        if self.page.evaluate("document.documentElement.scrollWidth") > width:
            self.wrong.append(f"{place}: wider than {width}")

    def until(self, path: str, words: str) -> None:
        """Open the page again until it says so."""

        def is_said() -> bool:
            self.page.goto(self.stack.url + path)
            return self.page.locator("main").get_by_text(words).count() > 0

        self.stack.wait_for(is_said, 90)

    def says(self, words: str) -> None:
        expect(self.page.locator("main")).to_contain_text(words, timeout=PATIENCE)


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_managers_week(stack: Stack, visitor: Visitor, tmp_path: Path, width: int, scheme: str) -> None:
    manager = Desk(visitor(width, scheme).new_page(), stack, "manager")
    staff = Desk(visitor(width, scheme).new_page(), stack, "staff")
    title = f"Lamps for {width} houses"

    campaign = create(manager, title)
    manager.follow("Submit for review")
    manager.press("Submit")
    manager.says("waits for review")

    staff.open(f"{campaign}review/")
    staff.page.get_by_label("Publish it").check()
    staff.page.locator("main form").get_by_role("button").first.click()
    staff.says("The campaign is open")

    gift = receive(stack, campaign)
    manager.until("/panel/gifts/", "Gita Guest")  # the lists follow a moment later
    manager.look()
    manager.open(campaign)

    manager.follow("News")
    manager.page.get_by_label("Title").fill("The first lamps burn")
    manager.page.get_by_role("textbox", name="News").fill("Forty houses have light.")
    manager.press("Post the news")
    manager.says("Forty houses have light.")

    refund(manager, stack, gift)
    export(manager, tmp_path)

    manager.open(f"{campaign}closure/")
    manager.press("Close it for good")
    manager.says("The campaign is closed")

    pay_out(manager, staff, stack, campaign)
    manager.page.goto(f"{stack.url}/panel/campaigns/")
    manager.follow(title)
    manager.follow("Public page")
    manager.says("Paid out")
    assert manager.wrong + staff.wrong == []


def create(manager: Desk, title: str) -> str:
    """A draft; returns its address in the panel."""
    manager.open("/panel/campaigns/new/")
    page = manager.page
    page.get_by_label("Title").fill(title)
    page.get_by_label("Summary").fill("Light to read by.")
    page.get_by_label("Story").fill("Who is helped, how, and by when. " * 10)
    page.get_by_label("Goal").fill("100,000")
    page.locator("main form").get_by_role("button").first.click()
    manager.says("The draft was saved")
    manager.look()
    place = page.url.removeprefix(manager.stack.url)
    manager.follow("Preview as donors see it")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    manager.open(place)
    return place


def receive(stack: Stack, campaign: str) -> dict[str, Any]:
    """Two gifts that have arrived and are counted; returns the first."""
    campaign_id = campaign.rstrip("/").rsplit("/", 1)[1]
    gifts = [stack.give(campaign_id, amount=amount) for amount in (50_000, 30_000)]
    stack.wait_for(lambda: stack.raised(campaign_id) == 80_000, 60)
    return gifts[0]


def refund(manager: Desk, stack: Stack, gift: dict[str, Any]) -> None:
    manager.open(f"/panel/gifts/{gift['id']}/")
    manager.follow("Refund")
    manager.page.get_by_label("Amount").fill("100")
    manager.page.get_by_label("Reason").fill("Gave twice")
    manager.press("Go on")
    manager.look()
    manager.press("Give the money back")
    manager.says("Gave twice")
    stack.wait_for(lambda: stack.status_of(gift) == "partially_refunded", 60)


def export(manager: Desk, folder: Path) -> None:
    manager.open("/panel/exports/")
    manager.press("Write the file")
    link = manager.page.locator("main a[download]").first

    def is_there() -> bool:
        manager.page.reload()
        return link.count() > 0

    manager.stack.wait_for(is_there, 60)
    with manager.page.expect_download() as waiting:
        link.click()
    waiting.value.save_as(folder / "gifts.csv")
    assert "Gita Guest" in (folder / "gifts.csv").read_text()


def pay_out(manager: Desk, staff: Desk, stack: Stack, campaign: str) -> None:
    """Asked for by one, approved by another, sent by the bank, proven by its statement, read by everybody."""
    manager.open(f"{campaign}payouts/")
    manager.page.get_by_label("Account number").fill("4000-0000-0000-0001")
    manager.page.get_by_label("Account holder").fill("Lamps fund")
    manager.press("Use this account")
    manager.page.get_by_label("What it is for").fill("Lamps")
    manager.press("Ask for it")
    manager.says("Somebody else has to approve it")
    manager.look()
    payout = manager.page.url.removeprefix(stack.url)
    staff.open(payout)
    staff.page.get_by_label("Approve: the money is sent").check()
    staff.press("Decide")
    staff.says("Approved")
    manager.until(payout, "Sent by the bank")
    manager.look()
