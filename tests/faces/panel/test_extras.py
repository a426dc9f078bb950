"""Questions, milestones, suggested amounts and thanks: typed in the panel, read by donors; and copies of campaigns."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from apps.campaigns import interface as campaigns
from apps.platform.actors import SYSTEM, Actor
from apps.pledges import interface as pledges

from .conftest import World, browser_of

pytestmark = pytest.mark.django_db(transaction=True)
TYPED = {
    "thank_you": "You keep 400 families warm.",
    "presets": "300 1500 75.50",
    "amount0": "50,000",
    "title0": "A second village",
    "amount3": "100",
    "title3": "One blanket",
    "question0": "Who hands them out?",
    "answer0": "Neighbours, <b>together</b> with us.",
}


def test_extras_are_typed_once_and_read_where_donors_look(world: World, alice: Actor, client: Client) -> None:
    browser, url = browser_of(alice), reverse("admin:campaign-extras", args=[world.campaign.id])
    for wrong, words in (
        ({"presets": "5"}, "within the campaign"),
        ({"presets": "many"}, "in numbers"),
        ({"amount1": "7", "title1": ""}, "of its own and a title"),
        ({"question1": "And then?", "answer1": ""}, "needs its answer"),
        ({"amount1": "-7", "title1": "Less"}, "above zero"),
    ):
        answer = browser.post(url, TYPED | wrong)
        assert (answer.status_code, words in answer.content.decode()) == (422, True), wrong
    assert browser.post(url, TYPED).status_code == 302

    stored = campaigns.get_campaign(campaign_id=world.campaign.id, viewer=SYSTEM)
    assert stored.presets == (75_50, 300_00, 1500_00)
    assert [each.amount for each in stored.milestones] == [100_00, 50_000_00]
    assert 'value="300.00"' not in browser.get(url).content.decode()
    page = client.get(reverse("site:campaign", args=[stored.slug])).content.decode()
    assert page.index("One blanket") < page.index("A second village")
    assert "Who hands them out?" in page
    assert "&lt;b&gt;together" in page
    give = client.get(reverse("site:give", args=[stored.slug])).content.decode()
    assert 'value="7550"' in give
    assert 'value="50000"' not in give
    place = reverse("site:donation", args=[pledges.tracking_token(pledge_id=world.captured)])
    assert "You keep 400 families warm." in client.get(place).content.decode()


def test_copy_is_a_draft_with_the_texts_alone(world: World, alice: Actor, sam: Actor) -> None:
    browser_of(alice).post(reverse("admin:campaign-extras", args=[world.campaign.id]), TYPED)
    url = browser_of(sam).post(reverse("admin:campaign-copy", args=[world.campaign.id])).headers["Location"]
    made = campaigns.list_campaigns(viewer=sam, mine=True).results[0]
    assert url.endswith(f"{made.id}/")
    assert (made.status, made.raised_amount, made.ends_at, made.manager_id) == ("draft", 0, None, sam.user_id)
    assert (made.story, made.presets, made.thank_you) == (
        world.campaign.story,
        (75_50, 300_00, 1500_00),
        TYPED["thank_you"],
    )
    assert made.slug != world.campaign.slug


@pytest.mark.parametrize(("focus", "colour"), [("left", "red"), ("right", "blue")])
def test_cover_keeps_in_view_what_matters(world: World, alice: Actor, focus: str, colour: str) -> None:
    wide = Image.new("RGB", (2400, 600), "red")
    wide.paste("blue", (1200, 0, 2400, 600))
    out = io.BytesIO()
    wide.save(out, "PNG")
    body: dict[str, Any] = {"image": SimpleUploadedFile("a.png", out.getvalue()), "focus": focus}
    browser_of(alice).post(reverse("admin:campaign-cover", args=[world.campaign.id]), body)
    cover = campaigns.get_campaign(campaign_id=world.campaign.id, viewer=SYSTEM).cover
    assert cover
    with default_storage.open("covers/" + cover.sources[0][1].rsplit("/", 1)[1]) as stored:
        red, _green, blue = Image.open(stored).convert("RGB").getpixel((240, 135))  # type: ignore[misc]
    assert (red > blue) == (colour == "red")
