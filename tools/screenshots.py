"""Pictures of the main pages, both widths, themes and languages, from a fresh demonstration: `make screenshots`.

All go to .cache/screenshots; those that the README shows are written small to docs/images. Needs the development dependencies
and Chromium.
"""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import ARGUMENTS
from tests.support.stack import Stack

ROOT = Path(__file__).resolve().parent.parent
ALL, KEPT = ROOT / ".cache" / "screenshots", ROOT / "docs" / "images"
WIDTHS, SCHEMES, LANGUAGES = {"phone": (390, 844), "desk": (1280, 860)}, ("light", "dark"), ("en", "bn")
LOCALES = {"en": "en-GB", "bn": "bn-BD"}
GROUND, GAP = (233, 230, 240), 28
# Each picture of the README: which shots stand beside each other, and how high they are.
BOARDS = {
    "home": ("home-desk-light-en", "campaign-phone-dark-bn"),
    "campaign": ("campaign-desk-dark-en", "give-phone-light-en"),
    "phones": ("home-phone-light-bn", "campaign-phone-light-en", "gift-phone-dark-en", "give-phone-dark-bn"),
}
HEIGHT = 620


def main() -> None:
    ALL.mkdir(parents=True, exist_ok=True)
    with Stack() as stack, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        pages = pages_of(stack)
        for (width, scheme), language in itertools.product(itertools.product(WIDTHS, SCHEMES), LANGUAGES):
            shoot(browser, stack.url, pages, width, scheme, language)
        browser.close()
    for name, shots in BOARDS.items():
        picture = board([Image.open(ALL / f"{shot}.png").convert("RGB") for shot in shots])
        picture.save(KEPT / f"{name}.webp", "WEBP", quality=72, method=6)
        sys.stdout.write(f"docs/images/{name}.webp {(KEPT / f'{name}.webp').stat().st_size // 1024} KB\n")


def pages_of(stack: Stack) -> dict[str, str]:
    """The main pages by name; the campaign is the one of the boat schools, with a gift that has arrived."""
    found = stack.ask("GET", "/api/v1/campaigns?search=boat+schools")[1]["results"][0]
    gift = stack.give(found["id"])
    stack.wait_for(lambda: stack.status_of(gift) == "captured")
    place = f"/campaigns/{found['slug']}/"
    named = {"home": "/", "campaigns": "/campaigns/", "campaign": place, "give": f"{place}give/"}
    return named | {"gift": f"/donations/{gift['tracking_token']}/", "books": "/transparency/", "about": "/about/"}


def shoot(browser: Browser, site: str, pages: dict[str, str], width: str, scheme: str, language: str) -> None:
    wide, high = WIDTHS[width]
    context = browser.new_context(
        viewport={"width": wide, "height": high},
        color_scheme=scheme,  # type: ignore[arg-type]
        locale=LOCALES[language],
        reduced_motion="reduce",
    )
    page = context.new_page()
    for name, path in pages.items():
        page.goto(site + path, wait_until="load")
        if name == "give":
            page.locator(".choice").nth(1).click()
        page.evaluate("document.fonts.ready")
        (ALL / f"{name}-{width}-{scheme}-{language}.png").write_bytes(page.screenshot())
    context.close()


def board(shots: list[Image.Image]) -> Image.Image:
    """The shots at one height, side by side on a quiet ground."""
    fitted = [shot.resize((shot.width * HEIGHT // shot.height, HEIGHT), Image.Resampling.LANCZOS) for shot in shots]
    wide = sum(each.width for each in fitted) + GAP * (len(fitted) + 1)
    ground, left = Image.new("RGB", (wide, HEIGHT + 2 * GAP), GROUND), GAP
    for each in fitted:
        ground.paste(each, (left, GAP))
        left += each.width + GAP
    return ground


if __name__ == "__main__":
    main()
