"""A guest's gifts by a mailed link: the address alone reveals nothing, the link works once and for its address only."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from apps.campaigns import interface as campaigns
from apps.notifications.services.send_letters import send_letters
from apps.outbox import interface as outbox
from apps.platform import clock, db
from apps.platform.actors import Actor
from apps.pledges import interface as pledges
from apps.pledges.services.history_links import forget_history_links
from tests.pledges.support import captured, open_campaign, tell, wish

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(alice: Actor, mailoutbox: list[Any]) -> campaigns.Campaign:
    made = open_campaign(alice)
    gift = pledges.make_pledge(new=wish(made.id, amount=700_00))
    pledges.make_pledge(new=wish(made.id, donor_email="other@example.org", amount=900_00))
    tell(captured(gift.pledge_id))
    send_letters()
    mailoutbox.clear()
    return made


def ask(client: Client, email: str = "Guest@example.org") -> Any:
    answer = client.post("/gifts/", {"email": email})
    outbox.drain()
    send_letters()
    return answer


def link_in(mailoutbox: list[Any]) -> str:
    found = re.search(r"(/gifts/link/\S+)", mailoutbox[-1].body)
    assert found
    return found[1]


def test_the_link_shows_the_gifts_of_its_address_once(
    campaign: campaigns.Campaign, client: Client, mailoutbox: list[Any]
) -> None:
    ask(client)
    assert [mail.to for mail in mailoutbox] == [["guest@example.org"]]
    link = link_in(mailoutbox)
    assert "700" not in client.get(link).content.decode(), "looking spends nothing and shows nothing"
    assert client.post(link)["Location"] == "/gifts/all/"
    page = client.get("/gifts/all/").content.decode()
    assert "700" in page
    assert "900" not in page
    assert "/receipt/" in page

    stranger = Client()
    assert stranger.post(link).status_code == 404
    assert stranger.get("/gifts/all/")["Location"] == "/gifts/"


def test_the_answer_is_alike_for_every_address_and_strangers_get_no_mail(
    campaign: campaigns.Campaign, client: Client, mailoutbox: list[Any]
) -> None:
    answers = [ask(client, email) for email in ("guest@example.org", "nobody@example.org")]
    assert {(each.status_code, each["Location"]) for each in answers} == {(302, "/gifts/sent/")}
    assert [mail.to for mail in mailoutbox] == [["guest@example.org"]]
    assert ask(client, "no address").status_code == 422


def test_no_row_holds_the_link_and_old_links_are_gone_with_their_address(
    campaign: campaigns.Campaign, client: Client, mailoutbox: list[Any]
) -> None:
    ask(client)
    token = link_in(mailoutbox).split("/")[3]
    stored = str(db.rows("SELECT link::text FROM pledges_historylink AS link")) + str(
        db.rows("SELECT payload::text FROM outbox_event")
    )
    assert token not in stored
    with clock.use(clock.FrozenClock(clock.now() + timedelta(minutes=61))):
        assert client.post(link_in(mailoutbox)).status_code == 404
        assert forget_history_links() == 1
    assert "guest@example.org" not in str(db.rows("SELECT link::text FROM pledges_historylink AS link"))


def test_asking_is_throttled(campaign: campaigns.Campaign, client: Client, settings: Any) -> None:
    settings.RATE_LIMITS = True
    answers = [client.post("/gifts/", {"email": "throttled@example.org"}).status_code for _ in range(4)]
    assert answers == [302, 302, 302, 429]


def test_half_an_hour_later_the_list_is_closed(
    campaign: campaigns.Campaign, client: Client, mailoutbox: list[Any]
) -> None:
    ask(client)
    client.post(link_in(mailoutbox))
    with clock.use(clock.FrozenClock(clock.now() + timedelta(minutes=31))):
        assert client.get("/gifts/all/")["Location"] == "/gifts/"
