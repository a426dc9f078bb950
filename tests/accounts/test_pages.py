"""The account pages: sessions, redirects, mails, and forms that keep what was typed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from apps.accounts import interface as accounts
from apps.accounts.errors import InvalidRefreshToken
from apps.accounts.models import User
from apps.notifications.services.send_letters import send_letters
from apps.outbox import interface as outbox
from apps.platform import db
from apps.platform.actors import SYSTEM, Actor

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"
BOB = {"email": "bob@example.org", "password": PASSWORD}
DORA = {"email": "dora@example.org", "password": PASSWORD, "name": "Dora"}


def sign_in(client: Client, **fields: str) -> Any:
    return client.post("/accounts/sign-in/", BOB | fields)


def is_signed_in(client: Client) -> bool:
    return bool(client.get("/accounts/profile/").status_code == 200)


def test_signing_up_signs_in(client: Client):
    response = client.post("/accounts/sign-up/", DORA | {"role": "staff", "roles": "staff"})
    assert (response.status_code, response["Location"]) == (302, "/")
    assert is_signed_in(client)
    assert accounts.get_user(user_id=User.objects.get().pk).roles == {"donor"}


def test_signing_in_and_out(client: Client, bob: Actor):
    assert not is_signed_in(client)
    assert sign_in(client).status_code == 302
    assert is_signed_in(client)
    assert client.get("/accounts/sign-out/").status_code == 405
    assert client.post("/accounts/sign-out/").status_code == 302
    assert not is_signed_in(client)


def test_a_stranger_is_asked_to_sign_in_first_and_comes_back(client: Client, bob: Actor):
    response = client.get("/accounts/profile/")
    assert response["Location"] == "/accounts/sign-in/?next=/accounts/profile/"
    assert b'name="next" value="/accounts/profile/"' in client.get(response["Location"]).content
    assert sign_in(client, next="/accounts/profile/")["Location"] == "/accounts/profile/"


@pytest.mark.parametrize(
    "goal", ["https://evil.example", "//evil.example/x", "javascript:alert(1)", "/\\evil.example", "\x00"]
)
def test_nobody_is_sent_to_another_site(client: Client, bob: Actor, goal: str):
    assert sign_in(client, next=goal)["Location"] == "/"


def test_a_refused_sign_in_keeps_the_address_and_not_the_password(client: Client, bob: Actor):
    pages = []
    for email in ("bob@example.org", "nobo@example.org"):
        response = sign_in(client, email=email, password="my wrong password")
        page = response.content.decode()
        assert response.status_code == 422
        assert f'value="{email}"' in page
        assert "my wrong password" not in page
        pages.append(re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page.replace(email, "")))
    assert pages[0] == pages[1]
    assert 'role="alert"' in pages[0]


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", ""), ("email", "x"), ("email", "a\x00@b.org"), ("name", ""), ("name", "Do\u202era"), ("name", "x\x07y"),
     ("name", "x" * 121), ("password", ""), ("password", "short"), ("password", "x" * 1025)],
)  # fmt: skip
def test_an_error_stands_beside_its_field_and_what_was_typed_stays(client: Client, field: str, value: str):
    response = client.post("/accounts/sign-up/", DORA | {field: value})
    page = response.content.decode()
    assert response.status_code == 422
    assert f'id="id_{field}_error"' in page
    assert re.search(rf'<input[^>]*name="{field}"[^>]*aria-describedby="[^"]*id_{field}_error', page)
    assert 'value="Dora"' in page or field == "name"
    assert PASSWORD not in page
    assert not User.objects.exists()


def test_a_taken_address_is_said_beside_the_address(client: Client, bob: Actor):
    response = client.post("/accounts/sign-up/", DORA | {"email": "Bob@example.org"})
    assert response.status_code == 422
    assert 'id="id_email_error"' in response.content.decode()


@pytest.mark.parametrize("path", ["sign-in", "sign-up", "sign-out", "password-reset", "profile", "profile/password"])
def test_a_form_from_elsewhere_is_refused(bob: Actor, path: str):
    client = Client(enforce_csrf_checks=True)
    assert client.post(f"/accounts/{path}/", BOB).status_code == 403


def test_the_profile_shows_and_renames_the_person(client: Client, bob: Actor):
    sign_in(client)
    page = client.get("/accounts/profile/")
    assert "bob@example.org" in page.content.decode()
    assert page["Cache-Control"].startswith("max-age=0")
    assert client.post("/accounts/profile/", {"name": "Robert"}).status_code == 302
    assert client.post("/accounts/profile/", {"name": "x\x07y"}).status_code == 422
    assert accounts.get_user(user_id=bob.user_id).name == "Robert"  # type: ignore[arg-type]


def test_a_deactivated_person_is_out_at_once(client: Client, bob: Actor):
    sign_in(client)
    accounts.deactivate(user_id=bob.user_id, by=SYSTEM)  # type: ignore[arg-type]
    assert not is_signed_in(client)
    assert sign_in(client).status_code == 422


def test_a_new_password_ends_every_other_session(client: Client, bob: Actor):
    elsewhere = Client()
    sign_in(client)
    sign_in(elsewhere)
    assert (
        client.post("/accounts/profile/password/", {"old_password": "no", "password": "new long words"}).status_code
        == 422
    )
    changed = client.post("/accounts/profile/password/", {"old_password": PASSWORD, "password": "new long words"})
    assert changed.status_code == 302
    assert (is_signed_in(client), is_signed_in(elsewhere)) == (True, False)


def test_the_answer_to_a_reset_is_the_same_for_everyone(client: Client, bob: Actor, mailoutbox: list[Any]):
    answers = [
        client.post("/accounts/password-reset/", {"email": email}) for email in ("BOB@example.org", "x@example.org")
    ]
    assert {(each.status_code, each["Location"]) for each in answers} == {(302, "/accounts/password-reset/sent/")}
    assert mailoutbox == [], "the time of the answer tells nothing: a worker sends the mail"
    send_what_waits()
    assert [mail.to for mail in mailoutbox] == [["bob@example.org"]]
    stored = str(
        db.rows("SELECT payload::text FROM outbox_event") + db.rows("SELECT data::text FROM notifications_letter")
    )
    assert re.search(r"/accounts/password-reset/[^/]+/([^/]+)/", mailoutbox[0].body)[1] not in stored  # type: ignore[index]
    assert client.get("/accounts/password-reset/sent/").status_code == 200


def send_what_waits() -> None:
    outbox.drain()
    send_letters()


def reset_link(client: Client, mailoutbox: list[Any], host: str = "testserver") -> str:
    client.post("/accounts/password-reset/", {"email": "bob@example.org"}, headers={"Host": host})
    send_what_waits()
    found = re.search(r"(https?://\S+?)(/accounts/\S+)", mailoutbox[-1].body)
    assert found
    assert found[1] == "http://127.0.0.1:8000"
    assert found[2] in mailoutbox[-1].alternatives[0][0]
    return found[2]


def test_a_reset_link_works_once(client: Client, bob: Actor, mailoutbox: list[Any]):
    tokens = accounts.issue_tokens(user_id=bob.user_id)  # type: ignore[arg-type]
    link = reset_link(client, mailoutbox, host="evil.example")
    form = client.get(link)["Location"]
    assert client.post(form, {"password": "short"}).status_code == 422
    assert client.post(form, {"password": "an entirely new sentence"})["Location"] == "/accounts/sign-in/"
    assert sign_in(client, password="an entirely new sentence").status_code == 302
    with pytest.raises(InvalidRefreshToken):
        accounts.rotate_refresh(refresh=tokens.refresh)
    again = Client().get(link)
    assert again.status_code == 200
    assert 'name="password"' not in again.content.decode()


@pytest.mark.parametrize("link", ["x/y", "AAAA/set-password", "%00/%00", "Ym9i/abc-def"])
def test_a_made_up_reset_link_offers_a_new_one(client: Client, link: str):
    response = client.get(f"/accounts/password-reset/{link}/")
    assert response.status_code == 200
    assert 'name="password"' not in response.content.decode()


def test_guessing_is_throttled_on_the_page_too(client: Client, bob: Actor, settings: Any):
    settings.RATE_LIMITS = True
    answers = [sign_in(client, email="guessed@example.org", password="guess") for _ in range(11)]
    assert [each.status_code for each in answers[:10]] == [422] * 10
    assert (answers[10].status_code, int(answers[10]["Retry-After"]) >= 1) == (429, True)


def test_a_new_account_confirms_its_address_by_mail(client: Client, mailoutbox: list[Any]):
    client.post("/accounts/sign-up/", DORA)
    assert "Send the link again" in client.get("/accounts/profile/").content.decode()
    send_what_waits()
    [mail] = mailoutbox
    assert mail.to == [DORA["email"]]
    link = re.search(r"(/accounts/verify/\S+)", mail.body)[1]  # type: ignore[index]
    client.get(link)
    assert "Send the link again" in client.get("/accounts/profile/").content.decode(), "looking confirms nothing"
    assert Client().post(link[:-3] + "x/").status_code == 404
    assert client.post(link).status_code == 302
    assert "confirmed" in client.get("/accounts/profile/").content.decode()
    client.post("/accounts/verify/")
    send_what_waits()
    assert len(mailoutbox) == 1, "who has confirmed is not asked again"


def test_a_link_for_another_address_confirms_nothing(client: Client, mailoutbox: list[Any]):
    client.post("/accounts/sign-up/", DORA)
    send_what_waits()
    link = re.search(r"(/accounts/verify/\S+)", mailoutbox[0].body)[1]  # type: ignore[index]
    User.objects.filter(email=DORA["email"]).update(email="dora.new@example.org")
    assert client.post(link).status_code == 404
