"""What others are given to show of a campaign: never more than everyone may see, never something that runs."""

from __future__ import annotations

import io
import json
import re
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from PIL import Image

from apps.campaigns import interface as campaigns
from apps.faces.site.campaigns.cards import card_of
from apps.faces.site.campaigns.picture import draw_picture
from apps.platform.actors import SYSTEM, Actor
from tests.campaigns.support import campaign_in, fold, gift

pytestmark = pytest.mark.django_db(transaction=True)
SITE = settings.PUBLIC_URL
HOSTILE = "</script><script>alert(1)</script> & \u2028 <b>"


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    cache.clear()


@pytest.fixture
def campaign(alice: Actor) -> campaigns.Campaign:
    return campaign_in("active", alice, title=f"Boats {HOSTILE}", summary=HOSTILE)


def test_the_data_block_is_one_block_of_json(client: Client, campaign: campaigns.Campaign) -> None:
    page = client.get(f"/campaigns/{campaign.slug}/").content.decode()
    [block] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert json.loads(block)["@type"] == "DonateAction"
    assert json.loads(block)["name"] == campaign.title
    assert "<script>alert" not in page


def test_the_code_is_a_drawing(client: Client, campaign: campaigns.Campaign) -> None:
    response = client.get(f"/campaigns/{campaign.slug}/code.svg")
    assert response["Content-Type"] == "image/svg+xml"
    assert ElementTree.fromstring(response.content).tag == "{http://www.w3.org/2000/svg}svg"


def test_open_graph_names_the_address_and_the_picture(client: Client, campaign: campaigns.Campaign) -> None:
    page = client.get(f"/campaigns/{campaign.slug}/").content.decode()
    assert f'<meta property="og:url" content="{SITE}/campaigns/{campaign.slug}/">' in page
    assert f'<meta property="og:image" content="{SITE}/campaigns/{campaign.slug}/picture.png">' in page


def test_the_picture_moves_with_the_total(client: Client, campaign: campaigns.Campaign) -> None:
    before = client.get(f"/campaigns/{campaign.slug}/picture.png")
    assert Image.open(io.BytesIO(before.content)).size == (1200, 630)
    assert client.get(f"/campaigns/{campaign.slug}/picture.png").content == before.content
    fold(gift(campaign.id, "a", campaign.goal_amount // 2))
    assert client.get(f"/campaigns/{campaign.slug}/picture.png").content != before.content


def test_a_picture_can_be_drawn_without_its_cover(campaign: campaigns.Campaign) -> None:
    assert campaign.cover is None
    assert draw_picture(campaign, card_of(campaign)).startswith(b"\x89PNG")


@pytest.mark.parametrize("kind", ["", "?kind=button"])
def test_the_card_may_be_framed_and_nothing_else_may(client: Client, campaign: campaigns.Campaign, kind: str) -> None:
    framed = client.get(f"/campaigns/{campaign.slug}/embed/{kind}")
    assert "frame-ancestors *" in framed["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed
    assert "<script" not in framed.content.decode()
    for path in (f"/campaigns/{campaign.slug}/", f"/campaigns/{campaign.slug}/give/", "/"):
        other = client.get(path)
        assert "frame-ancestors 'none'" in other["Content-Security-Policy"]
        assert other["X-Frame-Options"] == "DENY"


def test_oembed_gives_a_frame_with_a_plain_link_in_it(client: Client, campaign: campaigns.Campaign) -> None:
    body = client.get("/oembed/", {"url": f"{SITE}/campaigns/{campaign.slug}/", "maxwidth": "300"}).json()
    assert (body["version"], body["type"], body["width"]) == ("1.0", "rich", 300)
    assert f'<a href="{SITE}/campaigns/{campaign.slug}/">' in body["html"]
    assert "<script" not in body["html"]


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("", 404),
        ("http://elsewhere.example/campaigns/x/", 404),
        (f"{SITE}/about/", 404),
        (f"{SITE}/campaigns/none/", 404),
        ("http://[", 404),
    ],
)
def test_oembed_knows_campaigns_alone(client: Client, url: str, status: int) -> None:
    assert client.get("/oembed/", {"url": url}).status_code == status
    assert client.get("/oembed/", {"url": url, "format": "xml"}).status_code == 501


def test_what_the_public_does_not_see_is_nowhere(client: Client, alice: Actor) -> None:
    draft = campaign_in("draft", alice)
    for name in ("picture.png", "code.svg", "embed/", "gifts/"):
        assert client.get(f"/campaigns/{draft.slug}/{name}").status_code == 404
    assert client.get("/oembed/", {"url": f"{SITE}/campaigns/{draft.slug}/"}).status_code == 404
    assert draft.slug not in client.get("/sitemap.xml").content.decode()


def test_the_sitemap_is_well_formed_and_names_what_is_public(client: Client, campaign: campaigns.Campaign) -> None:
    root = ElementTree.fromstring(client.get("/sitemap.xml").content)
    addresses = [each.text for each in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert f"{SITE}/campaigns/{campaign.slug}/" in addresses
    campaigns.close_campaign(campaign_id=campaign.id, by=SYSTEM)
    assert campaign.slug in client.get("/sitemap.xml").content.decode()


def test_robots_are_kept_from_gifts(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /donations/" in text
    assert f"Sitemap: {SITE}/sitemap.xml" in text
