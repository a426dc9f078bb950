"""What concerns one person comes to that person's sockets, all of it, once, and to nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import override_settings

from apps.accounts import interface as accounts
from apps.campaigns import interface as campaigns
from apps.notifications import interface as notifications
from apps.notifications.gateway import pokes as gateway
from apps.platform.actors import Actor
from apps.platform.ids import new_id
from apps.pledges import interface as pledges
from tests.faces.live.conftest import Live, Socket, in_thread
from tests.pledges.support import authorized, captured, open_campaign, tell, wish

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def campaign(alice: Actor) -> campaigns.Campaign:
    return open_campaign(alice)


@in_thread
def give(campaign_id: UUID, donor: Actor, *, redis_url: str = "") -> UUID:
    """A signed-in donor's gift that goes all the way, and everyone who is told of it."""
    gift = pledges.make_pledge(new=wish(campaign_id, donor_id=donor.user_id, donor_email="bob@example.org"))
    gateway._client.cache_clear()
    with override_settings(**({"REDIS_URL": redis_url} if redis_url else {})):
        tell(authorized(gift.pledge_id), captured(gift.pledge_id))
    gateway._client.cache_clear()
    return gift.pledge_id


@in_thread
def ticket_of(actor: Actor) -> str:
    assert actor.user_id
    return "?ticket=" + accounts.issue_ws_ticket(user_id=actor.user_id)


async def told(socket: Socket) -> list[str]:
    """The kinds of own notifications that have come to this socket by now."""
    return [frame["data"]["kind"] for frame in await socket.all_until_quiet() if frame["type"] == "notification"]


@in_thread
def seqs_of(actor: Actor, after: int = 0) -> list[int]:
    assert actor.user_id
    return [entry.seq for entry in notifications.read_inbox(user_id=actor.user_id, after=after)]


async def next_of_kind(socket: Socket, kind: str) -> dict[str, object]:
    while (frame := await socket.next_of("notification"))["data"]["kind"] != kind:
        pass
    return dict(frame["data"])


async def test_each_caller_is_told_what_is_theirs(
    live: Live, campaign: campaigns.Campaign, alice: Actor, bob: Actor, charlie: Actor
) -> None:
    """Topic x caller: everyone hears the public feed of what they follow; only Bob hears of his gift, only Alice of hers."""
    async with (
        live.socket() as nobody,
        live.socket(await ticket_of(bob)) as donor,
        live.socket(await ticket_of(bob)) as second_window,
        live.socket(await ticket_of(alice)) as manager,
        live.socket(await ticket_of(charlie)) as stranger,
    ):
        for socket in (nobody, donor, second_window, manager, stranger):
            await socket.next_of("welcome")
        await nobody.subscribe("platform")
        await stranger.subscribe(f"campaign:{campaign.id}")
        pledge_id = await give(campaign.id, bob)
        for window in (donor, second_window):
            about = await next_of_kind(window, "gift_captured")
            assert about["unread"]
            assert str(pledge_id) in str(about["about"])
        await next_of_kind(manager, "new_gift")
        for socket in (nobody, stranger):
            assert (await socket.next_of("pledge.captured"))["data"]["amount"] == 500_00
            assert await told(socket) == []
        assert "gift_captured" not in await told(manager)
        assert "new_gift" not in await told(donor)


async def test_what_was_missed_comes_after_a_number_or_an_entry_in_order_once(
    live: Live, campaign: campaigns.Campaign, bob: Actor, charlie: Actor
) -> None:
    await give(campaign.id, bob)
    await give(campaign.id, bob)
    expected = await seqs_of(bob)
    assert len(expected) > 2
    async with live.socket(await ticket_of(bob)) as socket:
        welcome = await socket.next_of("welcome")
        assert welcome["data"]["inbox"] == expected[-1]
        await socket.send({"type": "resume", "inbox": 0})
        frames = [await socket.next_of("notification") for _ in expected]
        assert [frame["data"]["seq"] for frame in frames] == expected
        await socket.send({"type": "resume", "inbox": 0})
        assert await told(socket) == [], "told once"
        first = frames[0]["id"]
    async with live.socket(await ticket_of(bob)) as socket:
        await socket.next_of("welcome")
        await socket.send({"type": "resume", "after": first})
        assert [(await socket.next_of("notification"))["data"]["seq"] for _ in expected[1:]] == expected[1:]
    async with live.socket(await ticket_of(charlie)) as stranger, live.socket() as nobody:
        await stranger.next_of("welcome")
        await nobody.next_of("welcome")
        for frame, socket, code in [
            ({"type": "resume", "after": first}, stranger, "unknown-position"),
            ({"type": "resume", "after": str(new_id())}, stranger, "unknown-position"),
            ({"type": "resume", "inbox": -1}, stranger, "missed-too-much"),
            ({"type": "resume"}, stranger, "invalid-frame"),
            ({"type": "resume", "inbox": 0}, nobody, "not-authenticated"),
            ({"type": "resume", "after": first}, nobody, "unknown-position"),
        ]:
            await socket.send(frame)
            assert (await socket.next_of("error"))["data"]["code"] == code
        await stranger.send({"type": "resume", "inbox": 0})
        assert await told(stranger) == []


async def test_a_lost_poke_is_healed_by_the_poll(
    start_live: Callable[..., Live], campaign: campaigns.Campaign, bob: Actor
) -> None:
    live = start_live(LIVE_POLL_SECONDS="1")
    async with live.socket(await ticket_of(bob)) as socket:
        await socket.next_of("welcome")
        await give(campaign.id, bob, redis_url="redis://127.0.0.1:1/0")
        await next_of_kind(socket, "gift_captured")
