"""A gift of every month on the site: chosen at the checkout, changed by its link alone, told of by mail."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from apps.campaigns import interface as campaigns
from apps.notifications.services.send_letters import send_letters
from apps.platform import db
from apps.platform.actors import Actor
from apps.recurring import interface as recurring
from tests.pledges.support import open_campaign
from tests.recurring.support import Calendar, approve, arrived, begin, declined, notes, tell, token_of, tries

pytestmark = pytest.mark.django_db(transaction=True)
FORM = {
    "preset": "50000", "other_amount": "", "name": "Rahima", "email": "rahima@example.org", "message": "",
    "account": "4000-0000-0000-0001", "frequency": "monthly",
}  # fmt: skip


@pytest.fixture
def campaign(calendar: Calendar, alice: Actor) -> campaigns.Campaign:
    return open_campaign(alice)


def letters() -> list[Any]:
    """What donors are sent now."""
    mail.outbox.clear()
    send_letters(at_most=100)
    return [each for each in mail.outbox if each.to != ["alice@example.org"]]


def give(client: Client, campaign: campaigns.Campaign, **changes: str) -> Any:
    return client.post(f"/campaigns/{campaign.slug}/give/", FORM | {"token": str(uuid4())} | changes)


def test_once_is_chosen_until_somebody_chooses_otherwise(client: Client, campaign: campaigns.Campaign) -> None:
    page = client.get(f"/campaigns/{campaign.slug}/give/").content.decode()
    chosen = re.findall(r'<input type="radio" name="(\w+)" value="(\w+)"[^>]* checked', page)
    assert ("frequency", "once") in chosen
    assert ("frequency", "monthly") not in chosen
    client.post(
        f"/campaigns/{campaign.slug}/give/",
        {k: v for k, v in FORM.items() if k != "frequency"} | {"token": str(uuid4())},
    )
    assert db.rows("SELECT count(*) AS gifts FROM pledges_pledge") == [{"gifts": 1}]
    assert db.rows("SELECT count(*) AS plans FROM recurring_plan") == [{"plans": 0}]


def test_a_monthly_gift_from_the_form_to_the_second_month(
    client: Client,
    calendar: Calendar,
    campaign: campaigns.Campaign,
) -> None:
    token = str(uuid4())
    first = give(client, campaign, token=token)
    assert give(client, campaign, token=token)["Location"] == first["Location"], "pressed twice"
    assert give(client, campaign, token=token, frequency="once").status_code == 422, "another wish with an old form"
    assert db.rows("SELECT count(*) AS plans FROM recurring_plan") == [{"plans": 1}]
    pledge_id = db.rows("SELECT id FROM pledges_pledge")[0]["id"]
    link = token_of(pledge_id)
    assert link not in client.get(first["Location"]).content.decode(), "this page may be passed on"
    approve()
    tell(arrived(pledge_id))
    [receipt] = letters()
    for body in (receipt.body, receipt.alternatives[0][0]):
        assert f"/monthly/{link}/" in body
    page = client.get(f"/monthly/{link}/")
    assert "February 28, 2027" in page.content.decode()
    assert (page["Cache-Control"], page["Referrer-Policy"], page["X-Robots-Tag"]) == (
        "private, no-store", "same-origin", "noindex"
    )  # fmt: skip
    calendar.run_to(date(2027, 2, 24))
    [notice] = letters()
    assert "February 28, 2027" in notice.subject
    assert f"/monthly/{link}/" in notice.body
    calendar.run_to(date(2027, 2, 28))
    tell(declined(tries(link)[-1]["pledge_id"]))
    [failed] = letters()
    assert "March 3, 2027" in failed.subject
    assert "not enough money" in failed.body
    calendar.run_to(date(2027, 3, 3))
    tell(arrived(tries(link)[-1]["pledge_id"]))
    [receipt] = letters()
    assert "March 31, 2027" in receipt.body
    assert client.get(f"/monthly/{link}/").content.decode().count("badge--good") == 2


@pytest.mark.parametrize(
    ("path", "body", "says", "noted"),
    [
        ("amount", {"amount": "750"}, "750", "amount"),
        ("amount", {"amount": "৭৫০"}, "750", "amount"),
        ("day", {"day": "15"}, "February 15, 2027", "day"),
        ("omission", {}, "March 31, 2027", "skipped"),
        ("pause", {}, "Nothing is taken until you go on", "paused"),
        ("cancellation", {}, "Nothing is taken any more", "cancelled"),
    ],
)
def test_every_change_says_what_comes_next_and_is_confirmed_by_mail(
    client: Client,
    calendar: Calendar,
    campaign: campaigns.Campaign,
    path: str,
    body: Any,
    says: str,
    noted: str,
) -> None:
    link = begin(campaign.id)
    letters()
    response = client.post(f"/monthly/{link}/{path}/", body, follow=True)
    assert response.redirect_chain
    assert says in response.content.decode()
    assert notes(link)[-1] == noted
    tell()
    [confirmation] = letters()
    assert says in confirmation.body
    assert f"/monthly/{link}/" in confirmation.body


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("amount", {"amount": "1"}),
        ("amount", {"amount": "nothing"}),
        ("amount", {"amount": "sNaN"}),
        ("amount", {"amount": "1e999999"}),
        ("amount", {}),
        ("day", {"day": "32"}),
        ("day", {"day": "\u00b2"}),
        ("day", {}),
    ],
)
def test_a_wrong_change_changes_nothing_and_says_so(
    client: Client,
    campaign: campaigns.Campaign,
    path: str,
    body: Any,
) -> None:
    link = begin(campaign.id)
    before = recurring.follow_plan(token=link)
    response = client.post(f"/monthly/{link}/{path}/", body)
    assert (response.status_code, 'role="alert"' in response.content.decode()) == (422, True)
    assert recurring.follow_plan(token=link) == before


def test_resumed_it_goes_on_and_ended_it_stays(client: Client, campaign: campaigns.Campaign) -> None:
    link = begin(campaign.id)
    client.post(f"/monthly/{link}/pause/")
    assert "resumption" in client.get(f"/monthly/{link}/").content.decode()
    client.post(f"/monthly/{link}/resumption/")
    assert recurring.follow_plan(token=link).status == "active"
    client.post(f"/monthly/{link}/cancellation/")
    assert client.post(f"/monthly/{link}/resumption/").status_code == 409
    assert "cancellation" not in client.get(f"/monthly/{link}/").content.decode()


@pytest.mark.parametrize("path", ["", "amount/", "day/", "omission/", "pause/", "resumption/", "cancellation/"])
def test_another_link_is_404_and_looking_changes_nothing(
    client: Client,
    campaign: campaigns.Campaign,
    path: str,
) -> None:
    link = begin(campaign.id)
    wrong = f"/monthly/{'x' * 32}/{path}"
    assert (client.post(wrong, {"amount": "5", "day": "5"}) if path else client.get(wrong)).status_code == 404
    if path:
        assert client.get(f"/monthly/{link}/{path}").status_code == 405, "scanners of mail open links"


def test_the_link_goes_to_the_mailbox_and_nowhere_else(
    client: Client,
    calendar: Calendar,
    campaign: campaigns.Campaign,
) -> None:
    link = begin(campaign.id)
    letters()
    gift = recurring.follow_plan(token=link).months[0].tracking_token
    page = client.get(f"/donations/{gift}/").content.decode()
    assert f"/donations/{gift}/monthly/" in page
    response = client.post(f"/donations/{gift}/monthly/", follow=True)
    assert link not in response.content.decode()
    tell()
    [sent] = letters()
    assert (sent.to, f"/monthly/{link}/" in sent.body) == (["guest@example.org"], True)
    once = give(client, campaign, frequency="once")["Location"]
    assert client.post(f"{once}monthly/").status_code == 404


def test_donors_find_their_plans_at_home_and_nobody_else_does(
    client: Client,
    campaign: campaigns.Campaign,
    bob: Actor,
    charlie: Actor,
    django_assert_max_num_queries: Any,
) -> None:
    link = begin(campaign.id, donor_id=bob.user_id)
    client.force_login(get_user_model().objects.get(pk=charlie.user_id))
    assert link not in client.get("/accounts/gifts/").content.decode()
    client.force_login(get_user_model().objects.get(pk=bob.user_id))
    assert f"/monthly/{link}/" in client.get("/accounts/gifts/").content.decode()


TOLD = (
    "announced", "failed", "gave_up", "method", "missed", "amount", "day", "skipped", "paused", "resumed", "cancelled",
    "campaign_paused", "campaign_back", "campaign_ended", "terms", "link",
)  # fmt: skip


@pytest.mark.parametrize("language", ["en", "bn"])
def test_every_letter_reads_well(language: str, campaign: campaigns.Campaign) -> None:
    plan = recurring.follow_plan(token=begin(campaign.id))
    days = {"due_on": date(2027, 2, 28), "next_on": date(2027, 3, 31), "retry_on": date(2027, 3, 3)}
    for what in TOLD:
        data = days | {"before": 500_00, "after": 15 if what == "day" else 750_00, "reason": "insufficient-funds"}
        context = {"what": what, "data": data, "plan": plan, "name": "Rahima & Co", "base": "https://x"}
        with translation.override(language):
            text, html = (render_to_string(f"emails/plan.{kind}", context) for kind in ("txt", "html"))
        for body in (text, html):
            assert "{{" not in body
            assert "None" not in body
            assert plan.token in body
        subject, _, rest = text.lstrip().partition("\n")
        assert subject.strip()
        assert "Rahima & Co" in rest
        assert len(rest.strip()) > 80
        if language == "bn":
            assert not re.search(r"\b(gift|taken|account|month)\b", text), text
