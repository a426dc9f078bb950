"""E-mail: one letter per fact and recipient, sent outside transactions by a worker, to nobody who is gone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client, override_settings

from apps.campaigns import interface as campaigns
from apps.notifications import interface as notifications
from apps.notifications.services.send_letters import MAX_ATTEMPTS, send_letters
from apps.notifications.services.write_letters import NewLetter, write_letters
from apps.outbox import interface as outbox
from apps.platform import clock, db
from apps.platform.actors import Actor
from apps.platform.ids import new_id
from apps.pledges import interface as pledges
from tests.pledges.support import captured, failed, open_campaign, refunded, tell, wish
from tests.support.mail_server import MailServer

pytestmark = pytest.mark.django_db
URL = re.compile(r"https?://\S+")


@pytest.fixture
def campaign(alice: Actor) -> campaigns.Campaign:
    made = open_campaign(alice)
    tell()
    send_letters()
    return made


@pytest.fixture
def server() -> Iterator[MailServer]:
    with (
        MailServer() as running,
        override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=running.port
        ),
    ):
        yield running


def give(campaign: campaigns.Campaign, **changes: Any) -> pledges.MadePledge:
    made = pledges.make_pledge(new=wish(campaign.id, **changes))
    tell(captured(made.pledge_id))
    return made


def letters() -> list[tuple[str, str]]:
    return [
        (row["kind"], row["status"]) for row in db.rows("SELECT kind, status FROM notifications_letter ORDER BY id")
    ]


def hurry() -> None:
    db.execute("UPDATE notifications_letter SET due_at = now() WHERE status = 'waiting'")


class TestOfGifts:
    def test_a_receipt_goes_to_its_donor_once(self, campaign: campaigns.Campaign, mailoutbox: list[Any]) -> None:
        mailoutbox.clear()
        made = give(campaign, anonymous=True)
        assert mailoutbox == [], "nothing is sent where facts are handled"
        assert [send_letters(), send_letters()] == [1, 0]

        [mail] = mailoutbox
        receipt = pledges.receipt_of_gift(tracking_token=made.tracking_token)
        assert mail.to == ["guest@example.org"]
        assert receipt.number in mail.subject
        for part in (mail.body, mail.alternatives[0][0]):
            assert f"{settings.PUBLIC_URL}/donations/{made.tracking_token}/receipt/" in part
            assert "Gulshan Guest" in part
        assert mail.message()["Message-ID"].startswith(
            f"<{db.rows('SELECT max(id::text) AS id FROM notifications_letter')[0]['id']}@"
        )
        assert "List-Unsubscribe" not in mail.message()

    def test_refund_and_failure(self, campaign: campaigns.Campaign, mailoutbox: list[Any]) -> None:
        made, lost = give(campaign), pledges.make_pledge(new=wish(campaign.id))
        send_letters()
        mailoutbox.clear()
        tell(refunded(made.pledge_id, 200_00), failed(lost.pledge_id))
        send_letters()

        assert sorted("given back" in mail.subject for mail in mailoutbox) == [False, True]
        assert sorted("500" in mail.body for mail in mailoutbox) == [False, True]

    def test_a_gift_that_arrived_after_all_is_not_called_failed(
        self, campaign: campaigns.Campaign, mailoutbox: list[Any]
    ) -> None:
        made = pledges.make_pledge(new=wish(campaign.id))
        tell(failed(made.pledge_id))
        tell(captured(made.pledge_id))
        send_letters()

        assert [status for kind, status in letters() if kind == "gift_failed"] == ["dropped"]
        assert len([mail for mail in mailoutbox if mail.to == ["guest@example.org"]]) == 1

    def test_an_erased_donor_gets_nothing_and_no_row_knows_the_address(
        self, campaign: campaigns.Campaign, mailoutbox: list[Any]
    ) -> None:
        mailoutbox.clear()
        give(campaign)
        stored = str(db.rows("SELECT letter::text FROM notifications_letter AS letter"))
        assert "guest@" not in stored
        assert "Gulshan" not in stored
        db.execute("DELETE FROM pledges_donor")
        send_letters()

        assert mailoutbox == []
        assert letters()[-1] == ("receipt", "dropped")

    def test_the_donors_language(self, campaign: campaigns.Campaign, mailoutbox: list[Any], bob: Actor) -> None:
        assert bob.user_id
        notifications.set_preferences(user_id=bob.user_id, language="bn")
        mailoutbox.clear()
        give(campaign, language="bn")
        give(campaign, donor_id=bob.user_id)
        give(campaign)
        send_letters()

        assert sorted('lang="bn"' in mail.alternatives[0][0] for mail in mailoutbox) == [False, True, True]


class TestServer:
    def test_a_real_server_gets_both_parts(self, campaign: campaigns.Campaign, server: MailServer) -> None:
        give(campaign, donor_name="শারমিন")
        assert send_letters() == 1

        [mail] = server.taken
        assert mail["To"] == "guest@example.org"
        assert mail["Auto-Submitted"] == "auto-generated"
        for kind in ("plain", "html"):
            body = mail.get_body((kind,))
            assert body
            assert "শারমিন" in body.get_content()

    def test_one_bad_address_stops_nobody_else(self, campaign: campaigns.Campaign, server: MailServer) -> None:
        server.refusals |= {"gone@example.org": 550, "full@example.org": 452}
        for address in ("gone@example.org", "full@example.org", "fine@example.org"):
            give(campaign, donor_email=address)
        assert send_letters() == 1
        assert sorted(status for kind, status in letters() if kind == "receipt") == ["dead", "sent", "waiting"]

        give(campaign, donor_email="gone@example.org")
        server.refusals.clear()
        hurry()
        send_letters()
        assert sorted(mail["To"] for mail in server.taken) == ["fine@example.org", "full@example.org"]
        notifications.unmark_bounced(address="gone@example.org")
        give(campaign, donor_email="gone@example.org")
        assert send_letters() == 1

    def test_a_server_that_is_away_is_tried_again_and_given_up_in_the_end(
        self, campaign: campaigns.Campaign, mailoutbox: list[Any]
    ) -> None:
        give(campaign)
        with override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=9
        ):
            assert send_letters() == 0
            assert letters()[-1] == ("receipt", "waiting")
            assert send_letters() == 0, "not before its time"
            db.execute("UPDATE notifications_letter SET attempts = %s WHERE status = 'waiting'", [MAX_ATTEMPTS - 1])
            hurry()
            send_letters()
        assert letters()[-1] == ("receipt", "dead")

    @pytest.mark.django_db(transaction=True)
    def test_a_process_that_died_after_sending_sends_the_same_message(
        self, campaign: campaigns.Campaign, server: MailServer
    ) -> None:
        give(campaign)
        send_letters()
        db.execute("ALTER TABLE notifications_letter DISABLE TRIGGER USER")
        db.execute(
            "UPDATE notifications_letter SET status = 'waiting', ended_at = NULL, due_at = now() WHERE kind = 'receipt'"
        )
        db.execute("ALTER TABLE notifications_letter ENABLE TRIGGER USER")
        send_letters()

        assert len({mail["Message-ID"] for mail in server.taken}) == 1
        assert len(server.taken) == 2

    def test_what_somebody_waits_for_goes_first_and_a_run_is_bounded(
        self, campaign: campaigns.Campaign, mailoutbox: list[Any], client: Client
    ) -> None:
        mailoutbox.clear()
        for _ in range(3):
            give(campaign)
        client.post("/accounts/password-reset/", {"email": "alice@example.org"})
        outbox.drain()
        assert send_letters(at_most=2) == 2

        assert mailoutbox[0].to == ["alice@example.org"]
        assert len(mailoutbox) == 2


class TestNotices:
    def test_a_kind_goes_by_mail_to_those_who_want_it_and_stops_with_one_click(
        self, alice: Actor, mailoutbox: list[Any], client: Client
    ) -> None:
        assert alice.user_id
        open_campaign(alice)
        tell()
        send_letters()
        [mail] = mailoutbox
        assert "was approved" in mail.subject
        assert mail.message()["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        link = mail.message()["List-Unsubscribe"].strip("<>").removeprefix(settings.PUBLIC_URL)

        page = Client(enforce_csrf_checks=True)
        assert page.get(link).status_code == 200
        wishes = notifications.get_preferences(user_id=alice.user_id, roles=alice.roles).kinds
        assert {wish.email for wish in wishes if wish.kind == "campaign_published"} == {True}, "looking changes nothing"
        assert page.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert page.post(link[:-2] + "x/").status_code == 404

        open_campaign(alice)
        tell()
        assert send_letters() == 0

    def test_quiet_hours_hold_letters_back(self, alice: Actor, mailoutbox: list[Any]) -> None:
        assert alice.user_id
        notifications.set_preferences(user_id=alice.user_id, quiet_from=22 * 60, quiet_to=7 * 60)
        night = clock.FrozenClock(datetime(2031, 1, 1, 23, 30, tzinfo=UTC))
        with clock.use(night):
            open_campaign(alice)
            tell()
            assert send_letters() == 0
            night.forward(timedelta(hours=7, minutes=29))
            assert send_letters() == 0
            night.forward(timedelta(minutes=1))
            assert send_letters() == 1

    def test_what_was_read_meanwhile_is_not_sent(self, alice: Actor, mailoutbox: list[Any]) -> None:
        assert alice.user_id
        open_campaign(alice)
        tell()
        notifications.mark_read(user_id=alice.user_id)
        assert send_letters() == 0
        assert mailoutbox == []


class TestRefusedInSql:
    def test_a_second_letter_about_the_same_is_not_written(self) -> None:
        letter = NewLetter(kind="receipt", about=new_id(), recipient="donor")
        with transaction.atomic():
            assert write_letters([letter, letter]) == 1
        with transaction.atomic():
            assert write_letters([letter]) == 0

    @pytest.mark.parametrize(
        ("sql", "constraint"),
        [
            ("UPDATE notifications_letter SET about = %(id)s", "letter_once"),
            ("UPDATE notifications_letter SET status = 'lost'", "notifications_letter_status"),
            ("UPDATE notifications_letter SET status = 'sent'", "letter_ended"),
            ("UPDATE notifications_letter SET ended_at = now()", "letter_ended"),
        ],
    )
    def test_bad_rows_are_refused(self, sql: str, constraint: str) -> None:
        with transaction.atomic():
            write_letters([NewLetter(kind="receipt", about=new_id(), recipient="donor") for _ in range(2)])
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            db.execute(sql, {"id": new_id()})

    def test_a_sent_letter_stays_sent(self) -> None:
        with transaction.atomic():
            write_letters([NewLetter(kind="receipt", about=new_id(), recipient="donor")])
        send_letters()
        with pytest.raises(IntegrityError, match="not a move"), transaction.atomic():
            db.execute("UPDATE notifications_letter SET status = 'waiting', ended_at = NULL")


class TestMailbox:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Iterator[Path]:
        backend = "apps.notifications.gateway.mailbox.EmailBackend"
        with override_settings(EMAIL_BACKEND=backend, EMAIL_FILE_PATH=str(tmp_path)):
            yield tmp_path

    def test_what_is_sent_is_shown_and_its_html_cannot_run(
        self, campaign: campaigns.Campaign, folder: Path, client: Client
    ) -> None:
        give(campaign, donor_name="<script>alert(1)</script>")
        send_letters()
        index = client.get("/mailbox/").content.decode()
        [mail] = notifications.list_mailbox()
        page, html = client.get(f"/mailbox/{mail.id}/"), client.get(f"/mailbox/{mail.id}/html/")

        assert "guest@example.org" in index
        assert "<script>alert" not in page.content.decode() + html.content.decode()
        assert "sandbox" in html.headers["Content-Security-Policy"]
        assert client.get("/mailbox/nothing/").status_code == 404
        assert client.get("/mailbox/..%2f..%2fsecrets/").status_code == 404

    def test_a_message_that_comes_twice_is_kept_once(self, campaign: campaigns.Campaign, folder: Path) -> None:
        give(campaign)
        send_letters()
        send_letters()
        assert len(list(folder.glob("*.eml"))) == 1


def test_settings_of_a_mail_server(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    from careforall.settings import env

    monkeypatch.setenv("EMAIL_URL", "smtp://us%40er:p%3Aw@mail.example.org")
    assert env.mail_server("EMAIL_URL") == {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "mail.example.org",
        "EMAIL_PORT": 587,
        "EMAIL_HOST_USER": "us@er",
        "EMAIL_HOST_PASSWORD": "p:w",
        "EMAIL_USE_SSL": False,
        "EMAIL_USE_TLS": True,
    }
    monkeypatch.setenv("EMAIL_URL", "imap://mail.example.org")
    with pytest.raises(SystemExit):
        env.mail_server("EMAIL_URL")
    assert capsys.readouterr().err.startswith("EMAIL_URL must be a URL that begins with smtp://")


def test_figures_are_scraped(campaign: campaigns.Campaign, client: Client) -> None:
    give(campaign)
    page = client.get("/metrics").content.decode()
    assert "careforall_letters_waiting 1.0" in page
    call_command("check")
