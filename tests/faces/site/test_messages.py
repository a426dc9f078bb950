"""The pages behind the bell: what a person was told, marked as read, and wished for."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from apps.notifications import interface as notifications
from apps.platform.actors import Actor
from apps.pledges import interface as pledges
from tests.pledges.support import captured, open_campaign, tell, wish

pytestmark = pytest.mark.django_db


def sign_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(pk=actor.user_id))
    return client


def test_two_people_see_their_own_and_the_bell_counts(alice: Actor, bob: Actor) -> None:
    campaign = open_campaign(alice)
    tell(
        captured(
            pledges.make_pledge(
                new=wish(campaign.id, donor_id=bob.user_id, donor_name="Hidden", anonymous=True)
            ).pledge_id
        )
    )
    manager, donor = sign_in(alice), sign_in(bob)

    of_manager, of_donor = (each.get("/inbox/").content.decode() for each in (manager, donor))
    assert "received" in of_manager
    assert "Hidden" not in of_manager
    assert "has arrived" in of_donor
    assert "received" not in of_donor
    assert "data-number>2<" in of_donor
    assert "/receipts/" in of_donor
    donor.post("/inbox/read/")
    assert "data-unread hidden" in donor.get("/").content.decode()
    assert "data-unread>" in manager.get("/").content.decode()


def test_an_empty_inbox_says_so_and_guests_sign_in(bob: Actor) -> None:
    assert "Nothing here yet" in sign_in(bob).get("/inbox/").content.decode()
    assert Client().get("/inbox/")["Location"].startswith("/accounts/sign-in/")
    assert sign_in(bob).get("/inbox/?cursor=nonsense").status_code == 400


def test_wishes_are_kept_and_wrong_ones_come_back(alice: Actor) -> None:
    client = sign_in(alice)
    page = client.get("/inbox/preferences/").content.decode()
    assert 'name="email-goal_reached"' in page
    assert 'name="email-receipt_ready"' not in page
    assert 'name="live-review_waiting"' not in page
    wanted: dict[str, Any] = {"language": "bn", "time_zone": "Asia/Dhaka", "quiet_from": "1320", "quiet_to": "420"}
    assert client.post("/inbox/preferences/", wanted | {"live-new_gift": "on"}).status_code == 302
    assert alice.user_id
    said = notifications.get_preferences(user_id=alice.user_id, roles=alice.roles)
    assert (said.language, said.time_zone, said.quiet_from, said.quiet_to) == ("bn", "Asia/Dhaka", 1320, 420)
    assert {wish.kind for wish in said.kinds if wish.live} == {"new_gift"}
    assert client.post("/inbox/preferences/", wanted | {"quiet_to": ""}).status_code == 422
    assert client.post("/inbox/preferences/", wanted | {"time_zone": "Mars/Base"}).status_code == 422
