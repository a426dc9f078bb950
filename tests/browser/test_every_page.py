"""Every page, on a phone and on a desk, light and dark, in English and Bangla: no violation of accessibility or of the policy,
nothing wider than the screen, also with letters twice as large."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from runtime.environment import read_env
from tests.support.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]
Visitor = Callable[..., BrowserContext]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
PUBLIC = [
    "/",
    "/campaigns/",
    "/campaigns/?search=nothinglikeit",
    "/about/",
    "/transparency/",
    "/privacy/",
    "/status/",
    "/styleguide/",
    "/nothing/",
]
GUESTS = ["/accounts/sign-in/", "/accounts/sign-up/", "/accounts/password-reset/", "/accounts/password-reset/sent/"]
GUESTS += ["/gifts/", "/gifts/sent/", "/mailbox/"]
OWN = ["/accounts/gifts/", "/accounts/profile/", "/accounts/profile/password/", "/accounts/profile/privacy/"]
OWN += ["/accounts/profile/privacy/erasure/", "/accounts/profile/second-factor/", "/accounts/profile/sessions/"]
OWN += ["/conversations/", "/inbox/", "/inbox/preferences/"]
CAMPAIGN = ["", "give/", "gifts/", "money/", "embed/", "updates/", "chat/", "live/"]
PICTURES = """[...document.images].filter((image) => !image.width || !image.getAttribute("width") || !image.getAttribute("height")
    || !/(\\.(svg|webp|avif)$|^data:image.svg)/.test(new URL(image.src).pathname.replace(/^image/, "data:image")))
    .map((image) => image.src.slice(0, 100))"""
TEAM = ["updates/new/", "chat/desk/"]
LOOKS = [(390, "light", "en"), (1280, "dark", "bn"), (1280, "dark", "en"), (390, "light", "bn")]


@pytest.fixture(scope="module")
def shown(stack: Stack) -> dict[str, Any]:
    """A campaign with a gift of a guest, and another that has ended."""
    campaign, ended = stack.open_campaign("A library"), stack.open_campaign("A mill")
    gift = stack.give(campaign["id"], message="আলো ছড়াক")
    stack.wait_for(lambda: stack.status_of(gift) == "captured")
    stack.ask("POST", f"/api/v1/campaigns/{ended['id']}/closure", token=stack.sign_in("staff"))
    place = f"/campaigns/{campaign['slug']}/"
    pages = [place + part for part in CAMPAIGN]
    pages += [f"/campaigns/{ended['slug']}/", f"/campaigns/{ended['slug']}/give/"]
    followed = f"/donations/{gift['tracking_token']}/"
    stack.wait_for(lambda: stack.ask("GET", f"{followed}receipt/")[0] == 200)
    return {"place": place, "pages": [*pages, followed, f"{followed}receipt/"]}


def sign_in(page: Page, stack: Stack, role: str = "donor") -> None:
    page.goto(f"{stack.url}/accounts/sign-in/")
    page.locator("[name=email]").fill(f"{role}@careforall.example")
    page.locator("[name=password]").fill(read_env(stack.data_dir / "secrets.env")["DEMO_PASSWORD"])
    page.locator("main [type=submit]").click()
    page.wait_for_url(f"{stack.url}/")


def monthly(page: Page, stack: Stack, place: str) -> str:
    """The page of a gift that the signed-in donor gives every month from now on."""
    page.goto(f"{stack.url}{place}give/")
    page.locator("[name=preset]").first.check(force=True)
    page.locator("[name=frequency][value=monthly]").check(force=True)
    page.locator("form.give [type=submit]").click()
    page.wait_for_url("**/donations/**")

    def link() -> str | None:
        page.goto(f"{stack.url}/accounts/gifts/")
        found = page.locator("main a[href*='/monthly/']")
        return found.first.get_attribute("href") if found.count() else None

    return str(stack.wait_for(link))


@pytest.mark.parametrize(("width", "scheme", "language"), LOOKS)
def test_nobody_is_shut_out(
    stack: Stack, visitor: Visitor, shown: dict[str, Any], width: int, scheme: str, language: str
) -> None:
    page = visitor(width, scheme, language).new_page()
    looks_alike = language == "en" and scheme == "dark" or language == "bn" and scheme == "light"
    paths = [*PUBLIC[:2], *shown["pages"]] if looks_alike else [*PUBLIC, *GUESTS, *shown["pages"]]
    wrong = [found for path in paths for found in look(page, stack.url, path, width)]
    if looks_alike:  # what a page of words looks like was seen in the other two looks
        assert wrong == []
        return
    sign_in(page, stack)
    wrong += [found for path in OWN for found in look(page, stack.url, path, width)]
    wrong += look(page, stack.url, monthly(page, stack, shown["place"]), width)
    sign_in(page, stack, "manager")
    wrong += [found for part in TEAM for found in look(page, stack.url, shown["place"] + part, width)]
    assert wrong == []


def look(page: Page, site: str, path: str, width: int) -> list[str]:
    page.goto(site + path)
    found = Axe().run(page, options=RULES)
    wrong = [f"{path}: {found.generate_report()}"] if found.violations_count else []
    wrong += [f"{path}: {each}" for each in page.evaluate("window.broken")]
    if page.evaluate("document.documentElement.scrollWidth") > width:
        wrong.append(f"{path}: wider than {width}")
    wrong += [f"{path}: a picture without its size or in an old format: {each}" for each in page.evaluate(PICTURES)]
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    if width > 1000 and page.evaluate("document.documentElement.scrollWidth") > width:
        wrong.append(f"{path}: wider than {width} with letters twice as large")
    return wrong


def test_a_violation_would_be_seen(stack: Stack, visitor: Visitor) -> None:
    """The control of the test above: a planted picture without words, a planted script, a planted wide box."""
    page = visitor().new_page()
    page.goto(f"{stack.url}/about/")
    planted = '<img src="/x"><img alt="" src="/y" onerror="window.planted=1">'
    page.evaluate("(planted) => document.querySelector('main').insertAdjacentHTML('beforeend', planted)", planted)
    page.evaluate("document.querySelector('.prose').style.minWidth = '2000px'")
    page.wait_for_timeout(300)
    assert Axe().run(page, options=RULES).violations_count > 0
    assert page.evaluate("window.broken.length") > 0
    assert page.evaluate("window.planted") is None
    assert page.evaluate("document.documentElement.scrollWidth") > 390


@pytest.mark.parametrize("language", ["en", "bn"])
def test_a_campaign_is_light_and_stands_still(
    stack: Stack, visitor: Visitor, shown: dict[str, Any], language: str
) -> None:
    """First visit, nothing kept: under 100 KB without the cover, one font file, nothing moves while it loads."""
    page = visitor(390, "light", language).new_page()
    page.goto(stack.url + shown["place"], wait_until="networkidle")
    loaded = page.evaluate(
        """[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
           .map((entry) => [entry.name, entry.transferSize])"""
    )
    # On a machine without any Bangla font, a page in English that shows Bangla words loads ours as well: not counted here.
    guest = "anek-bangla" if language == "en" else "nothing"
    weighed = {name: size for name, size in loaded if "/media/" not in name and guest not in name}
    assert sum(weighed.values()) < 100_000, weighed
    [font] = [name for name in weighed if ".woff2" in name]
    assert ("anek-bangla" if language == "bn" else "anek-latin") in font
    assert page.evaluate("window.shift") < 0.02
