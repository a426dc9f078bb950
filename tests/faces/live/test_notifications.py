"""/ws/notifications/ against a real process: what a page and an integration may rely on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings
from websockets.exceptions import InvalidStatus

from apps.accounts import interface as accounts
from apps.campaigns import interface as campaigns
from apps.notifications.gateway import pokes as gateway
from apps.notifications.services.post import NewEntry, post
from apps.platform import clock, db
from apps.platform.actors import Actor
from apps.platform.ids import new_id
from apps.pledges import interface as pledges
from tests.conftest import PASSWORD
from tests.faces.live.conftest import Live, in_thread
from tests.pledges.support import authorized, captured, open_campaign, tell, wish

pytestmark = pytest.mark.django_db(transaction=True)


@in_thread
def campaign_of(manager: Actor, **changes: Any) -> campaigns.Campaign:
    return open_campaign(manager, **changes)


@in_thread
def give(campaign_id: UUID) -> UUID:
    """A gift that goes all the way."""
    gift = pledges.make_pledge(new=wish(campaign_id))
    tell(authorized(gift.pledge_id), captured(gift.pledge_id))
    return gift.pledge_id


@in_thread
def write(topic: str, *numbers: int, pad: str = "", redis_url: str = settings.REDIS_URL) -> None:
    """Post entries as a worker would; its poke goes to `redis_url`."""
    gateway._client.cache_clear()
    with override_settings(REDIS_URL=redis_url), transaction.atomic():
        entries = [{"n": n, "pad": pad} if pad else {"n": n} for n in numbers]
        post([NewEntry(topic=topic, type="pledge.created", at=clock.now(), data=data) for data in entries])
    gateway._client.cache_clear()


async def last_id(live: Live) -> str:
    """The id of an entry that the process has just told."""
    async with live.socket() as socket:
        await socket.next_of("welcome")
        await socket.subscribe("platform")
        await write("campaign:x", 0)
        return (await socket.next())["id"]


def numbers(frames: list[dict[str, Any]]) -> list[int]:
    return [each["data"]["n"] for each in frames]


class TestFeed:
    async def test_welcome_comes_first(self, live: Live) -> None:
        async with live.socket() as socket:
            welcome = await socket.next()
            assert welcome["type"] == "welcome"
            assert set(welcome) == {"type", "id", "at", "data"}
            assert welcome["data"]["user"] is None

    async def test_gift_moves_the_page(self, live: Live, alice: Actor) -> None:
        campaign = await campaign_of(alice)
        async with live.socket() as socket:
            await socket.next_of("welcome")
            await socket.subscribe(f"campaign:{campaign.id}")
            await give(campaign.id)
            gift = await socket.next_of("pledge.captured")
            assert gift["data"]["name"] == "Gulshan Guest"
            assert (gift["data"]["amount"], gift["data"]["currency"]) == (500_00, "BDT")
            progress = await socket.next_of("campaign.progress")
            assert progress["data"]["raised_amount"] == 500_00
            assert progress["at"].endswith("Z")
            UUID(progress["id"])

    async def test_campaign_topic_tells_of_that_campaign_only_and_platform_of_all(
        self, live: Live, alice: Actor
    ) -> None:
        one, two = await campaign_of(alice), await campaign_of(alice, title="Lamps")
        async with live.socket() as narrow, live.socket() as wide:
            for socket, topics in ((narrow, [f"campaign:{one.id}"]), (wide, ["platform", f"campaign:{one.id}"])):
                await socket.next_of("welcome")
                await socket.subscribe(*topics)
            await write(f"campaign:{two.id}", 1)
            await write(f"campaign:{one.id}", 2)
            assert (await narrow.next())["data"]["n"] == 2
            assert [(await wide.next())["data"]["n"], (await wide.next())["data"]["n"]] == [1, 2]
            assert await wide.all_until_quiet() == [], "an entry of two topics comes once"


class TestResume:
    async def test_missed_frames_come_in_order_once_and_before_newer_ones(self, live: Live, alice: Actor) -> None:
        campaign = await campaign_of(alice)
        topic = f"campaign:{campaign.id}"
        async with live.socket() as socket:
            await socket.next_of("welcome")
            await socket.subscribe(topic)
            await write(topic, 1)
            last = (await socket.next())["id"]
        await write(topic, 2, 3)
        await write("campaign:other", 99)
        async with live.socket() as socket:
            await socket.next_of("welcome")
            await socket.send({"type": "subscribe", "topics": [topic]})
            await socket.send({"type": "resume", "after": last})
            assert numbers([await socket.next(), await socket.next()]) == [2, 3]
            await write(topic, 4)
            assert (await socket.next())["data"]["n"] == 4
            await socket.send({"type": "resume", "after": last})
            assert await socket.all_until_quiet() == [], "told once"

    async def test_resume_may_come_before_subscribe(self, live: Live) -> None:
        start = await last_id(live)
        await write("campaign:x", 1, 2)
        async with live.socket() as socket:
            await socket.next_of("welcome")
            await socket.send({"type": "resume", "after": start})
            await socket.send({"type": "subscribe", "topics": ["platform"]})
            assert numbers([await socket.next(), await socket.next()]) == [1, 2]

    async def test_nothing_is_lost_between_welcome_and_subscribe(self, live: Live) -> None:
        await last_id(live)
        async with live.socket() as socket:
            welcome = await socket.next_of("welcome")
            await write("campaign:x", 1)
            await socket.send({"type": "subscribe", "topics": ["platform"]})
            await socket.send({"type": "resume", "after": welcome["id"]})
            assert (await socket.next())["data"]["n"] == 1

    async def test_resume_while_gifts_pour_in_keeps_order_and_repeats_nothing(self, live: Live) -> None:
        start = await last_id(live)
        for number in range(0, 60, 10):
            await write("campaign:x", *range(number, number + 10))
        async with live.socket() as socket:
            await socket.next_of("welcome")
            pour = asyncio.gather(*(write("campaign:x", 1000 + number) for number in range(20)))
            await socket.send({"type": "subscribe", "topics": ["platform"]})
            await socket.send({"type": "resume", "after": start})
            await pour
            frames = [await socket.next() for _ in range(80)]
            ids = [each["id"] for each in frames]
            assert len(set(ids)) == 80
            order = await in_thread(db.rows)("SELECT id::text FROM notifications_feedentry ORDER BY seq")
            missed = [each["id"] for each in order][1:61]
            assert [each for each in ids if each in missed] == missed

    async def test_unknown_id_is_named(self, live: Live) -> None:
        async with live.socket() as socket:
            await socket.next_of("welcome")
            await socket.send({"type": "resume", "after": str(new_id())})
            assert (await socket.next())["data"]["code"] == "unknown-position"


class TestTopics:
    @pytest.mark.parametrize("topic", ["campaign:nonsense", "campaign:", "user:1", "", "campaign:" + "9" * 5000])
    async def test_unknown_topic_is_refused(self, live: Live, topic: str) -> None:
        async with live.socket() as socket:
            await socket.next_of("welcome")
            await socket.send({"type": "subscribe", "topics": [topic]})
            assert (await socket.next())["data"]["code"] == "unknown-topic"

    async def test_draft_is_as_unknown_as_no_campaign(self, live: Live, alice: Actor) -> None:
        public = await campaign_of(alice)
        values = {
            name: getattr(public, name) for name in ("title", "summary", "story", "category", "goal_amount", "currency")
        }
        draft = await in_thread(campaigns.create_campaign)(by=alice, new=campaigns.NewCampaign(**values))
        async with live.socket() as socket:
            await socket.next_of("welcome")
            answers = []
            for campaign_id in (draft.id, new_id()):
                await socket.send({"type": "subscribe", "topics": [f"campaign:{campaign_id}"]})
                answers.append((await socket.next())["data"]["code"])
            assert answers == ["unknown-topic", "unknown-topic"]

    async def test_refused_subscription_changes_nothing(self, live: Live) -> None:
        async with live.socket() as socket:
            await socket.next_of("welcome")
            await socket.send({"type": "subscribe", "topics": ["platform", "campaign:nonsense"]})
            await socket.next_of("error")
            await write("campaign:x", 1)
            assert await socket.all_until_quiet() == []

    async def test_too_many_topics_are_refused(self, live: Live) -> None:
        async with live.socket() as socket:
            await socket.next_of("welcome")
            await socket.send({"type": "subscribe", "topics": [f"campaign:{new_id()}" for _ in range(51)]})
            assert (await socket.next())["data"]["code"] == "too-many-topics"


class TestHostileFrames:
    @pytest.mark.parametrize(
        ("frame", "code"),
        [
            ("", "malformed-json"),
            ("{", "malformed-json"),
            ("[" * 10_000, "invalid-frame"),
            ('{"type": "subscribe", "topics": [], "x": ' + "[" * 10_000, "malformed-json"),
            ('{"type": "subscribe", "topics": ["\\ud800"]}', "malformed-json"),
            ("null", "invalid-frame"),
            ("[]", "invalid-frame"),
            ("{}", "invalid-frame"),
            ('{"type": "shutdown"}', "invalid-frame"),
            ('{"type": "subscribe"}', "invalid-frame"),
            ('{"type": "subscribe", "topics": "platform"}', "invalid-frame"),
            ('{"type": "subscribe", "topics": [1]}', "invalid-frame"),
            ('{"type": "resume", "after": 7}', "invalid-frame"),
            ('{"type": "resume", "after": "\\u0000"}', "invalid-frame"),
            (b"\x00\xff", "not-text"),
        ],
    )
    async def test_bad_frame_is_named_and_the_socket_lives(self, live: Live, frame: str | bytes, code: str) -> None:
        async with live.socket() as socket:
            await socket.next_of("welcome")
            await socket.send(frame)
            assert (await socket.next())["data"]["code"] == code
            await socket.subscribe("platform")

    async def test_large_frame_closes(self, live: Live) -> None:
        async with live.socket() as socket:
            await socket.next_of("welcome")
            await socket.send('{"type": "subscribe", "topics": ["' + "x" * 17_000 + '"]}')
            assert (await socket.next())["data"]["code"] == "frame-too-large"
            assert await socket.close_code() == 1009

    async def test_flood_of_frames_closes(self, live: Live) -> None:
        async with live.socket() as socket:
            await socket.next_of("welcome")
            for _ in range(70):
                await socket.send("{}")
            assert await socket.close_code() == 1008


class TestWhoMayCome:
    async def test_foreign_page_is_refused(self, live: Live) -> None:
        for origin in ("https://evil.example", "null", f"http://{live.host}.evil.example", "file://"):
            with pytest.raises(InvalidStatus) as refused:
                async with live.socket(origin=origin):
                    pass
            assert refused.value.response.status_code == 403

    async def test_own_page_may_come(self, live: Live) -> None:
        async with live.socket(origin=f"http://{live.host}") as socket:
            assert (await socket.next())["type"] == "welcome"

    async def test_unknown_path_is_refused(self, live: Live) -> None:
        with pytest.raises(InvalidStatus):
            async with live.socket("nowhere/"):
                pass

    async def test_ticket_signs_in_once(self, live: Live, bob: Actor) -> None:
        assert bob.user_id
        ticket = await in_thread(accounts.issue_ws_ticket)(user_id=bob.user_id)
        async with live.socket(f"?ticket={ticket}") as socket:
            assert (await socket.next())["data"]["user"] == str(bob.user_id)
        async with live.socket(f"?ticket={ticket}") as socket:
            assert (await socket.next())["data"]["code"] == "invalid-ticket"
            assert await socket.close_code() == 4401

    async def test_a_ticket_is_dead_after_thirty_seconds(self, live: Live, bob: Actor) -> None:
        assert bob.user_id
        for age, told in ((31, "error"), (5, "welcome")):
            with clock.use(clock.FrozenClock(clock.now() - timedelta(seconds=age))):
                ticket = await in_thread(accounts.issue_ws_ticket)(user_id=bob.user_id)
            async with live.socket(f"?ticket={ticket}") as socket:
                frame = await socket.next()
                assert (frame["type"], frame["data"].get("code")) == (told, "invalid-ticket" if age > 30 else None)

    async def test_session_signs_in(self, live: Live, bob: Actor) -> None:
        client = Client()
        assert await in_thread(client.login)(username="bob@example.org", password=PASSWORD)
        cookie = client.cookies["sessionid"].value
        async with live.socket(additional_headers={"Cookie": f"sessionid={cookie}"}) as socket:
            assert (await socket.next())["data"]["user"] == str(bob.user_id)

    async def test_made_up_session_is_nobody(self, live: Live) -> None:
        async with live.socket(additional_headers={"Cookie": 'sessionid=made-up; x="'}) as socket:
            assert (await socket.next())["data"]["user"] is None


class TestLiveness:
    async def test_idle_socket_stays_open(self, live: Live) -> None:
        """A known trap: some versions of the Redis client close every idle socket after five seconds."""
        async with live.socket() as socket:
            await socket.next_of("welcome")
            await socket.subscribe("platform")
            with pytest.raises(TimeoutError):
                await socket.next(patience=7)
            await write("campaign:x", 1)
            assert (await socket.next())["data"]["n"] == 1

    async def test_socket_that_does_not_read_is_let_go_and_can_resume(self, live: Live) -> None:
        start = await last_id(live)
        async with live.socket(max_queue=1, compression=None) as slow, live.socket() as quick:
            for socket in (slow, quick):
                await socket.next_of("welcome")
                await socket.subscribe("platform")
            for begin in range(0, 1500, 50):
                await write("campaign:x", *range(begin, begin + 50), pad="x" * 10_000)
                assert [(await quick.next())["data"]["n"] for _ in range(50)] == list(range(begin, begin + 50))
            assert await slow.close_code() == 4008
        async with live.socket() as socket:
            await socket.next_of("welcome")
            await socket.send({"type": "resume", "after": start})
            await socket.send({"type": "subscribe", "topics": ["platform"]})
            assert [(await socket.next())["data"]["n"] for _ in range(1500)] == list(range(1500))


class TestWithoutPokes:
    async def test_without_poll_and_poke_nothing_comes(self, start_live: Callable[..., Live]) -> None:
        """The control of the next test. A database number of its own keeps other tests' pokes away from this channel."""
        own = settings.REDIS_URL.rsplit("/", 1)[0] + "/9"
        live = start_live(REDIS_URL=own, LIVE_POLL_SECONDS="600")
        async with live.socket() as socket:
            await socket.next_of("welcome")
            await socket.subscribe("platform")
            await write("campaign:x", 0, redis_url=own)
            assert (await socket.next())["data"]["n"] == 0
            await write("campaign:x", 1, redis_url="redis://127.0.0.1:1/0")
            assert await socket.all_until_quiet() == []
            await write("campaign:x", 2, redis_url=own)
            assert numbers([await socket.next(), await socket.next()]) == [1, 2]

    async def test_lost_poke_is_healed_by_the_poll(self, start_live: Callable[..., Live]) -> None:
        live = start_live(LIVE_POLL_SECONDS="1")
        async with live.socket() as socket:
            await socket.next_of("welcome")
            await socket.subscribe("platform")
            await write("campaign:x", 1, redis_url="redis://127.0.0.1:1/0")
            assert (await socket.next())["data"]["n"] == 1

    async def test_redis_away_from_the_start_leaves_the_poll(self, start_live: Callable[..., Live]) -> None:
        live = start_live(REDIS_URL="redis://127.0.0.1:1/0")
        async with live.socket() as socket:
            await socket.next_of("welcome")
            await socket.subscribe("platform")
            await write("campaign:x", 1)
            assert (await socket.next())["data"]["n"] == 1
