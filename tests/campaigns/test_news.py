"""News of a campaign and those who follow it: by account at once, by e-mail once the address's owner has confirmed."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.test import Client

from apps.campaigns import interface as campaigns
from apps.campaigns.errors import FollowLinkInvalid
from apps.notifications import interface as notifications
from apps.notifications.services.digests import write_digests
from apps.notifications.services.mailings import expand_mailings
from apps.notifications.services.send_letters import send_letters
from apps.outbox import interface as outbox
from apps.platform import clock, db
from apps.platform.actors import ANONYMOUS, Actor
from apps.platform.errors import Forbidden, Invalid, InvalidTransition
from apps.platform.ids import new_id
from apps.pledges import interface as pledges
from tests.conftest import headers_of
from tests.pledges.support import captured, open_campaign, tell, wish

from .support import draft_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(alice: Actor, mailoutbox: list[Any]) -> campaigns.Campaign:
    made = open_campaign(alice)
    work()
    mailoutbox.clear()
    return made


def work() -> None:
    """What the workers do."""
    outbox.drain()
    expand_mailings()
    send_letters()


def ask(campaign: campaigns.Campaign, email: str = "Fan@example.org") -> None:
    campaigns.follow_by_email(campaign_id=campaign.id, email=email, viewer=ANONYMOUS)
    work()


def path_in(mail: Any, what: str) -> str:
    found = re.search(rf"(/{what}/\S+)", mail.body)
    assert found
    return found[1]


class TestNews:
    def test_only_the_team_writes_and_markdown_is_made_safe(
        self, campaign: campaigns.Campaign, alice: Actor, charlie: Actor, client: Client
    ) -> None:
        path = f"/api/v1/campaigns/{campaign.id}/updates"
        body = {"title": "Boats are here", "body": "**Six** <script>alert(1)</script> [x](javascript:alert(1))"}
        answers = [
            client.post(path, body, content_type="application/json", headers=headers).status_code
            for headers in ({}, headers_of(charlie), headers_of(alice))
        ]
        assert answers == [401, 403, 201]
        [update] = client.get(path).json()["results"]
        assert "<strong>Six</strong>" in update["body_html"]
        assert "<script" not in update["body_html"]
        assert "javascript:" not in update["body_html"].replace("[x](javascript:alert(1))", "")

        page = client.get(f"/campaigns/{campaign.slug}/updates/").content.decode()
        assert "Boats are here" in page
        assert "<script>alert" not in page
        one = f"{path}/{update['id']}"
        edited = client.patch(one, {"title": "Seven"}, content_type="application/json", headers=headers_of(alice))
        assert (edited.json()["title"], edited.json()["edited_at"] is None) == ("Seven", False)
        assert client.delete(one, headers=headers_of(charlie)).status_code == 403
        assert client.delete(one, headers=headers_of(alice)).status_code == 204
        assert client.get(path).json()["results"] == []
        assert client.delete(one, headers=headers_of(alice)).status_code == 404

    def test_what_cannot_be_news(self, campaign: campaigns.Campaign, alice: Actor) -> None:
        for title, body in (("", "x"), ("x", ""), ("x" * 121, "x"), ("x\u202e", "x")):
            with pytest.raises(Invalid):
                campaigns.post_update(campaign_id=campaign.id, by=alice, title=title, body=body)
        with pytest.raises(InvalidTransition):
            campaigns.post_update(campaign_id=draft_of(alice).id, by=alice, title="x", body="x")
        with pytest.raises(Forbidden):
            campaigns.post_update(campaign_id=campaign.id, by=Actor(user_id=new_id()), title="x", body="x")

    def test_the_feed_is_atom(self, campaign: campaigns.Campaign, alice: Actor, client: Client) -> None:
        campaigns.post_update(campaign_id=campaign.id, by=alice, title="Tea & rice", body="Here <b>it</b> is.")
        answer = client.get(f"/campaigns/{campaign.slug}/updates.atom")
        root = ElementTree.fromstring(answer.content)  # noqa: S314  our own output
        space = {"atom": "http://www.w3.org/2005/Atom"}
        assert answer.headers["Content-Type"].startswith("application/atom+xml")
        assert [each.text for each in root.findall("atom:entry/atom:title", space)] == ["Tea & rice"]
        assert client.get(f"/campaigns/{draft_of(alice).slug}/updates.atom").status_code == 404

    def test_pages_follow_each_other(self, campaign: campaigns.Campaign, alice: Actor) -> None:
        for number in range(5):
            campaigns.post_update(campaign_id=campaign.id, by=alice, title=str(number), body="x")
        first, cursor = campaigns.list_updates(campaign_id=campaign.id, viewer=ANONYMOUS, page_size=3)
        rest, end = campaigns.list_updates(campaign_id=campaign.id, viewer=ANONYMOUS, cursor=cursor, page_size=3)
        assert ("".join(each.title for each in (*first, *rest)), end) == ("43210", None)


class TestFollowing:
    def test_an_address_is_asked_first_then_gets_the_news_until_it_stops(
        self, campaign: campaigns.Campaign, alice: Actor, client: Client, mailoutbox: list[Any]
    ) -> None:
        client.post(f"/campaigns/{campaign.slug}/follow/", {"email": "Fan@example.org"})
        work()
        [question] = mailoutbox
        assert question.to == ["fan@example.org"]
        campaigns.post_update(campaign_id=campaign.id, by=alice, title="Too early", body="x")
        work()
        assert len(mailoutbox) == 1, "nothing before the owner has said yes"

        link = path_in(question, "follow")
        client.get(link)
        assert not db.rows("SELECT 1 FROM campaigns_follower WHERE confirmed_at IS NOT NULL"), (
            "looking confirms nothing"
        )
        assert client.post(link).status_code == 302
        campaigns.post_update(campaign_id=campaign.id, by=alice, title="Boats are here", body="**Six**")
        work()
        work()
        news = mailoutbox[-1]
        assert len(mailoutbox) == 2
        assert "Boats are here" in news.subject
        assert "<strong>Six</strong>" in news.alternatives[0][0]

        assert client.post(path_in(news, "unsubscribe")).status_code == 200
        assert not db.rows("SELECT 1 FROM campaigns_follower")
        campaigns.post_update(campaign_id=campaign.id, by=alice, title="Later", body="x")
        work()
        assert len(mailoutbox) == 2

    def test_a_confirmed_address_is_not_asked_again_and_the_answer_is_alike(
        self, campaign: campaigns.Campaign, client: Client, mailoutbox: list[Any]
    ) -> None:
        ask(campaign)
        campaigns.confirm_follow(token=path_in(mailoutbox[-1], "follow").split("/")[2])
        answers = [
            client.post(f"/campaigns/{campaign.slug}/follow/", {"email": email})["Location"]
            for email in ("fan@example.org", "new@example.org")
        ]
        work()
        assert len(set(answers)) == 1
        assert [mail.to[0] for mail in mailoutbox] == ["fan@example.org", "new@example.org"]
        assert client.post(f"/campaigns/{campaign.slug}/follow/", {"email": "no"}).status_code == 422

    def test_links_age_and_unconfirmed_addresses_are_forgotten(
        self, campaign: campaigns.Campaign, mailoutbox: list[Any]
    ) -> None:
        ask(campaign)
        with pytest.raises(FollowLinkInvalid):
            campaigns.confirm_follow(token="x")
        with clock.use(clock.FrozenClock(clock.now() + timedelta(days=8))):
            assert campaigns.forget_unconfirmed() == 1
        with pytest.raises(FollowLinkInvalid):
            campaigns.confirm_follow(token=path_in(mailoutbox[-1], "follow").split("/")[2])

    def test_accounts_hear_of_news_goal_and_end_in_batches_and_once(
        self, campaign: campaigns.Campaign, alice: Actor, bob: Actor
    ) -> None:
        client = Client()
        client.force_login(get_user_model().objects.get(pk=bob.user_id))
        for _ in range(2):
            assert client.post(f"/campaigns/{campaign.slug}/follow/").status_code == 302
        campaigns.post_update(campaign_id=campaign.id, by=alice, title="Boats", body="x")
        tell(captured(pledges.make_pledge(new=wish(campaign.id)).pledge_id))
        campaigns.edit_campaign(campaign_id=campaign.id, by=alice, changes={"goal_amount": 100_00})
        tell(captured(pledges.make_pledge(new=wish(campaign.id)).pledge_id))
        campaigns.close_campaign(campaign_id=campaign.id, by=alice)
        work()
        db.execute("UPDATE notifications_mailing SET finished_at = NULL, last_follower = NULL")
        work()

        assert bob.user_id
        told = [each.kind for each in notifications.list_inbox(user_id=bob.user_id).results]
        assert sorted(told) == ["followed_ended", "followed_goal_reached", "update_posted"]
        client.post(f"/campaigns/{campaign.slug}/follow/", {"stop": "1"})
        assert not campaigns.is_following(campaign_id=campaign.id, by=bob)

    @pytest.mark.parametrize(
        ("columns", "constraint"),
        [
            ("gen_random_uuid(), 'a@b.org', now()", "is_one_of_two"),
            ("NULL, '', NULL", "is_one_of_two"),
            ("gen_random_uuid(), '', NULL", "account_confirmed"),
            ("NULL, 'fan@example.org', NULL", "address_once"),
        ],
    )
    def test_the_database_refuses(
        self, campaign: campaigns.Campaign, columns: str, constraint: str, mailoutbox: list[Any]
    ) -> None:
        ask(campaign)
        sql = f"""INSERT INTO campaigns_follower (id, campaign_id, user_id, email, confirmed_at, language, created_at)
                  SELECT gen_random_uuid(), %s, {columns}, '', now()"""
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            db.execute(sql, [campaign.id])


class TestDigest:
    def test_one_in_the_morning_of_what_is_unread(
        self, campaign: campaigns.Campaign, alice: Actor, mailoutbox: list[Any]
    ) -> None:
        assert alice.user_id
        notifications.set_preferences(user_id=alice.user_id, time_zone="Asia/Dhaka")
        tell(*(captured(pledges.make_pledge(new=wish(campaign.id)).pledge_id) for _ in range(2)))
        send_letters()
        mailoutbox.clear()
        local_day = clock.now().replace(hour=1, minute=59, second=0, microsecond=0) + timedelta(days=1)
        morning = clock.FrozenClock(local_day)  # 7:59 in Dhaka
        db.execute("UPDATE notifications_inboxentry SET at = %s", [local_day - timedelta(hours=3)])
        with clock.use(morning):
            assert write_digests() == 0
            morning.forward(timedelta(minutes=1))
            assert [write_digests(), write_digests()] == [1, 0]
            assert send_letters() == 1
        [mail] = mailoutbox
        assert "2 new messages" in mail.subject
        assert mail.body.count("received") == 2
        assert "List-Unsubscribe" in mail.message()

    def test_nothing_is_sent_when_all_was_read_meanwhile(
        self, campaign: campaigns.Campaign, alice: Actor, mailoutbox: list[Any]
    ) -> None:
        assert alice.user_id
        tell(captured(pledges.make_pledge(new=wish(campaign.id)).pledge_id))
        noon = clock.now().replace(hour=12) + timedelta(days=1)
        db.execute("UPDATE notifications_inboxentry SET at = %s", [noon - timedelta(hours=3)])
        with clock.use(clock.FrozenClock(noon)):
            assert write_digests() == 1
            notifications.mark_read(user_id=alice.user_id)
            send_letters()
        assert not [mail for mail in mailoutbox if "new message" in mail.subject]
