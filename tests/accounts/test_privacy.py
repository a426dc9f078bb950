"""Taking data along, ending sessions, being forgotten: afterwards no row of either database names the person."""

from __future__ import annotations

import json

import pytest
from django.db import connections
from django.test import Client

from apps.accounts import interface as accounts
from apps.chat import interface as chat
from apps.outbox import interface as outbox
from apps.platform import db
from apps.platform.actors import Actor
from apps.pledges import interface as pledges
from apps.reporting import interface as reporting
from tests.conftest import PASSWORD
from tests.pledges.support import captured, open_campaign, wish

pytestmark = pytest.mark.django_db(databases=["default", "bank"], transaction=True)
BOB = ("bob@example.org", "Bob Donor", "With love from Bob")


def signed_in(email: str = "bob@example.org") -> Client:
    client = Client()
    answer = client.post("/accounts/sign-in/", {"email": email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content
    return client


def give(alice: Actor, bob: Actor) -> pledges.MadePledge:
    gift = pledges.make_pledge(
        new=wish(open_campaign(alice).id, donor_id=bob.user_id, donor_email=BOB[0], donor_name=BOB[1], message=BOB[2])
    )
    from django.db import transaction

    with transaction.atomic():
        outbox.publish(captured(gift.pledge_id))
    settle()
    return gift


def say(who: Actor, text: str) -> None:
    """Write in the room of the only campaign."""
    (campaign,) = db.rows("SELECT id FROM campaigns_campaign")
    place = chat.enter(name=f"campaign:{campaign['id']}", visitor=chat.Visitor(who))
    chat.post_message(room_id=place.room.id, visitor=chat.Visitor(who), client_id="c1", message=text)


def settle() -> None:
    outbox.drain()
    reporting.refresh()
    outbox.drain()


def rows_that_name(*words: str) -> list[str]:
    """Tables of both databases in which one of the words stands anywhere."""
    found = []
    for alias in ("default", "bank"):
        tables = db.rows("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'", using=alias)
        for table in sorted(row["name"] for row in tables):
            for word in words:
                with connections[alias].cursor() as cursor:
                    cursor.execute(f'SELECT count(*) FROM "{table}" AS r WHERE r::text ILIKE %s', [f"%{word}%"])
                    if cursor.fetchone()[0]:
                        found.append(f"{alias}.{table}: {word}")
    return found


def test_after_erasure_nothing_names_the_person_and_the_books_stay_whole(alice: Actor, bob: Actor) -> None:
    gift = give(alice, bob)
    say(bob, "I am Bob Donor, write to bob@example.org")
    before = rows_that_name(*BOB)
    named = {"default.pledges_donor", "default.accounts_user", "default.chat_message"}
    assert {each.split(":")[0] for each in before} >= named, "the control"

    client = signed_in()
    answer = client.post("/accounts/profile/privacy/erasure/", {"password": PASSWORD, "understood": "on"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    settle()

    assert rows_that_name(*BOB) == []
    assert client.get("/accounts/profile/").status_code == 302, "signed out"
    assert Client().post("/accounts/sign-in/", {"email": BOB[0], "password": PASSWORD}).status_code == 422
    tracked = pledges.follow_gift(tracking_token=gift.tracking_token)
    assert (tracked.status, tracked.amount) == ("captured", 500_00)
    assert tracked.receipt_number


def test_erasure_asks_for_the_password_and_a_tick(bob: Actor) -> None:
    client = signed_in()
    for wrong in ({"password": "wrong", "understood": "on"}, {"password": PASSWORD}, {}):
        answer = client.post("/accounts/profile/privacy/erasure/", wrong)
        assert answer.status_code == 422
        assert PASSWORD not in answer.content.decode()
    assert accounts.find_user_by_email(email=BOB[0])


def test_managers_hand_over_first(alice: Actor) -> None:
    answer = signed_in("alice@example.org").post(
        "/accounts/profile/privacy/erasure/", {"password": PASSWORD, "understood": "on"}
    )
    assert answer.status_code == 422
    assert "hand over their roles" in answer.content.decode()
    assert accounts.find_user_by_email(email="alice@example.org")


def test_one_file_holds_what_is_known_about_the_caller_only(alice: Actor, bob: Actor, charlie: Actor) -> None:
    give(alice, bob)
    say(bob, "Good luck!")
    say(charlie, "Not Bob's")
    answer = signed_in().get("/accounts/profile/privacy/data/")
    assert "attachment" in answer.headers["Content-Disposition"]
    data = json.loads(answer.content)
    assert data["account"]["email"] == BOB[0]
    assert [each["amount"] for each in data["gifts"]] == [500_00]
    assert [each["text"] for each in data["messages"]] == ["Good luck!"]
    assert "password" not in answer.content.decode()
    assert json.loads(signed_in("charlie@example.org").get("/accounts/profile/privacy/data/").content)["gifts"] == []


def test_every_other_session_ends(bob: Actor) -> None:
    here, there = signed_in(), signed_in()
    assert here.post("/accounts/profile/privacy/sessions/").status_code == 302
    assert here.get("/accounts/profile/").status_code == 200
    assert there.get("/accounts/profile/").status_code == 302


@pytest.mark.parametrize("path", ["", "data/", "erasure/"])
def test_strangers_are_sent_to_sign_in(path: str) -> None:
    answer = Client().get(f"/accounts/profile/privacy/{path}")
    assert answer.status_code == 302
    assert "/accounts/sign-in/" in answer.headers["Location"]
