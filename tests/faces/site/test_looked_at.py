"""No page without a look at it: each route of the site is among those that the browser tests open, or is said not to be a page."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver, resolve

from tests.browser.test_every_page import CAMPAIGN, GUESTS, OWN, PUBLIC, TEAM

GIFT = "/donations/token/"
LOOKED_AT = [
    *PUBLIC[:2],
    *PUBLIC[3:-1],
    *GUESTS,
    *OWN,
    GIFT,
    f"{GIFT}receipt/",
    *(f"/campaigns/x/{each}" for each in [*CAMPAIGN, *TEAM]),
]
# Opened one by one in tests/browser: journeys, hostile text, own account, the chat's tests.
ELSEWHERE = {
    "sign-in-code", "second-factor-enrolment", "second-factor-prove", "second-factor-codes", "second-factor-end",
    "monthly",
}  # fmt: skip
# The same template as a page that is looked at, with other words in it.
ALIKE = {
    "receipt": "receipt-of-gift",
    "password-reset-confirm": "password-change",
    "verify": "follow-confirm",
    "follow-confirm": "erase",
    "history": "account",
    "history-open": "erase",
    "history-statement": "statement",
    "statement": "campaign-money",
    "receipt-confirm": "receipt-of-gift",
    "unsubscribe": "erase",
    "update-edit": "update-write",
    "team-invitation": "follow-confirm",
    "mail": "mailbox",
    "conversation": "chat",
    "support": "chat",
    "support-desk": "chat-desk",
    "conversation-desk": "chat-desk",
    "update-remove": "erase",
}


# Pictures, feeds, files, fragments, and what only takes forms.
FORMS = {"ask-the-team", "end-sessions", "follow", "inbox-read", "monthly-link", "returned", "session-end", "sign-out"}
FORMS |= {"verify-again", *(f"monthly-{each}" for each in ("amount", "cancel", "day", "pause", "resume", "skip"))}
OF_ROOMS = ("kept", "messages", "pace", "releases", "removals", "reports", "restrictions", "words")
FILES = {
    "campaign-statements", "code", "counter", "export", "history-statement-pdf", "inbox-unread", "mail-html", "oembed", "picture",
    "receipt-of-gift-pdf", "receipt-pdf", "robots", "sitemap", "statement-pdf", "updates-feed",
}  # fmt: skip
NOT_PAGES = FORMS | FILES | {f"{room}-{each}" for room in ("chat", "conversation", "support") for each in OF_ROOMS}


def routes(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns)
        elif each.name:
            yield each.name


def test_every_page_is_looked_at() -> None:
    [site] = [each for each in get_resolver().url_patterns if getattr(each, "namespace", "") == "site"]
    seen = {resolve(path).url_name for path in LOOKED_AT}
    known = set(routes(site.url_patterns))
    unseen = known - seen - ELSEWHERE - set(ALIKE) - NOT_PAGES
    assert unseen == set(), "open it in tests/browser/test_every_page.py, or say here why not"
    assert (ELSEWHERE | set(ALIKE) | NOT_PAGES) - known == set(), "gone"
