"""In honour and in memory: told once, on its day, of money that arrived and stayed; never a way to write to strangers for free."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts import interface as accounts
from apps.campaigns import interface as campaigns
from apps.notifications.services.send_letters import send_letters
from apps.outbox import interface as outbox
from apps.platform import db
from apps.platform.actors import SYSTEM, Actor
from apps.platform.errors import Invalid
from apps.pledges import interface as pledges
from apps.pledges.services.dedications import tell_dedications, today
from tests.conftest import PASSWORD

from .support import at_once, believe_captured, captured, failed, tell, wish

pytestmark = pytest.mark.django_db(transaction=True)
KARIM = "karim@example.org"


def dedication(**changes: Any) -> pledges.NewDedication:
    values = {
        "kind": "memory",
        "honoree": "Amina",
        "recipient_name": "Karim",
        "recipient_email": KARIM,
        "message": "We miss her.",
    }
    return pledges.NewDedication(**values | changes)


def give(campaign: campaigns.Campaign, *, arrives: bool = True, **changes: Any) -> pledges.MadePledge:
    extra = {name: changes.pop(name) for name in ("donor_id", "anonymous") if name in changes}
    made = pledges.make_pledge(new=wish(campaign.id, dedication=dedication(**changes), **extra))
    if arrives:
        tell(captured(made.pledge_id))
    return made


def letters() -> list[Any]:
    """What third persons are sent now."""
    tell_dedications()
    outbox.drain()
    mail.outbox.clear()
    send_letters(at_most=100)
    return [each for each in mail.outbox if each.to == [KARIM]]


def test_it_is_told_once_when_the_gift_has_arrived(campaign: campaigns.Campaign) -> None:
    made = give(campaign, arrives=False)
    assert letters() == []
    tell(captured(made.pledge_id))
    [letter] = letters()
    assert letter.subject == "A gift in memory of Amina"
    for body in (letter.body, letter.alternatives[0][0]):
        assert "We miss her." in body
        assert "Gulshan Guest" in body
        assert "500" not in body.replace("-500", ""), "the amount is nobody's business"
        assert made.tracking_token not in body
        assert "/unsubscribe/" in body
    assert "List-Unsubscribe" in letter.extra_headers
    assert letters() == []


def test_schedulers_at_once_tell_once(campaign: campaigns.Campaign) -> None:
    give(campaign)
    results = at_once([tell_dedications] * 5)
    assert sum(each for each in results if isinstance(each, int)) == 1
    assert len(letters()) == 1


def test_it_waits_for_its_day(campaign: campaigns.Campaign) -> None:
    give(campaign, send_on=today() + timedelta(days=3))
    assert letters() == []
    db.execute("UPDATE pledges_dedication SET send_on = %s", [today()])
    assert len(letters()) == 1


@pytest.mark.parametrize("end", ["failed", "refunded", "refunded after it was told"])
def test_what_did_not_stay_is_not_told(campaign: campaigns.Campaign, end: str) -> None:
    made = give(campaign, arrives=end != "failed")
    if end == "failed":
        tell(failed(made.pledge_id))
    else:
        if end.endswith("told"):
            tell_dedications()
        believe_captured(made.pledge_id)
        pledges.refund_pledge(pledge_id=made.pledge_id, by=SYSTEM, reason="Asked for.")
    assert letters() == []


def test_nobody_who_said_no_is_written_to_again(client: Client, campaign: campaigns.Campaign) -> None:
    give(campaign)
    [letter] = letters()
    path = letter.extra_headers["List-Unsubscribe"].strip("<>").partition("/unsubscribe/")[2]
    assert client.get(f"/unsubscribe/{path}").status_code == 200
    assert db.rows("SELECT * FROM pledges_dedicationrefusal") == [], "scanners of mail open links"
    client.post(f"/unsubscribe/{path}")
    give(campaign)
    assert letters() == []
    assert db.rows("SELECT status, recipient_email FROM pledges_dedication ORDER BY status") == [
        {"status": "dropped", "recipient_email": ""},
        {"status": "told", "recipient_email": KARIM},
    ]


def test_one_address_gets_three_a_day(campaign: campaigns.Campaign) -> None:
    for _ in range(5):
        give(campaign)
    assert len(letters()) == 3
    assert letters() == []
    db.execute("UPDATE pledges_dedication SET told_at = told_at - interval '25 hours' WHERE status = 'told'")
    assert len(letters()) == 2


def test_links_are_taken_out(campaign: campaigns.Campaign) -> None:
    give(campaign, message="See https://evil.example/x and www.evil.example or evil.com now", honoree="Amina evil.com")
    [letter] = letters()
    assert "evil" not in letter.body + letter.subject
    assert "See" in letter.body


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "joke"),
        ("honoree", ""),
        ("honoree", "x" * 121),
        ("honoree", "evil.com"),
        ("recipient_email", "nobody"),
        ("message", "x" * 501),
        ("message", "a\u202eb"),
        ("send_on", date(2020, 1, 1)),
        ("send_on", date(2090, 1, 1)),
    ],
)
def test_what_cannot_be_used_names_its_field(campaign: campaigns.Campaign, field: str, value: Any) -> None:
    with pytest.raises(Invalid) as refused:
        give(campaign, **{field: value})
    assert [each.field for each in refused.value.fields] == [f"dedication.{field}"]
    assert db.rows("SELECT * FROM pledges_pledge") == []


def test_it_stands_on_the_wall_where_the_donor_wants_it(campaign: campaigns.Campaign, client: Client) -> None:
    give(campaign, is_public=True, honoree="Amina <script>")
    give(campaign, honoree="Quiet Rahim", recipient_email="")
    page = client.get(f"/campaigns/{campaign.slug}/gifts/").content.decode()
    assert "In memory of Amina &lt;script&gt;" in page
    assert "Rahim" not in page
    assert KARIM not in page


def test_an_anonymous_donor_is_not_named(campaign: campaigns.Campaign) -> None:
    give(campaign, anonymous=True)
    [letter] = letters()
    assert "Gulshan" not in letter.body + letter.alternatives[0][0]
    assert "somebody has given" in letter.body


def test_with_the_donor_goes_what_was_written(campaign: campaigns.Campaign, bob: Actor) -> None:
    give(campaign, donor_id=bob.user_id)
    tell_dedications()
    assert bob.user_id
    accounts.erase_account(user_id=bob.user_id, password=PASSWORD)
    outbox.drain()
    assert db.rows("SELECT * FROM pledges_dedication") == []
    assert letters() == []


def test_a_plain_gift_costs_no_query_more(campaign: campaigns.Campaign) -> None:
    with CaptureQueriesContext(connection) as plain:
        pledges.make_pledge(new=wish(campaign.id))
    assert not [each for each in plain.captured_queries if "dedication" in each["sql"] or "recurring" in each["sql"]]


def test_from_the_form_to_the_letter(client: Client, campaign: campaigns.Campaign) -> None:
    form = {
        "preset": "50000", "other_amount": "", "name": "Rahima", "email": "rahima@example.org", "message": "",
        "account": "4000-0000-0000-0001", "token": "00000000-0000-4000-8000-000000000001", "dedication": "honour",
        "honoree": "", "recipient_email": KARIM, "recipient_name": "Karim", "recipient_message": "For you.",
    }  # fmt: skip
    page = client.post(f"/campaigns/{campaign.slug}/give/", form)
    assert (page.status_code, 'href="#id_honoree"' in page.content.decode()) == (422, True)
    assert '<details class="more-accounts give__dedication" open>' in page.content.decode()
    assert client.post(f"/campaigns/{campaign.slug}/give/", form | {"honoree": "Teacher Sufia"}).status_code == 302
    [gift] = db.rows("SELECT id FROM pledges_pledge")
    tell(captured(gift["id"]))
    [letter] = letters()
    assert letter.subject == "A gift in honour of Teacher Sufia"
    assert "For you." in letter.body
