"""Exports: every gift in view, safe in a spreadsheet, for their owner and for a day."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core import mail
from django.test import override_settings
from django.urls import reverse

from apps.notifications.services.send_letters import send_letters
from apps.platform import clock, db
from apps.platform.actors import Actor
from apps.reporting import interface as reporting
from apps.reporting.errors import TooManyExports
from tests.pledges.support import open_campaign, tell
from tests.reporting.support import give

from .conftest import browser_of

pytestmark = pytest.mark.django_db(transaction=True)
BAD_NAME = '=HYPERLINK("https://evil.example","Click")'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Any:
    with override_settings(EXPORTS_ROOT=tmp_path):
        yield tmp_path


def asked(who: Actor, format: str = "csv", **wanted: Any) -> reporting.Export:
    return reporting.ask_for_export(by=who, wanted=reporting.GiftFilter(**wanted), format=format)


def link_on(page: bytes) -> str:
    return page.decode().split("download>")[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_file_holds_what_is_in_view_and_no_formula(format: str, alice: Actor, charlie: Actor) -> None:
    hers, his = open_campaign(alice), open_campaign(charlie)
    mine = give(hers, name=BAD_NAME)
    give(hers, name="Other", amount=750_00)
    give(his, name="Secret")
    tell()
    reporting.refresh()
    browser = browser_of(alice)
    browser.post(reverse("admin:exports"), {"format": format, "search": "500"})

    assert reporting.write_exports() == 1

    link = link_on(browser.get(reverse("admin:exports")).content)
    answer = browser.get(link)
    content = b"".join(answer.streaming_content)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    if format == "csv":
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        head, *lines = list(sheet.iter_rows(values_only=True))
        rows = [dict(zip(head, line, strict=True)) for line in lines]
        assert isinstance(rows[0]["amount"], int)
    assert [row["pledge_id"] for row in rows] == [str(mine)]
    assert rows[0]["donor_name"] == "'" + BAD_NAME
    assert int(rows[0]["amount"]) == 500_00

    assert browser_of(charlie).get(link).status_code == 404
    [letter] = db.rows("SELECT kind, recipient FROM notifications_letter WHERE kind = 'file_ready'")
    assert letter["recipient"] == f"user:{alice.user_id}"
    send_letters()
    assert link in mail.outbox[-1].body
    with clock.use(clock.FrozenClock(clock.now() + timedelta(hours=25))):
        assert browser.get(link).status_code == 404
        assert reporting.forget_exports() == 1
    assert browser.get(link).status_code == 404


def test_role_that_was_taken_away_takes_the_rows_along(alice: Actor, folder: Path) -> None:
    give(open_campaign(alice))
    tell()
    reporting.refresh()
    export = asked(alice)
    db.execute("UPDATE campaigns_campaign SET manager_id = %s", [export.id])

    reporting.write_exports()

    assert len((folder / f"{export.id}.csv").read_text().splitlines()) == 1


def test_what_was_interrupted_is_written_again_and_what_cannot_be_is_given_up(alice: Actor, folder: Path) -> None:
    first, broken = asked(alice), asked(alice, search="Rahim")
    db.execute(
        "UPDATE reporting_export SET status = 'running', lease_until = now() - interval '1 s' WHERE id = %s", [first.id]
    )
    db.execute('UPDATE reporting_export SET wanted = \'{"status": "no-such"}\' WHERE id = %s', [broken.id])

    for _ in range(4):
        reporting.write_exports()

    states = {each.id: each.status for each in reporting.list_exports(viewer=alice)}
    assert states == {first.id: "done", broken.id: "failed"}
    assert list(folder.glob("*.part")) == []


def test_three_at_once_are_enough(alice: Actor) -> None:
    for _ in range(3):
        asked(alice)
    with pytest.raises(TooManyExports):
        asked(alice)
