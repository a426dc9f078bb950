"""Every address of the panel for every kind of caller. A new screen fails here until it is listed."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.urls import URLPattern, URLResolver, reverse

from apps.platform.actors import ANONYMOUS, Actor

from .conftest import World, browser_of, with_refund

pytestmark = pytest.mark.django_db(transaction=True)

# name: (arguments, methods, manager of another campaign, owner, staff). Nobody else gets in: anonymous 302, a donor 403.
# 403 is a public campaign or its gift, 404 what a stranger must not know of, 405 a method that the screen does not have.
MATRIX: dict[str, tuple[tuple[str, ...], str, int, int, int]] = {
    "index": ((), "GET", 200, 200, 200),
    "campaigns": ((), "GET", 200, 200, 200),
    "campaign-new": ((), "GET", 200, 200, 200),
    "campaign": (("campaign",), "GET", 403, 200, 200),
    "campaign-edit": (("campaign",), "GET", 403, 200, 200),
    "campaign-cover": (("campaign",), "POST", 403, 302, 302),
    "campaign-extras": (("campaign",), "GET", 403, 200, 200),
    "campaign-copy": (("campaign",), "POST", 403, 302, 302),
    "campaign-review": (("campaign",), "GET", 403, 403, 200),
    "campaign-submission": (("draft",), "GET", 404, 200, 200),
    "campaign-publication": (("campaign",), "GET", 403, 200, 200),
    "campaign-pause": (("campaign",), "GET", 403, 200, 200),
    "campaign-closure": (("campaign",), "GET", 403, 200, 200),
    "campaign-archive": (("campaign",), "GET", 403, 200, 200),
    "campaign-news": (("campaign",), "GET", 403, 200, 200),
    "campaign-news-removal": (("campaign", "update"), "POST", 403, 302, 302),
    "campaign-team": (("campaign",), "GET", 403, 200, 200),
    "campaign-team-member": (("campaign", "member"), "POST", 403, 302, 302),
    "campaign-invitation-withdrawal": (("campaign", "invitation"), "POST", 403, 302, 302),
    "campaign-payouts": (("campaign",), "GET", 403, 200, 200),
    "campaign-payout-account": (("campaign",), "POST", 403, 302, 302),
    "payouts": ((), "GET", 200, 200, 200),
    "payout": (("payout",), "GET", 404, 200, 200),
    "payout-withdrawal": (("payout",), "POST", 404, 302, 302),
    "payout-decision": (("payout",), "GET", 403, 403, 200),
    "gifts": ((), "GET", 200, 200, 200),
    "gift": (("captured",), "GET", 404, 200, 200),
    "gift-capture": (("authorized",), "GET", 404, 200, 200),
    "gift-cancellation": (("authorized",), "GET", 404, 200, 200),
    "gift-refund": (("captured",), "GET", 404, 200, 200),
    "refunds": ((), "GET", 200, 200, 200),
    "refund-decision": (("refund",), "GET", 404, 200, 200),
    "gift-notes": (("captured",), "POST", 404, 302, 302),
    "gift-receipt": (("captured",), "POST", 404, 302, 302),
    "gift-test-mark": (("captured",), "POST", 404, 302, 302),
    "gift-books": (("captured",), "GET", 404, 200, 200),
    "gift-filters": ((), "POST", 302, 302, 302),
    "gift-filter-removal": (("export",), "POST", 302, 302, 302),
    "gift-jobs": ((), "GET", 200, 200, 200),
    "gift-job-new": ((), "POST", 302, 302, 302),
    "gift-job": (("job",), "GET", 404, 200, 200),
    "gift-job-start": (("job",), "POST", 404, 302, 302),
    "gift-job-stop": (("job",), "POST", 404, 302, 302),
    "gift-job-discard": (("job",), "POST", 404, 302, 302),
    "donors": ((), "GET", 200, 200, 200),
    "donor": (("donor_key",), "GET", 404, 200, 200),
    "exports": ((), "GET", 200, 200, 200),
    "export": (("export",), "GET", 404, 404, 404),  # not written yet
    "anomalies": ((), "GET", 403, 403, 200),
    "anomaly": (("anomaly_id",), "GET", 403, 403, 200),
    "health": ((), "GET", 403, 403, 200),
    "health-audits": ((), "POST", 403, 403, 302),
    "dead-letters": ((), "GET", 403, 403, 200),
    "dead-letters-retries": ((), "POST", 403, 403, 302),
    "webhooks": ((), "GET", 403, 403, 200),
    "people": ((), "GET", 403, 403, 200),
    "person": (("user_id",), "GET", 403, 403, 200),
    "person-roles": (("user_id",), "POST", 403, 403, 302),
    "person-deactivation": (("user_id",), "GET", 403, 403, 200),
    "audit-trail": ((), "GET", 403, 403, 200),
    "api-keys": ((), "GET", 403, 403, 200),
    "api-key-revocation": (("export",), "POST", 403, 403, 302),
}
ELSEWHERE = {"login", "logout"}  # lead to the site's own sign-in and start page


def names(patterns: list[Any], prefix: str = "") -> set[str]:
    found: set[str] = set()
    for each in patterns:
        if isinstance(each, URLResolver):
            found |= names(each.url_patterns)
        elif isinstance(each, URLPattern) and each.name:
            found.add(each.name)
    return found


def test_every_screen_is_listed() -> None:
    assert names(admin.site.get_urls()) - ELSEWHERE == set(MATRIX)


def test_nobody_sees_what_is_not_theirs(world: World, alice: Actor, bob: Actor, charlie: Actor, sam: Actor) -> None:
    world = with_refund(world, alice)
    browsers = {name: browser_of(who) for name, who in (("charlie", charlie), ("alice", alice), ("sam", sam))}
    outside = {"anonymous": (browser_of(ANONYMOUS), 302), "bob": (browser_of(bob), 403)}
    wrong = []
    for name, (keys, method, *expected) in MATRIX.items():
        values = [getattr(world, key) for key in keys]
        url = reverse(f"admin:{name}", args=[getattr(value, "id", value) for value in values])
        for who, (browser, status) in outside.items():
            answer = browser.generic(method, url)
            if answer.status_code != status and not (status == 403 and answer.status_code == 302):
                wrong.append((name, who, answer.status_code))
            if who == "bob" and answer.status_code == 302:
                assert browser.get(answer.headers["Location"]).status_code == 403, name
        for (who, browser), status in zip(browsers.items(), expected, strict=True):
            answer = browser.generic(method, url)
            if answer.status_code != status:
                wrong.append((name, who, answer.status_code))
            if answer.status_code in (403, 404):
                assert b"Rahim" not in answer.content
                assert b"A draft" not in answer.content
            assert "unsafe" not in answer.headers.get("Content-Security-Policy", "")
    assert wrong == []


def test_pages_need_no_script_and_no_inline_style(world: World, alice: Actor, sam: Actor) -> None:
    browser, world = browser_of(sam), with_refund(world, alice)
    for name, (keys, method, *_) in MATRIX.items():
        if method == "GET":
            values = [getattr(world, key) for key in keys]
            page = browser.get(reverse(f"admin:{name}", args=[getattr(value, "id", value) for value in values])).content
            assert b"<script" not in page, name
            assert b"style=" not in page, name


def test_money_cannot_be_moved_by_others(world: World, bob: Actor, charlie: Actor) -> None:
    from apps.platform import db

    for who in (ANONYMOUS, bob, charlie):
        browser = browser_of(who)
        for name, gift in (("gift-refund", world.captured), ("gift-capture", world.authorized)):
            body = {"token": "01a21331-a99e-73cf-8b7d-4c02aa8188ec", "amount": "1", "reason": "x", "confirmed": "yes"}
            assert browser.post(reverse(f"admin:{name}", args=[gift]), body).status_code in (302, 403, 404)
    assert db.rows("SELECT * FROM pledges_refund") == []
    assert db.rows("SELECT id FROM pledges_pledge WHERE requested <> ''") == []
