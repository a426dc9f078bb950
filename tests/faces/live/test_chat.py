"""/ws/chat/{room}/ against real processes: the contract's frames, and nothing for who may not have them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client, override_settings
from websockets.exceptions import InvalidStatus

from apps.accounts import interface as accounts
from apps.campaigns import interface as campaigns
from apps.chat import gateway
from apps.chat import interface as chat
from apps.platform import db
from apps.platform.actors import Actor
from apps.platform.ids import new_id
from tests.chat import support
from tests.conftest import PASSWORD
from tests.faces.live.conftest import Live, Socket, in_thread
from tests.pledges.support import open_campaign

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def campaign(alice: Actor) -> campaigns.Campaign:
    return open_campaign(alice)


@pytest.fixture
def room(campaign: campaigns.Campaign) -> str:
    return f"campaign:{campaign.id}"


@in_thread
def session_of(name: str) -> str:
    client = Client()
    assert client.login(username=f"{name}@example.org", password=PASSWORD)
    return client.cookies["sessionid"].value


@in_thread
def ticket_of(actor: Actor) -> str:
    assert actor.user_id
    return "?ticket=" + accounts.issue_ws_ticket(user_id=actor.user_id)


def say(text: str, client_id: str = "c1", **more: Any) -> dict[str, Any]:
    return {"type": "message", "client_id": client_id, "text": text, **more}


async def error_of(socket: Socket) -> str:
    return str((await socket.next_of("error"))["code"])


class TestFrames:
    async def test_a_message_reaches_everyone_in_every_process_once(
        self, live: Live, start_live: Callable[..., Live], room: str, alice: Actor, bob: Actor
    ) -> None:
        other = start_live(LIVE_POLL_SECONDS="60")
        async with (
            live.room(room, await ticket_of(bob)) as bobs,
            live.room(room, await ticket_of(alice)) as alices,
            other.room(room) as reader,
        ):
            welcome = await bobs.next()
            assert (welcome["type"], welcome["room"], welcome["history"]) == ("welcome", room, [])
            assert welcome["user"] == {"id": str(bob.user_id), "name": "Bob Donor", "side": "public"}
            assert (await alices.next_of("welcome"))["is_team"]
            assert (await reader.next_of("welcome"))["user"] is None
            for socket in (bobs, alices, reader):
                await socket.next_like("presence", online=3)
            await bobs.send({"type": "typing"})
            for socket in (alices, reader):
                assert (await socket.next_of("typing"))["user"]["name"] == "Bob Donor"
            await bobs.send(say("Good luck!"))
            ack = await bobs.next_of("ack")
            assert ack == {"type": "ack", "client_id": "c1", "id": ack["id"]}
            for socket in (bobs, alices, reader):
                message = await socket.next_of("message")
                assert (message["id"], message["text"], message["user"]["name"]) == (
                    ack["id"],
                    "Good luck!",
                    "Bob Donor",
                )
                assert message["at"].endswith("Z")
            await alices.send({"type": "read", "up_to": ack["id"]})
            read = await bobs.next_of("read")
            assert (read["user"]["name"], read["up_to"]) == ("Alice Manager", ack["id"])
            await bobs.send(say("Good luck!"))
            assert (await bobs.next_of("ack"))["id"] == ack["id"], "a retry is the same message"
            await bobs.send({"type": "edit", "id": ack["id"], "text": "Very good luck!"})
            assert (await reader.next_of("message"))["text"] == "Very good luck!"
            await alices.send({"type": "remove", "id": ack["id"]})
            for socket in (bobs, reader):
                assert (await socket.next_of("removed"))["id"] == ack["id"]
        async with live.room(room) as late:
            (message,) = (await late.next())["history"]
            assert (message["removed"], message["text"]) == (True, "")

    async def test_what_was_missed_comes_after_a_version_edits_and_removals_included(
        self, live: Live, room: str, bob: Actor
    ) -> None:
        place = await in_thread(chat.enter)(name=room, visitor=support.visitor(bob))
        write = in_thread(support.write)
        first, second = await write(place.room.id, bob, "one"), await write(place.room.id, bob, "two")
        async with live.room(room) as socket:
            version = (await socket.next())["version"]
        await in_thread(chat.remove_message)(room_id=place.room.id, visitor=support.visitor(bob), message_id=first.id)
        await in_thread(chat.edit_message)(
            room_id=place.room.id, visitor=support.visitor(bob), message_id=second.id, message="two!"
        )
        await write(place.room.id, bob, "three")
        async with live.room(room) as socket:
            await socket.next_of("welcome")
            await socket.send({"type": "resume", "after": version})
            told = [frame for frame in [await socket.next() for _ in range(4)] if frame["type"] != "presence"]
            assert [(frame["type"], frame.get("text")) for frame in told] == [
                ("removed", None),
                ("message", "two!"),
                ("message", "three"),
            ]
            await socket.send({"type": "resume", "after": version - 3000})
            assert await error_of(socket) == "missed-too-much"

    async def test_every_socket_ends_with_the_rows_while_many_write(
        self, live: Live, room: str, bob: Actor, charlie: Actor
    ) -> None:
        place = await in_thread(chat.enter)(name=room, visitor=support.visitor())
        write = in_thread(support.write)
        pour = asyncio.gather(*(write(place.room.id, (bob, charlie)[n % 2], f"m{n}") for n in range(60)))
        async with AsyncExitStack() as stack:
            sockets = [await stack.enter_async_context(live.room(room)) for _ in range(20)]
            await pour
            last = await write(place.room.id, bob, "last")
            for socket in sockets:
                told = [message["id"] for message in (await socket.next_of("welcome"))["history"]]
                while str(last.id) not in told:
                    told.append((await socket.next_of("message"))["id"])
                order = await in_thread(db.rows)("SELECT id::text FROM chat_message ORDER BY seq")
                ids = [row["id"] for row in order]
                assert told == ids[len(ids) - len(told) :], "in order, once, without a gap"


class TestWhoMay:
    async def test_readers_only_read(self, live: Live, room: str) -> None:
        async with live.room(room) as socket:
            await socket.next_of("welcome")
            for frame in (say("x"), {"type": "read", "up_to": str(new_id())}, {"type": "remove", "id": str(new_id())}):
                await socket.send(frame)
                assert await error_of(socket) == "not-authenticated"

    async def test_support_rooms_are_theirs_alone(
        self, live: Live, campaign: campaigns.Campaign, alice: Actor, bob: Actor, charlie: Actor
    ) -> None:
        room_id, key = await in_thread(support.ask_the_team)(campaign)
        name = f"support:{room_id}"
        for query in ("", "?key=wrong", await ticket_of(bob), await ticket_of(charlie)):
            async with live.room(name, query) as socket:
                assert await error_of(socket) == "unknown-room"
                assert await socket.close_code() == 4404
        async with live.room(name, f"?key={key}") as guest, live.room(name, await ticket_of(alice)) as team:
            assert (await guest.next())["user"]["side"] == "guest"
            await team.next_of("welcome")
            await guest.send(say("Where is my receipt?"))
            message = await team.next_of("message")
            assert (message["text"], message["user"]["name"]) == ("Where is my receipt?", "Gulshan Guest")

    @pytest.mark.parametrize("name", ["campaign:1", "user:x", "campaign:01a21331-8c0d-7423-8b81-074e0d43e545", "%00"])
    async def test_rooms_that_are_none(self, live: Live, name: str) -> None:
        async with live.room(name) as socket:
            assert await error_of(socket) == "unknown-room"
            assert await socket.close_code() == 4404

    async def test_foreign_pages_and_spent_tickets_are_refused(self, live: Live, room: str, bob: Actor) -> None:
        with pytest.raises(InvalidStatus) as refused:
            async with live.room(room, origin="https://evil.example"):
                pass
        assert refused.value.response.status_code == 403
        ticket = await ticket_of(bob)
        async with live.room(room, ticket) as socket:
            await socket.next_of("welcome")
        async with live.room(room, ticket) as socket:
            assert await error_of(socket) == "invalid-ticket"
            assert await socket.close_code() == 4401

    async def test_rights_that_end_close_the_socket_within_a_bound_and_at_the_next_frame(
        self, start_live: Callable[..., Live], campaign: campaigns.Campaign, room: str, bob: Actor, sam: Actor
    ) -> None:
        live = start_live(LIVE_RECHECK_SECONDS="1")
        assert bob.user_id
        cookie, other = await session_of("bob"), await session_of("bob")
        async with (
            live.room(room, cookie=cookie) as quiet,
            live.room(room, cookie=other) as busy,
            live.room(room, await ticket_of(bob)) as ticketed,
            live.room(room) as reader,
            live.socket(additional_headers={"Cookie": f"sessionid={cookie}"}) as feed,
        ):
            for socket in (quiet, busy, ticketed, reader, feed):
                await socket.next_of("welcome")
            await in_thread(Session.objects.all().delete)()
            await busy.send(say("still here?"))
            for socket in (busy, quiet):
                assert await error_of(socket) == "signed-out"
                assert await socket.close_code() == 4401
            assert (await feed.next_of("error"))["data"]["code"] == "signed-out"
            assert await feed.close_code() == 4401
            await in_thread(accounts.deactivate)(user_id=bob.user_id, by=sam)
            assert await error_of(ticketed) == "signed-out"
            await in_thread(campaigns.close_campaign)(campaign_id=campaign.id, by=sam)
            await in_thread(campaigns.archive_campaign)(campaign_id=campaign.id, by=sam)
            assert await error_of(reader) == "unknown-room"
            assert await reader.close_code() == 4404
        assert await in_thread(db.rows)("SELECT text FROM chat_message") == []


class TestHostile:
    async def test_frames_that_are_none_are_named_and_the_socket_lives(self, live: Live, room: str, bob: Actor) -> None:
        async with live.room(room, await ticket_of(bob)) as socket:
            await socket.next_of("welcome")
            deep = '{"type": "typing", "x": ' + '{"x":' * 3000
            for frame, code in [
                ("{", "malformed-json"),
                (deep, "malformed-json"),
                (b"\x00\x01", "not-text"),
                ("[]", "invalid-frame"),
                ({"type": "rule"}, "invalid-frame"),
                ({"type": "message", "text": "x"}, "invalid-frame"),
                ({"type": "message", "client_id": 1, "text": "x"}, "invalid-frame"),
                ({"type": "resume", "after": -1}, "missed-too-much"),
                ({"type": "resume", "after": 10**30}, "missed-too-much"),
                ({"type": "read", "up_to": str(new_id())}, "unknown-message"),
                (say("x" * 2001), "text-too-long"),
                (say(" "), "text-empty"),
                (say("a\u202eb"), "text-unusable"),
                (say("x", client_id=""), "invalid-client-id"),
                (say("x", reply_to=str(new_id())), "unknown-message"),
            ]:
                await socket.send(frame)
                assert await error_of(socket) == code
            await socket.send(json.dumps(say("<b>আমি</b>", "ok"), ensure_ascii=False))
            assert (await socket.next_of("message"))["text"] == "<b>আমি</b>"

    async def test_huge_frames_and_floods_close(self, live: Live, room: str, bob: Actor) -> None:
        async with live.room(room, await ticket_of(bob)) as socket:
            await socket.next_of("welcome")
            await socket.send(say("x" * 17_000))
            assert await error_of(socket) == "frame-too-large"
            assert await socket.close_code() == 1009
        async with live.room(room, await ticket_of(bob)) as flood, live.room(room) as other:
            for socket in (flood, other):
                await socket.next_of("welcome")
            for n in range(1000):
                await flood.send(say("x", f"f{n}"))
            assert await flood.close_code() == 1008
            await other.send({"type": "nothing"})
            assert await error_of(other) == "invalid-frame", "the neighbour is served"
        assert len(await in_thread(db.rows)("SELECT id FROM chat_message")) <= 60


class TestWithoutPokes:
    async def test_lost_pokes_are_healed_and_the_dead_are_not_counted(
        self, start_live: Callable[..., Live], room: str, bob: Actor
    ) -> None:
        """One process polls every second, the other is killed with sockets in the room."""
        live, doomed = start_live(LIVE_POLL_SECONDS="1"), start_live()
        async with live.room(room) as socket, doomed.room(room), doomed.room(room):
            await socket.next_like("presence", online=3)
            doomed.process.kill()
            gateway._client.cache_clear()
            with override_settings(REDIS_URL="redis://127.0.0.1:1/0"):
                place = await in_thread(chat.enter)(name=room, visitor=support.visitor(bob))
                await in_thread(support.write)(place.room.id, bob, "unpoked")
            gateway._client.cache_clear()
            assert (await socket.next_of("message"))["text"] == "unpoked"
            await in_thread(db.execute)(
                "UPDATE chat_liveprocess SET alive_until = now() - interval '1 second' WHERE id <> (SELECT process_id FROM"
                " chat_presence WHERE number = 1 LIMIT 1)"
            )
            await socket.next_like("presence", online=1)

    async def test_redis_away_from_the_start_leaves_the_poll(
        self, start_live: Callable[..., Live], room: str, bob: Actor
    ) -> None:
        live = start_live(REDIS_URL="redis://127.0.0.1:1/0")
        async with live.room(room, await ticket_of(bob)) as one, live.room(room) as two:
            for socket in (one, two):
                await socket.next_of("welcome")
                await socket.next_like("presence", online=2)
            await one.send(say("by rows alone"))
            assert (await two.next_of("message"))["text"] == "by rows alone"
