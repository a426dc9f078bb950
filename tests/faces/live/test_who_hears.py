"""Topic x kind of caller: everyone is told exactly the rows that are theirs, and of nothing else that it exists."""

from __future__ import annotations

import json
from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID

import pytest

from apps.campaigns import interface as campaigns
from apps.chat import interface as chat
from apps.outbox import interface as outbox
from apps.platform import db
from apps.platform.actors import ANONYMOUS, Actor
from apps.platform.ids import new_id
from apps.pledges import interface as pledges
from tests.campaigns.support import draft_of
from tests.chat import support
from tests.faces.live.conftest import Live, Socket, in_thread
from tests.faces.live.test_chat import ticket_of
from tests.pledges.support import authorized, captured, open_campaign, tell, wish

pytestmark = pytest.mark.django_db(transaction=True)
Cast = dict[str, Actor]


@pytest.fixture
def cast(alice: Actor, bob: Actor, charlie: Actor, sam: Actor) -> Cast:
    return {"nobody": ANONYMOUS, "charlie": charlie, "bob": bob, "alice": alice, "sam": sam}


@pytest.fixture
def campaign(alice: Actor) -> campaigns.Campaign:
    made = open_campaign(alice)
    outbox.drain()
    return made


async def query_of(who: Actor) -> str:
    return await ticket_of(who) if who.user_id else ""


@in_thread
def ids_of_feed() -> list[str]:
    return [row["id"] for row in db.rows("SELECT id::text FROM notifications_feedentry ORDER BY seq")]


@in_thread
def ids_of_inbox(user_id: UUID | None) -> list[str]:
    found = db.rows("SELECT id::text FROM notifications_inboxentry WHERE user_id = %s ORDER BY seq", [user_id])
    return [row["id"] for row in found]


async def test_everyone_is_told_the_rows_that_are_theirs(live: Live, campaign: campaigns.Campaign, cast: Cast) -> None:
    drafted = await in_thread(draft_of)(cast["charlie"])
    before = {name: (await ids_of_feed(), await ids_of_inbox(who.user_id)) for name, who in cast.items()}
    async with AsyncExitStack() as stack:
        sockets = {
            name: await stack.enter_async_context(live.socket(await query_of(who))) for name, who in cast.items()
        }
        for socket in sockets.values():
            await socket.next_of("welcome")
            await socket.subscribe("platform")
        await happen(campaign, drafted, cast)
        for name, socket in sockets.items():
            feed = (await ids_of_feed())[len(before[name][0]) :]
            inbox = (await ids_of_inbox(cast[name].user_id))[len(before[name][1]) :]
            assert feed
            assert bool(inbox) is (name != "nobody")
            frames = [await socket.next() for _ in range(len(feed) + len(inbox))]
            frames += await socket.all_until_quiet()
            own = [frame["id"] for frame in frames if frame["type"] == "notification"]
            public = [frame for frame in frames if frame["type"] != "notification"]
            assert own == inbox, name
            assert [frame["id"] for frame in public] == feed, name
            assert "@example.org" not in json.dumps(public)
            assert not {"kind", "unread", "pledge"} & {key for frame in public for key in frame["data"]}


@in_thread
def happen(campaign: campaigns.Campaign, drafted: campaigns.Campaign, cast: Cast) -> None:
    """Something that concerns each of them."""
    gift = pledges.make_pledge(new=wish(campaign.id, donor_id=cast["bob"].user_id, donor_email="bob@example.org"))
    tell(authorized(gift.pledge_id), captured(gift.pledge_id))
    campaigns.submit_campaign(campaign_id=drafted.id, by=cast["charlie"])
    guests, key = support.ask_the_team(campaign)
    support.write(guests, ANONYMOUS, "Where is it?", key=key)
    bobs, _ = support.ask_the_team(campaign, donor_id=cast["bob"].user_id, donor_email="bob@example.org")
    support.write(bobs, cast["alice"], "On its way")
    room = support.room_of(campaign).room.id
    support.write(room, cast["charlie"], "Hello")
    support.write(room, cast["bob"], "@Charlie Other look")
    outbox.drain()


@pytest.mark.parametrize("name", ["nobody", "charlie", "bob", "alice", "sam"])
async def test_topics_that_nobody_may_follow_are_unknown_to_everyone(
    live: Live, campaign: campaigns.Campaign, cast: Cast, name: str
) -> None:
    """Also to those whose they are: what is one's own comes by itself."""
    drafted = await in_thread(draft_of)(cast["alice"])
    topics = [f"campaign:{drafted.id}", f"campaign:{new_id()}", f"user:{cast['bob'].user_id}", "inbox", "staff", "*"]
    async with live.socket(await query_of(cast[name])) as socket:
        await socket.next_of("welcome")
        for topic in topics:
            await socket.send({"type": "subscribe", "topics": [topic]})
            assert (await socket.next_of("error"))["data"]["code"] == "unknown-topic", topic
        await socket.subscribe(f"campaign:{campaign.id}")


HEARD = {
    "nobody": ["campaign"],
    "guest": ["campaign", "guest's"],
    "charlie": ["campaign"],
    "bob": ["campaign", "bob's"],
    "alice": ["campaign", "guest's", "bob's", "draft"],
    "sam": ["campaign", "guest's", "bob's", "draft"],
}


async def test_rooms_are_heard_by_those_whose_they_are(live: Live, campaign: campaigns.Campaign, cast: Cast) -> None:
    ask = in_thread(support.ask_the_team)
    guests, key = await ask(campaign)
    bobs, bobs_key = await ask(campaign, donor_id=cast["bob"].user_id, donor_email="bob@example.org")
    drafted = await in_thread(draft_of)(cast["alice"])
    rooms = {
        "campaign": f"campaign:{campaign.id}",
        "guest's": f"support:{guests}",
        "bob's": f"support:{bobs}",
        "draft": f"campaign:{drafted.id}",
    }
    async with AsyncExitStack() as stack:
        heard: dict[tuple[str, str], Socket] = {}
        for name, theirs in HEARD.items():
            for what, room in rooms.items():
                query = f"?key={key}" if name == "guest" else await query_of(cast[name])
                socket = await stack.enter_async_context(live.room(room, query))
                if what in theirs:
                    await socket.next_of("welcome")
                    heard[name, what] = socket
                else:
                    assert (await socket.next())["code"] == "unknown-room", (name, what)
                    assert await socket.close_code() == 4404
        for what, room in rooms.items():
            await say(room, cast["alice"], what)
        for (name, what), socket in heard.items():
            assert (await socket.next_of("message"))["text"] == what, name
            await socket.send({"type": "nothing"})
            while (frame := await socket.next())["type"] != "error":
                assert frame["type"] in ("presence", "read"), (name, what, frame)
        assert bobs_key != key


@in_thread
def say(room: str, who: Actor, text: str) -> Any:
    place = chat.enter(name=room, visitor=support.visitor(who))
    return support.write(place.room.id, who, text)
