"""Who gives without a name is named on no surface that others see; the control finds the one who gave with a name.

`tests/browser/test_hostile_text.py` looks at the running product (frames included); here are all other surfaces, in one process.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings
from PIL import Image, ImageChops

from apps.campaigns import interface as campaigns
from apps.faces.live.frames import of_entry
from apps.notifications import interface as notifications
from apps.notifications.services.digests import write_digests
from apps.notifications.services.mailings import expand_mailings
from apps.notifications.services.send_letters import send_letters
from apps.outbox import interface as outbox
from apps.platform import db
from apps.platform.actors import Actor
from apps.pledges import interface as pledges
from apps.reporting import interface as reporting
from tests.conftest import PASSWORD, headers_of
from tests.pledges.support import open_campaign, taken, tell, wish

pytestmark = pytest.mark.django_db(databases=["default", "bank"], transaction=True)
HIDDEN = {"donor_name": "Zebunnessa Hidden", "donor_email": "zebunnessa.hidden@example.org", "message": "Be well"}
NAMED = {"donor_name": "Kamal Shown", "donor_email": "kamal.shown@example.org", "message": "Be strong"}
Surfaces = dict[str, str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[None]:
    with override_settings(EXPORTS_ROOT=tmp_path):
        yield


@pytest.fixture
def campaign(alice: Actor, bob: Actor) -> campaigns.Campaign:
    """Followed by Bob, with one gift without a name and one with."""
    made = open_campaign(alice)
    campaigns.follow(campaign_id=made.id, by=bob)
    for donor, is_hidden in ((HIDDEN, True), (NAMED, False)):
        gift = pledges.make_pledge(new=wish(made.id, anonymous=is_hidden, **donor))
        tell(taken(gift))
    campaigns.post_update(campaign_id=made.id, by=alice, title="Thank you", body="To all of you.")
    for _ in range(2):
        outbox.drain()
        reporting.refresh()
    expand_mailings()
    write_digests()
    return made


def signed_in(email: str) -> Client:
    client = Client()
    client.post("/accounts/sign-in/", {"email": email, "password": PASSWORD})
    return client


def pages(campaign: campaigns.Campaign, client: Client) -> Surfaces:
    place = f"/campaigns/{campaign.slug}/"
    parts = (
        "",
        "gifts/",
        "give/",
        "embed/",
        "live/",
        "updates/",
        "updates.atom",
        "money/",
        "money.csv",
        "code.svg",
        "chat/",
    )
    code = db.rows("SELECT code FROM pledges_receipt ORDER BY number LIMIT 1")[0]["code"]
    others = ("/", "/counter/", "/campaigns/", "/transparency/", "/sitemap.xml", f"/receipts/confirm/{code}/")
    oembed = f"/oembed/?url=http://127.0.0.1:8000{place}"
    paths = [*(place + part for part in parts), *others, oembed]
    found = {}
    for path in paths:
        answer = client.get(path)
        assert answer.status_code in (200, 404), path
        found[path] = answer.content.decode(errors="replace")
    return found


def api(campaign: campaigns.Campaign, client: Client, who: Actor | None) -> Surfaces:
    headers = headers_of(who) if who else {}
    one = f"/api/v1/campaigns/{campaign.id}"
    paths = ["/api/v1/campaigns", one, f"{one}/donations", f"{one}/updates"]
    paths += ["/api/v1/pledges", f"/api/v1/pledges?campaign={campaign.id}"] if who else []
    gifts = [row["id"] for row in db.rows("SELECT id FROM pledges_pledge ORDER BY id")]
    return {
        path: plain(client.get(path, headers=headers)) for path in [*paths, *(f"/api/v1/pledges/{g}" for g in gifts)]
    }


def plain(answer: Any) -> str:
    """JSON without its escapes."""
    return json.dumps(json.loads(answer.content), ensure_ascii=False)


def frames() -> Surfaces:
    return {f"frame {each.seq}": of_entry(each) for each in notifications.read_feed(after=0, limit=100)}


def webhooks(campaign: campaigns.Campaign) -> Surfaces:
    rows = db.rows(
        "SELECT id, payload::text AS text FROM outbox_event"
        " UNION ALL SELECT id, payload::text FROM notifications_webhookdelivery"
    )
    return {f"event {row['id']}": row["text"] for row in rows}


def test_nobody_else_learns_the_name(
    campaign: campaigns.Campaign, alice: Actor, bob: Actor, charlie: Actor, client: Client, mailoutbox: list[Any]
) -> None:
    send_letters()
    surfaces: Surfaces = {}
    for who, browser in (
        ("stranger", client),
        ("donor", signed_in("bob@example.org")),
        ("manager", signed_in("charlie@example.org")),
    ):
        surfaces |= {f"{who} {path}": text for path, text in pages(campaign, browser).items()}
    for name, actor in (("stranger", None), ("donor", bob), ("manager", charlie)):
        surfaces |= {f"{name} {path}": text for path, text in api(campaign, client, actor).items()}
    surfaces |= frames() | webhooks(campaign)
    own = {HIDDEN["donor_email"], "alice@example.org"}
    surfaces |= {
        f"letter {n} to {m.to}": f"{m.subject} {m.body} {m.alternatives}"
        for n, m in enumerate(mailoutbox)
        if not own & set(m.to)
    }
    surfaces |= exported(charlie)
    assert len(surfaces) > 60
    for place, text in surfaces.items():
        for word in (HIDDEN["donor_name"], "Zebunnessa", HIDDEN["donor_email"]):
            assert word not in text, place
        if not place.startswith("letter") or NAMED["donor_email"] not in place:
            assert NAMED["donor_email"] not in text, f"{place}: addresses are nobody's business, even of named donors"
    shown = [place for place, text in surfaces.items() if NAMED["donor_name"] in text]
    place = f"/campaigns/{campaign.slug}/"
    for control in (
        f"stranger {place}",
        f"stranger {place}gifts/",
        f"stranger /api/v1/campaigns/{campaign.id}/donations",
    ):
        assert control in shown, "the control: a named gift is found"
    assert any(each.startswith("frame") for each in shown), "the control: a named gift is found in a frame"
    assert "Be well" in surfaces[f"stranger {place}gifts/"], "the words are shown, under nobody's name"


def test_the_team_still_sees_who_it_was(campaign: campaigns.Campaign, alice: Actor, client: Client) -> None:
    """The other half of the promise, and a control: the words are there to be leaked."""
    listed = plain(client.get(f"/api/v1/pledges?campaign={campaign.id}", headers=headers_of(alice)))
    assert HIDDEN["donor_name"] in listed
    assert HIDDEN["donor_name"] in "".join(exported(alice).values())


def test_the_share_picture_of_a_hidden_gift_is_that_of_a_named_one(alice: Actor, client: Client) -> None:
    drawn = []
    for donor, is_hidden in ((HIDDEN, True), (NAMED, False), (NAMED | {"amount": 900_00}, False)):
        made = open_campaign(alice)
        tell(taken(pledges.make_pledge(new=wish(made.id, anonymous=is_hidden, **donor))))
        outbox.drain()
        drawn.append(Image.open(io.BytesIO(client.get(f"/campaigns/{made.slug}/picture.png").content)).convert("RGB"))
    assert ImageChops.difference(drawn[0], drawn[1]).getbbox() is None
    assert ImageChops.difference(drawn[1], drawn[2]).getbbox(), "the control: another amount is another picture"


def exported(by: Actor) -> Surfaces:
    asked = reporting.ask_for_export(by=by, wanted=reporting.GiftFilter(), format="csv")
    reporting.write_exports()
    return {f"export of {by.user_id}": reporting.path_of(asked.id, "csv").read_text()}
