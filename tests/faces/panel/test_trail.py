"""Whatever is done in the panel leaves exactly one line of the audit trail, however often the form is sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.accounts import interface as accounts
from apps.outbox import interface as outbox
from apps.platform import db
from apps.platform.actors import Actor
from apps.pledges import interface as pledges
from tests.campaigns.test_cover import picture
from tests.pledges.support import authorized, tell
from tests.reporting.support import give

from .conftest import World, browser_of, with_refund
from .test_campaigns import TYPED
from .test_gifts import token_on
from .test_who_may import MATRIX

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "bank"])


@dataclass(frozen=True)
class Deed:
    """A form that is sent: where, by what name the trail knows it (none for what is a person's own affair), and whether
    sending it again must change nothing."""

    screen: str
    action: str
    body: dict[str, Any] = field(default_factory=dict)
    subject: str = ""
    is_once: bool = True
    has_token: bool = False


# In this order, since a campaign lives only once. Screens that take a form and are not here fail the test.
DEEDS = [
    Deed("campaign-new", "campaign.create", TYPED, is_once=False),
    Deed("campaign-edit", "campaign.edit", TYPED, is_once=False),
    Deed("campaign-extras", "campaign.set_extras", {"thank_you": "Thank you."}, is_once=False),
    Deed("campaign-copy", "campaign.duplicate", is_once=False),
    Deed("campaign-cover", "campaign.set_cover", is_once=False),
    Deed("campaign-submission", "campaign.submit"),
    Deed("campaign-review", "campaign.publish", {"decision": "publish"}, subject="draft"),
    Deed("campaign-pause", "campaign.pause"),
    Deed("campaign-publication", "campaign.publish"),
    Deed("gift-capture", "pledge.capture", has_token=True),
    Deed("gift-cancellation", "pledge.cancel", subject="second", has_token=True),
    Deed("gift-refund", "pledge.refund", {"amount": "50", "reason": "Why", "confirmed": "yes"}, has_token=True),
    Deed("refund-decision", "pledge.decline_refund", {"decision": "decline"}),
    Deed("campaign-news", "campaign_update.post", {"title": "Boats", "body": "Six came."}, is_once=False),
    Deed("campaign-news-removal", "campaign_update.remove"),
    Deed("campaign-team", "team.invite", {"email": "new@example.org", "role": "editor"}, is_once=False),
    Deed("campaign-team-member", "team.change_role", {"wish": "change", "role": "finance"}),
    Deed("campaign-invitation-withdrawal", "team.withdraw_invitation"),
    Deed("gift-notes", "pledge.note", {"body": "Called back."}, has_token=True),
    Deed("gift-receipt", "pledge.resend_receipt", has_token=True),
    Deed("gift-test-mark", "pledge.mark_test", {"wish": "mark"}),
    Deed("gift-filters", "", {"name": "Mine", "query": "status=captured"}),
    Deed("gift-filter-removal", ""),
    Deed("gift-job-new", "", {"action": "resend_receipt"}, is_once=False),
    Deed("gift-job-start", "pledge_job.start", subject="own job"),
    Deed("gift-job-stop", "pledge_job.stop", subject="own job"),
    Deed("gift-job-discard", "", subject="spare_job", is_once=False),
    Deed("exports", "export.request", {"format": "csv"}, is_once=False),
    Deed("anomaly", "anomaly.accept", {"action": "accept"}),
    Deed("payout-decision", "payout.decline", {"decision": "decline", "note": "Not yet."}),
    Deed(
        "campaign-payout-account",
        "payout.set_account",
        {"account": "4000-0000-0000-0001", "holder": "A"},
        is_once=False,
    ),
    Deed("campaign-payouts", "payout.request", {"amount": "50"}),
    Deed("payout-withdrawal", "payout.withdraw", subject="own payout"),
    Deed("health-audits", "audit.run", is_once=False),
    Deed("dead-letters-retries", "outbox.retry", {"subscription": "reporting.follow_gifts"}),
    Deed("person-roles", "user.grant_role", {"role": "staff", "wish": "grant"}),
    Deed("api-keys", "api_key.issue", {"name": "For a test", "scopes": [accounts.SCOPES[0]]}, is_once=False),
    Deed("api-key-revocation", "api_key.revoke", subject="key"),
    Deed("campaign-closure", "campaign.close"),
    Deed("campaign-archive", "campaign.archive"),
    Deed("person-deactivation", "user.deactivate"),
]


def test_every_form_leaves_one_line(world: World, alice: Actor, sam: Actor) -> None:
    browser, subjects = browser_of(sam), prepare(with_refund(world, alice), sam)
    url_of = {
        name: reverse(f"admin:{name}", args=[getattr(value, "id", value) for value in (subjects[key] for key in keys)])
        for name, (keys, *_) in MATRIX.items()
    }
    taking = {name for name, url in url_of.items() if "POST" in browser.options(url).headers.get("Allow", "")}
    assert taking == {deed.screen for deed in DEEDS}

    for deed in DEEDS:
        url = url_of[deed.screen]
        if deed.subject:
            url = reverse(f"admin:{deed.screen}", args=[subjects[deed.subject] or newest_payout()])
        body = dict(deed.body)
        if deed.has_token:
            page = browser.get(url)
            page = page if page.status_code == 200 else browser.get(reverse("admin:gift", args=[world.captured]))
            body["token"] = token_on(page.content)
        before = accounts.list_actions(limit=1)[0].seq
        for _ in range(2 if deed.is_once else 1):
            if deed.screen == "campaign-cover":
                body["image"] = SimpleUploadedFile("a.png", picture())
            assert browser.post(url, body).status_code in (200, 302, 409, 422), deed
        outbox.drain()
        lines = [line for line in accounts.list_actions(limit=20) if line.seq > before]
        told = [(line.action, line.actor_id) for line in lines]
        assert told == ([(deed.action, sam.user_id)] if deed.action else []), deed


def newest_payout() -> Any:
    return db.rows("SELECT id FROM payouts_payout ORDER BY id DESC LIMIT 1")[0]["id"]


def prepare(world: World, sam: Actor) -> dict[str, Any]:
    """The world with a second gift on hold, something given up, and a key."""
    second = give(world.campaign, email="second@example.org")
    tell(authorized(second))
    db.execute("UPDATE payments_payment SET status = 'authorized', hold = id::text, check_at = NULL WHERE hold = ''")
    db.execute(
        """UPDATE outbox_delivery SET done_at = NULL, dead_at = now(), last_error = 'KeyError'
           WHERE id = (SELECT max(id) FROM outbox_delivery WHERE subscription = 'reporting.follow_gifts')"""
    )
    key, _plain = accounts.issue_api_key(by=sam, name="Another", scopes=[])
    job = pledges.prepare_job(by=sam, action="resend_receipt", pledge_ids=[world.captured]).id
    return {**vars(world), "draft": world.draft.id, "second": second, "key": key.id, "own payout": None, "own job": job}
