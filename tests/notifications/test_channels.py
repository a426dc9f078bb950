"""Kind x channel x wish: each kind is heard exactly where its person wants it, whatever is wanted elsewhere; and the digest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from apps.notifications import interface as notifications
from apps.notifications.interface import ALWAYS_MAILED, KINDS, KindPreference
from apps.notifications.services.digests import write_digests
from apps.notifications.services.post_inbox import NewInboxEntry, post_inbox
from apps.notifications.services.send_letters import send_letters
from apps.platform import clock, db
from apps.platform.actors import Actor

pytestmark = pytest.mark.django_db
WISHES = [KindPreference("", *wish) for wish in product((True, False), repeat=3)]
ABOUT = {
    "title": "Blankets",
    "slug": "blankets",
    "amount": 500_00,
    "raised_amount": 500_00,
    "currency": "BDT",
    "update_title": "News",
    "url": "https://example.org",
    "anomaly": "late",
    "payment": "1",
    "pledge": "1",
    "provider": "bank",
    "number": 1,
}
EVENING = datetime(2031, 5, 1, 18, 0, tzinfo=UTC)


def want(actor: Actor, wish: KindPreference, *kinds: str, **person: Any) -> None:
    assert actor.user_id
    wanted = [KindPreference(kind, wish.live, wish.email, wish.digest) for kind in kinds]
    notifications.set_preferences(user_id=actor.user_id, kinds=wanted, **person)


def tell(actor: Actor, key: str, *kinds: str) -> None:
    assert actor.user_id
    user_id = actor.user_id
    post_inbox([NewInboxEntry(user_id=user_id, kind=kind, key=key, at=clock.now(), data=ABOUT) for kind in kinds])


def read_all(actor: Actor) -> None:
    assert actor.user_id
    notifications.mark_read(user_id=actor.user_id)


def mailed() -> set[str]:
    """The kinds of the notices that were sent; the next call begins anew."""
    rows = db.rows(
        """SELECT entry.kind FROM notifications_letter AS letter JOIN notifications_inboxentry AS entry ON entry.id = letter.about
           WHERE letter.kind = 'notice' AND letter.status = 'sent'"""
    )
    db.execute("DELETE FROM notifications_letter")
    return {row["kind"] for row in rows}


@pytest.mark.parametrize("wish", WISHES)
def test_every_kind_is_heard_where_it_is_wanted(bob: Actor, mailoutbox: list[Any], wish: KindPreference) -> None:
    assert bob.user_id
    everything = set(KINDS)
    day = clock.FrozenClock(EVENING)
    with clock.use(day):
        want(bob, wish, *KINDS)
        tell(bob, "1", *KINDS)
        heard = {entry.kind for entry in notifications.read_inbox(user_id=bob.user_id, after=0)}
        assert heard == (everything if wish.live else set())
        assert notifications.unread_count(user_id=bob.user_id) == len(heard)
        send_letters()
        assert mailed() == (everything - ALWAYS_MAILED if wish.email else set())
        mailoutbox.clear()
        day.forward(timedelta(hours=15))
        write_digests()
        send_letters()
        subjects = [mail.subject for mail in mailoutbox]
        assert subjects == ([f"{len(KINDS)} new messages"] if wish.digest else [])
    listed = notifications.list_inbox(user_id=bob.user_id, page_size=50).results
    assert {entry.kind for entry in listed} == everything, "in the list in any case"


class TestDigest:
    def test_one_a_day_in_the_persons_morning_of_what_is_unread_still(self, bob: Actor, mailoutbox: list[Any]) -> None:
        wish = KindPreference("", live=True, email=False, digest=True)
        day = clock.FrozenClock(EVENING)
        with clock.use(day):
            want(bob, wish, "mentioned", time_zone="Asia/Dhaka", language="bn")
            for number in range(3):
                tell(bob, str(number), "mentioned")
            day.forward(timedelta(hours=7, minutes=59))  # 07:59 in Dhaka
            assert write_digests() == 0
            day.forward(timedelta(minutes=1))
            assert [write_digests(), write_digests()] == [1, 0], "however many schedulers run"
            send_letters()
            [mail] = mailoutbox
            assert mail.body.count("Blankets") == 3
            assert 'lang="bn"' in mail.alternatives[0][0]
            day.forward(timedelta(days=1))
            assert write_digests() == 0, "nothing new"
            day.forward(timedelta(hours=12))
            tell(bob, "4", "mentioned")
            day.forward(timedelta(hours=12))
            assert write_digests() == 1
            read_all(bob)
            mailoutbox.clear()
            send_letters()
            assert mailoutbox == [], "read meanwhile"

    def test_it_stops_with_one_click_and_leaves_the_rest(self, bob: Actor, mailoutbox: list[Any]) -> None:
        day = clock.FrozenClock(EVENING)
        with clock.use(day):
            want(bob, KindPreference("", live=True, email=True, digest=True), "mentioned")
            tell(bob, "1", "mentioned")
            send_letters()
            mailoutbox.clear()
            day.forward(timedelta(hours=15))
            write_digests()
            send_letters()
            [mail] = mailoutbox
            assert mail.message()["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
            link = mail.message()["List-Unsubscribe"].strip("<>").removeprefix(settings.PUBLIC_URL)
            assert Client(enforce_csrf_checks=True).post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
            wishes = notifications.get_preferences(user_id=bob.user_id, roles=bob.roles).kinds  # type: ignore[arg-type]
            assert not any(wish.digest for wish in wishes)
            assert {wish.email for wish in wishes if wish.kind == "mentioned"} == {True}
            tell(bob, "2", "mentioned")
            day.forward(timedelta(days=1))
            assert write_digests() == 0

    def test_an_address_that_bounced_gets_none(self, bob: Actor, mailoutbox: list[Any]) -> None:
        day = clock.FrozenClock(EVENING)
        with clock.use(day):
            want(bob, KindPreference("", live=True, email=True, digest=True), "mentioned")
            notifications.mark_bounced(address="Bob@Example.org", reason="550")
            tell(bob, "1", "mentioned")
            day.forward(timedelta(hours=15))
            write_digests()
            send_letters()
        assert mailoutbox == []
        assert {row["status"] for row in db.rows("SELECT status FROM notifications_letter")} == {"dropped"}
