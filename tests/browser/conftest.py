"""One Chromium for all browser tests; what a page did that it must not do is kept in `window.broken`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-sandbox",
]
# Runs before the page's own scripts, by the browser's hand: the policy of the page does not concern it.
WATCH = """
window.broken = [];
document.addEventListener("securitypolicyviolation", (event) => window.broken.push(event.violatedDirective + " " + event.blockedURI));
window.shift = 0;
new PerformanceObserver((seen) => { for (const entry of seen.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value; })
  .observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visitor(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Opens a visitor's browser: `visitor(width=390, scheme="dark", language="bn")`."""
    opened: list[BrowserContext] = []

    def open_one(width: int = 390, scheme: str = "light", language: str = "en", **options: Any) -> BrowserContext:
        locale = {"en": "en-GB", "bn": "bn-BD"}[language]
        context = chromium.new_context(
            viewport={"width": width, "height": 844},
            color_scheme=scheme,
            locale=locale,
            **options,  # type: ignore[arg-type]
        )
        context.add_init_script(WATCH)
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()
