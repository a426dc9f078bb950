"""Where somebody is signed in: what the page says, what ending does, and what is swept."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from apps.accounts import interface as accounts
from apps.accounts.errors import InvalidRefreshToken
from apps.accounts.models import SiteSession
from apps.faces.site.accounts.sessions import device
from apps.platform import clock
from apps.platform.actors import Actor
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (Android 13; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0"
DESK = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
PLACE = "/accounts/profile/sessions/"


def signed_in(agent: str, email: str = "bob@example.org") -> Client:
    client = Client(headers={"User-Agent": agent})
    client.post("/accounts/sign-in/", {"email": email, "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return bool(client.get("/accounts/profile/").status_code == 200)


def buttons(client: Client) -> list[str]:
    return re.findall(rf'action="({PLACE}[^"]+/end/)"', client.get(PLACE).content.decode())


def test_each_place_is_listed_and_ended_alone(bob: Actor, charlie: Actor) -> None:
    desk, phone, other = signed_in(DESK), signed_in(PHONE), signed_in(PHONE, "charlie@example.org")
    app = accounts.issue_tokens(user_id=bob.user_id, user_agent="Giving/1.0 \x07<b>")  # type: ignore[arg-type]
    page = desk.get(PLACE).content.decode()
    assert "Chrome on Linux" in page
    assert "Firefox Mobile on Android" in page
    assert page.count("this one") == 1
    found = accounts.list_sessions(user_id=bob.user_id)  # type: ignore[arg-type]
    assert sorted(each.kind for each in found) == ["api", "site", "site"]
    assert len(buttons(desk)) == 2, "none for this one"
    for key in Session.objects.values_list("session_key", flat=True):
        assert key not in page

    [mine] = [each for each in found if each.user_agent == PHONE]
    assert other.post(f"{PLACE}{mine.id}/end/").status_code == 302
    assert is_in(phone), "somebody else ends nothing of mine"
    assert desk.post(f"{PLACE}{mine.id}/end/").status_code == 302
    assert (is_in(phone), is_in(desk), is_in(other)) == (False, True, True)
    [api] = [each for each in found if each.kind == "api"]
    desk.post(f"{PLACE}{api.id}/end/")
    with pytest.raises(InvalidRefreshToken):
        accounts.rotate_refresh(refresh=app.refresh)
    assert buttons(desk) == []


def test_all_others_end_at_once_and_this_one_goes_on(bob: Actor) -> None:
    desk, phone = signed_in(DESK), signed_in(PHONE)
    app = accounts.issue_tokens(user_id=bob.user_id)  # type: ignore[arg-type]
    desk.post("/accounts/profile/privacy/sessions/")
    assert (is_in(desk), is_in(phone)) == (True, False)
    with pytest.raises(InvalidRefreshToken):
        accounts.rotate_refresh(refresh=app.refresh)
    assert [each.is_current for each in _listed(desk)] == [True]


@pytest.mark.parametrize("how", ["a new password", "signing out"])
def test_what_ended_otherwise_is_not_listed(bob: Actor, how: str) -> None:
    desk, phone = signed_in(DESK), signed_in(PHONE)
    if how == "signing out":
        phone.post("/accounts/sign-out/")
    else:
        words = {"old_password": PASSWORD, "password": "another good sentence"}
        assert desk.post("/accounts/profile/password/", words).status_code == 302
    assert [each.is_current for each in _listed(desk)] == [True]


def test_last_sight_is_noted_every_few_minutes_only(bob: Actor) -> None:
    with clock.use(clock.FrozenClock(clock.now())) as time:
        desk = signed_in(DESK)
        began = SiteSession.objects.get().last_seen_at
        time.forward(timedelta(minutes=4))  # type: ignore[attr-defined]
        desk.get(PLACE)
        assert SiteSession.objects.get().last_seen_at == began
        time.forward(timedelta(minutes=2))  # type: ignore[attr-defined]
        desk.get(PLACE)
        assert SiteSession.objects.get().last_seen_at == began + timedelta(minutes=6)


def test_expired_sessions_and_their_notes_are_swept(bob: Actor) -> None:
    desk, phone = signed_in(DESK), signed_in(PHONE)
    Session.objects.filter(session_key=phone.session.session_key).update(expire_date=clock.now() - timedelta(days=1))
    assert len(_listed(desk)) == 1
    assert accounts.forget_ended_sessions() == 1
    assert (Session.objects.count(), SiteSession.objects.count()) == (1, 1)


def test_devices_say_what_they_say() -> None:
    assert device(DESK) == "Chrome on Linux"
    assert device("curl/8.1") == "curl"
    assert device("") == device("<script>") == "A device that does not say what it is"


def test_the_list_costs_the_same_for_one_and_for_many(bob: Actor, django_assert_max_num_queries: Any) -> None:
    desk = signed_in(DESK)
    for _ in range(3):
        accounts.issue_tokens(user_id=bob.user_id)  # type: ignore[arg-type]
    with django_assert_max_num_queries(12) as few:
        desk.get(PLACE)
    for _ in range(9):
        accounts.issue_tokens(user_id=bob.user_id)  # type: ignore[arg-type]
    with django_assert_max_num_queries(12) as many:
        desk.get(PLACE)
    assert len(many) == len(few)


def _listed(client: Client) -> list[accounts.SignedIn]:
    key = client.session.session_key
    owner = SiteSession.objects.get(session_key=key).user_id if key else None
    return accounts.list_sessions(user_id=owner, session_key=key)  # type: ignore[arg-type]
