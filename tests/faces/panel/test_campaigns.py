"""A campaign's way through the panel: drafted, checked, sent back, published, paused, closed."""

from __future__ import annotations

import pytest
from django.urls import reverse

from apps.accounts import interface as accounts
from apps.campaigns import interface as campaigns
from apps.platform.actors import SYSTEM, Actor
from tests.campaigns.test_cover import picture

from .conftest import World, browser_of

pytestmark = pytest.mark.django_db(transaction=True)

TYPED = {
    "title": "Wells for Satkhira",
    "summary": "Salt came into the ponds.",
    "story": "We drill.",
    "category": "health",
    "goal_amount": "150,000.50",
    "currency": "BDT",
    "ends_at": "2031-01-31T18:00",
}


def status_of(campaign_id: object) -> str:
    return campaigns.get_campaign(campaign_id=campaign_id, viewer=SYSTEM).status


def test_manager_drafts_submits_and_staff_send_back_then_publish(alice: Actor, sam: Actor) -> None:
    hers, staff = browser_of(alice), browser_of(sam)
    url = hers.post(reverse("admin:campaign-new"), TYPED).headers["Location"]
    campaign = campaigns.list_campaigns(viewer=alice, managed=True).results[0]
    assert (campaign.goal_amount, campaign.status) == (150_000_50, "draft")
    assert "Before you submit it" in hers.get(url).content.decode()
    assert hers.get(reverse("site:campaign", args=[campaign.slug])).status_code == 200

    hers.post(reverse("admin:campaign-submission", args=[campaign.id]))
    assert status_of(campaign.id) == "in_review"
    assert "1 campaign waits for review" in staff.get(reverse("admin:index")).content.decode()
    review = reverse("admin:campaign-review", args=[campaign.id])
    assert staff.post(review, {"decision": "return", "reason": " "}).status_code == 422
    staff.post(review, {"decision": "return", "reason": "Tell who drills."})
    assert status_of(campaign.id) == "draft"
    assert "Tell who drills." in hers.get(url).content.decode()

    hers.post(reverse("admin:campaign-submission", args=[campaign.id]))
    staff.post(review, {"decision": "publish"})
    assert status_of(campaign.id) == "active"
    for verb, status in (("pause", "paused"), ("publication", "active"), ("closure", "ended"), ("archive", "archived")):
        assert hers.post(reverse(f"admin:campaign-{verb}", args=[campaign.id])).status_code == 302
        assert status_of(campaign.id) == status
    actions = [line.action for line in accounts.list_actions(subject_id=campaign.id)][::-1]
    assert actions == [
        "campaign." + verb
        for verb in ("create", "submit", "return", "submit", "publish", "pause", "publish", "close", "archive")
    ]


def test_form_keeps_what_was_typed_and_names_what_is_wrong(alice: Actor, world: World) -> None:
    browser = browser_of(alice)
    for changes, words in (
        ({"goal_amount": "many"}, "Enter an amount in numbers"),
        ({"goal_amount": ""}, "required"),
        ({"ends_at": "soon"}, "Enter a date and a time"),
        ({"starts_at": "2031-02-01T00:00"}, "The end must come after the start"),
        ({"minimum_amount": "10", "maximum_amount": "5"}, "The largest gift cannot be below the smallest"),
    ):
        answer = browser.post(reverse("admin:campaign-new"), TYPED | changes)
        assert answer.status_code == 422, changes
        assert words in answer.content.decode(), changes
        assert "Wells for Satkhira" in answer.content.decode()
    edit = reverse("admin:campaign-edit", args=[world.campaign.id])
    assert b'name="currency"' not in browser.get(edit).content
    assert browser.post(edit, TYPED | {"currency": "USD"}).status_code == 302
    changed = campaigns.get_campaign(campaign_id=world.campaign.id, viewer=alice)
    assert (changed.title, changed.currency, changed.goal_amount) == ("Wells for Satkhira", "BDT", 150_000_50)


def test_empty_story_holds_a_submission_back(alice: Actor) -> None:
    browser = browser_of(alice)
    browser.post(reverse("admin:campaign-new"), TYPED | {"story": "", "summary": ""})
    campaign = campaigns.list_campaigns(viewer=alice, managed=True).results[0]
    assert browser.post(reverse("admin:campaign-submission", args=[campaign.id])).status_code == 409
    assert status_of(campaign.id) == "draft"


def test_cover_is_used_or_refused_with_words(alice: Actor, world: World) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    browser, url = browser_of(alice), reverse("admin:campaign-cover", args=[world.campaign.id])
    for content, words in ((b"not a picture", "JPEG, PNG or WebP"), (picture(), "The cover was changed")):
        answer = browser.post(url, {"image": SimpleUploadedFile("a.png", content)}, follow=True)
        assert words in answer.content.decode()
    assert "Choose a picture first" in browser.post(url, follow=True).content.decode()
