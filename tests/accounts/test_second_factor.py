"""The second factor: set up by the app's first code, asked at every door that the password opens, each code once."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pyotp
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client, override_settings

from apps.accounts import interface as accounts
from apps.accounts.errors import InvalidSecondFactor, SecondFactorExists
from apps.accounts.models import RecoveryCode, SecondFactor
from apps.notifications.services.send_letters import send_letters
from apps.outbox import interface as outbox
from apps.platform import clock, db
from apps.platform.actors import Actor
from apps.platform.errors import Forbidden, TooManyRequests
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
BOB = {"email": "bob@example.org", "password": PASSWORD}
PLACE = "/accounts/profile/second-factor/"


@pytest.fixture
def time() -> Iterator[clock.FrozenClock]:
    with clock.use(clock.FrozenClock(datetime(2026, 3, 1, 12, tzinfo=UTC))) as frozen:
        yield frozen  # type: ignore[misc]


class App:
    """An authenticator app that holds the secret, with the test's clock."""

    def __init__(self, user_id: Any) -> None:
        self.totp = pyotp.TOTP(accounts.begin_second_factor(user_id=user_id).secret)

    def code(self, steps: int = 0) -> str:
        return self.totp.generate_otp(int(clock.now().timestamp()) // 30 + steps)


def protect(person: Actor, time: clock.FrozenClock) -> tuple[App, tuple[str, ...]]:
    app = App(person.user_id)
    codes = accounts.confirm_second_factor(user_id=person.user_id, code=app.code())  # type: ignore[arg-type]
    time.forward(timedelta(seconds=30))
    return app, codes


def prove(person: Actor, code: str) -> None:
    accounts.prove_second_factor(user_id=person.user_id, code=code)  # type: ignore[arg-type]


def is_signed_in(client: Client) -> bool:
    return bool(client.get("/accounts/profile/").status_code == 200)


def test_a_code_works_once_and_within_a_step_of_now(bob: Actor, time: clock.FrozenClock) -> None:
    app, _ = protect(bob, time)
    code = app.code()
    prove(bob, f" {code[:3]} {code[3:]} ")
    for used_or_old in (code, app.code(-1), app.code(-2), app.code(2), "", "12345", "٣٤٥٦٧٨", "\x00" * 6):
        with pytest.raises(InvalidSecondFactor):
            prove(bob, used_or_old)
        SecondFactor.objects.update(attempts=0, blocked_until=None)
    prove(bob, app.code(1))


def test_it_counts_only_once_it_was_confirmed(bob: Actor, time: clock.FrozenClock) -> None:
    app = App(bob.user_id)
    assert not accounts.has_second_factor(user_id=bob.user_id)  # type: ignore[arg-type]
    for wrong in ("000000", app.code(5)):
        with pytest.raises(InvalidSecondFactor):
            accounts.confirm_second_factor(user_id=bob.user_id, code=wrong)  # type: ignore[arg-type]
    with pytest.raises(InvalidSecondFactor):
        prove(bob, app.code())
    newer = App(bob.user_id)
    accounts.confirm_second_factor(user_id=bob.user_id, code=newer.code())  # type: ignore[arg-type]
    assert accounts.has_second_factor(user_id=bob.user_id)  # type: ignore[arg-type]
    with pytest.raises(SecondFactorExists):
        App(bob.user_id)


def test_a_recovery_code_works_once_and_new_ones_void_the_old(bob: Actor, time: clock.FrozenClock) -> None:
    _, codes = protect(bob, time)
    assert len(set(codes)) == 10
    prove(bob, codes[0].lower().replace("-", " "))
    with pytest.raises(InvalidSecondFactor):
        prove(bob, codes[0])
    assert accounts.second_factor_of(user_id=bob.user_id).codes_left == 9  # type: ignore[union-attr, arg-type]
    newer = accounts.renew_recovery_codes(user_id=bob.user_id)  # type: ignore[arg-type]
    with pytest.raises(InvalidSecondFactor):
        prove(bob, codes[1])
    prove(bob, newer[1])


def test_guessing_gets_slower_and_success_forgives(bob: Actor, charlie: Actor, time: clock.FrozenClock) -> None:
    app, _ = protect(bob, time)
    other, _ = protect(charlie, time)
    waits = []
    for _ in range(9):
        with pytest.raises(InvalidSecondFactor):
            prove(bob, "000000")
        if until := SecondFactor.objects.get(user_id=bob.user_id).blocked_until:
            with pytest.raises(TooManyRequests) as refused:
                prove(bob, app.code())
            waits.append((until - clock.now()).total_seconds())
            assert refused.value.retry_after > 0  # type: ignore[operator]
            time.at = until
    assert waits == [30, 60, 120, 240, 480]
    prove(charlie, other.code())
    prove(bob, app.code())
    assert SecondFactor.objects.get(user_id=bob.user_id).attempts == 0


@pytest.mark.django_db(transaction=True)
def test_one_code_at_once_from_many_lets_one_in(bob: Actor, time: clock.FrozenClock) -> None:
    app, _ = protect(bob, time)
    start, outcomes, code = threading.Barrier(4), [], app.code()

    def attempt() -> None:
        start.wait()
        try:
            prove(bob, code)
            outcomes.append("in")
        except (InvalidSecondFactor, TooManyRequests):
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["in", "refused", "refused", "refused"]


def test_the_database_keeps_used_codes_used_and_secrets_sealed(bob: Actor, time: clock.FrozenClock) -> None:
    app, codes = protect(bob, time)
    prove(bob, codes[0])
    for change in (
        "UPDATE accounts_secondfactor SET last_step = last_step - 1",
        "UPDATE accounts_recoverycode SET used_at = NULL WHERE used_at IS NOT NULL",
        f"UPDATE accounts_secondfactor SET sealed = '{app.totp.secret}'",
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            db.execute(change)
    kept = repr([*SecondFactor.objects.values(), *RecoveryCode.objects.values()])
    assert app.totp.secret not in kept
    assert not any(code.replace("-", "") in kept for code in codes)


def test_another_key_opens_nothing(bob: Actor, time: clock.FrozenClock) -> None:
    app, codes = protect(bob, time)
    with override_settings(SECOND_FACTOR_KEY="another key, as after a restore without the secrets"):
        for code in (app.code(), codes[0]):
            with pytest.raises(InvalidSecondFactor):
                prove(bob, code)
    prove(bob, app.code())


def test_signing_in_asks_for_the_code_and_a_used_one_is_refused(bob: Actor, time: clock.FrozenClock) -> None:
    app, codes = protect(bob, time)
    client, code = Client(), app.code()
    answer = client.post("/accounts/sign-in/", BOB | {"next": "/accounts/profile/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/sign-in/code/")
    assert not is_signed_in(client), "the password alone opens nothing"
    assert client.post("/accounts/sign-in/code/", {"code": "000000"}).status_code == 422
    answer = client.post("/accounts/sign-in/code/", {"code": code})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/profile/")
    assert is_signed_in(client)
    assert client.session["second_factor_at"] == int(clock.now().timestamp())

    again = Client()
    again.post("/accounts/sign-in/", BOB)
    assert again.post("/accounts/sign-in/code/", {"code": code}).status_code == 422
    assert again.post("/accounts/sign-in/code/", {"code": codes[3]}).status_code == 302
    assert is_signed_in(again)


@pytest.mark.parametrize("event", ["nothing", "too late", "a new password"])
def test_the_second_step_belongs_to_the_first(bob: Actor, time: clock.FrozenClock, event: str) -> None:
    app, _ = protect(bob, time)
    client = Client()
    if event != "nothing":
        client.post("/accounts/sign-in/", BOB)
    if event == "too late":
        time.forward(timedelta(minutes=11))
    if event == "a new password":
        accounts.set_password(user_id=bob.user_id, password="another good sentence")  # type: ignore[arg-type]
    answer = client.post("/accounts/sign-in/code/", {"code": app.code()})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/sign-in/")
    assert not is_signed_in(client)


def test_the_api_asks_for_it_too(client: Client, bob: Actor, time: clock.FrozenClock) -> None:
    app, _ = protect(bob, time)

    def ask(**more: Any) -> Any:
        return client.post("/api/v1/auth/token", BOB | more, content_type="application/json")

    assert (ask().status_code, ask().json()["code"]) == (401, "second-factor-required")
    assert ask(password="wrong", code=app.code()).json()["code"] == "invalid-credentials"
    assert ask(code="000000").json()["code"] == "invalid-second-factor"
    assert ask(code=["1"]).status_code == 400
    assert ask(code=app.code()).json().keys() == {"access", "refresh"}
    assert ask(code=app.code()).status_code == 401, "a used code"


def test_a_person_sets_it_up_proves_it_again_and_turns_it_off(
    bob: Actor, time: clock.FrozenClock, mailoutbox: list[Any]
) -> None:
    client, elsewhere = Client(), Client()
    for each in (client, elsewhere):
        each.post("/accounts/sign-in/", BOB)
    assert client.get(PLACE + "enrolment/").status_code == 302, "nothing waits"
    assert client.post(PLACE, {"password": "wrong"}).status_code == 422
    assert client.post(PLACE, {"password": PASSWORD, "next": "/panel/"}).headers["Location"] == PLACE + "enrolment/"
    page = client.get(PLACE + "enrolment/").content.decode()
    secret = re.search(r'class="secret">([^<]+)<', page)[1].replace(" ", "")  # type: ignore[index]
    assert re.search(r'<svg [^>]*viewBox="0 0 \d+ \d+"', page), "drawn whole at every size"
    assert "otpauth://totp/" in page
    app = pyotp.TOTP(secret)
    assert client.post(PLACE + "enrolment/", {"code": "000000"}).status_code == 422
    shown = client.post(PLACE + "enrolment/", {"code": app.at(clock.now())})
    codes = re.findall(r"<code>([A-Z2-9-]{14})</code>", shown.content.decode())
    assert (len(codes), "no-store" in shown.headers["Cache-Control"]) == (10, True)
    assert 'href="/panel/"' in shown.content.decode()
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere), "sessions from before know no second factor"
    assert codes[0] not in client.get(PLACE).content.decode()

    time.forward(timedelta(minutes=5))
    assert client.post(PLACE + "proof/", {"code": "000000", "next": "/panel/"}).status_code == 422
    answer = client.post(PLACE + "proof/", {"code": app.at(clock.now()), "next": "/panel/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/panel/")
    assert client.session["second_factor_at"] == int(clock.now().timestamp())

    assert client.post(PLACE + "codes/", {"code": "000000"}).status_code == 422
    fresh = re.findall(
        r"<code>([A-Z2-9-]{14})</code>", client.post(PLACE + "codes/", {"code": codes[5]}).content.decode()
    )
    assert len(fresh) == 10
    assert client.post(PLACE + "end/", {"code": fresh[0], "password": "wrong"}).status_code == 422
    assert client.post(PLACE + "end/", {"code": codes[1], "password": PASSWORD}).status_code == 422
    assert accounts.has_second_factor(user_id=bob.user_id)  # type: ignore[arg-type]
    assert client.post(PLACE + "end/", {"code": fresh[1], "password": PASSWORD}).status_code == 302
    assert not accounts.has_second_factor(user_id=bob.user_id)  # type: ignore[arg-type]
    assert is_signed_in(client)
    assert "second_factor_at" not in client.session

    outbox.drain()
    send_letters()
    told = [mail.body for mail in mailoutbox if mail.to == ["bob@example.org"]]
    for words in ("now protects", "New recovery codes", "A recovery code was used", "was turned off"):
        assert any(words in body for body in told), words
    done = {line.action for line in accounts.list_actions(subject_id=bob.user_id)}
    assert done == {
        "user.enable_second_factor",
        "user.renew_recovery_codes",
        "user.use_recovery_code",
        "user.disable_second_factor",
    }


@pytest.mark.parametrize("goal", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_setting_up_leads_nobody_away(bob: Actor, time: clock.FrozenClock, goal: str) -> None:
    client = Client()
    client.post("/accounts/sign-in/", BOB)
    client.post(PLACE, {"password": PASSWORD, "next": goal})
    page = client.get(PLACE + "enrolment/").content.decode()
    app = pyotp.TOTP(re.search(r'class="secret">([^<]+)<', page)[1].replace(" ", ""))  # type: ignore[index]
    assert goal not in client.post(PLACE + "enrolment/", {"code": app.at(clock.now())}).content.decode()
    time.forward(timedelta(seconds=60))
    assert client.post(PLACE + "proof/", {"code": app.at(clock.now()), "next": goal}).headers["Location"] == "/"


def test_only_oneself_and_staff_turn_it_off(bob: Actor, charlie: Actor, sam: Actor, time: clock.FrozenClock) -> None:
    protect(bob, time)
    with pytest.raises(Forbidden):
        accounts.disable_second_factor(user_id=bob.user_id, by=charlie)  # type: ignore[arg-type]
    accounts.disable_second_factor(user_id=bob.user_id, by=sam)  # type: ignore[arg-type]
    accounts.disable_second_factor(user_id=bob.user_id, by=sam)  # type: ignore[arg-type]
    lines = [line for line in accounts.list_actions(actor_id=sam.user_id) if "second" in line.action]
    assert [(line.subject_id, line.action) for line in lines] == [(str(bob.user_id), "user.disable_second_factor")]


def test_an_operator_helps_who_lost_everything(bob: Actor, time: clock.FrozenClock) -> None:
    for email in ("nobody@example.org", "bob@example.org"):
        with pytest.raises(CommandError):
            call_command("reset_second_factor", email=email)
    protect(bob, time)
    out = StringIO()
    call_command("reset_second_factor", email="Bob@example.org", stdout=out)
    assert "It is off" in out.getvalue()
    assert not accounts.has_second_factor(user_id=bob.user_id)  # type: ignore[arg-type]
    [line] = accounts.list_actions(subject_id=bob.user_id, action="user.disable_second_factor")
    assert line.actor_kind == "system"


def test_erasing_forgets_it(bob: Actor, time: clock.FrozenClock) -> None:
    protect(bob, time)
    accounts.erase_account(user_id=bob.user_id, password=PASSWORD)  # type: ignore[arg-type]
    assert not SecondFactor.objects.exists()
    assert not RecoveryCode.objects.exists()


@pytest.mark.parametrize("path", ["", "enrolment/", "proof/", "codes/", "end/"])
def test_strangers_are_sent_to_sign_in(path: str) -> None:
    for answer in (Client().get(PLACE + path), Client().post(PLACE + path, {"code": "1", "password": "1"})):
        assert answer.status_code == 302
        assert "/accounts/sign-in/" in answer.headers["Location"]
