"""The annual statement: the receipts of one donor, year and currency, with what was given back; for nobody else."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pypdf
import pytest
from django.test import Client

from apps.campaigns import interface as campaigns
from apps.notifications.services.send_letters import send_letters
from apps.platform import clock
from apps.platform.actors import Actor
from apps.pledges import interface as pledges
from tests.conftest import PASSWORD
from tests.pledges.support import open_campaign, refunded, taken, tell, wish

from .test_history import ask, link_in

pytestmark = pytest.mark.django_db
YEAR = datetime(2025, 3, 1, 12, tzinfo=UTC)
BOB = {"donor_email": "bob@example.org", "donor_name": "Bob Donor"}


@pytest.fixture
def campaign(alice: Actor) -> campaigns.Campaign:
    return open_campaign(alice)


def give(campaign: campaigns.Campaign, at: datetime, *, back: int = 0, **changes: Any) -> pledges.MadePledge:
    with clock.use(clock.FrozenClock(at)):
        gift = pledges.make_pledge(new=wish(campaign.id, **changes))
        tell(taken(gift))
        if back:
            tell(refunded(gift.pledge_id, back))
    return gift


def signed_in(email: str = "bob@example.org") -> Client:
    client = Client()
    client.post("/accounts/sign-in/", {"email": email, "password": PASSWORD})
    return client


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).replace("\u00a0", " ")


def test_a_year_on_one_paper_with_refunds_and_nobody_elses_gifts(
    campaign: campaigns.Campaign, bob: Actor, charlie: Actor
) -> None:
    mine = BOB | {"donor_id": bob.user_id}
    give(campaign, YEAR, amount=700_00, **mine)
    give(campaign, YEAR + timedelta(days=9), amount=300_00, back=100_00, **mine)
    give(campaign, YEAR + timedelta(days=19), amount=150_00, back=150_00, **mine)
    give(campaign, YEAR.replace(year=2024), amount=911_00, **mine)
    give(campaign, YEAR, amount=922_00, donor_id=charlie.user_id, donor_email="charlie@example.org")
    client = signed_in()
    listed = client.get("/accounts/gifts/").content.decode()
    assert "/accounts/statements/2025/BDT/" in listed
    assert "/accounts/statements/2024/BDT/" in listed
    page = client.get("/accounts/statements/2025/BDT/").content.decode().replace("\u00a0", " ")
    for words in ("Bob Donor", "BDT 1,150", "BDT 250", "BDT 900", "VOID", "Blankets for Kurigram"):
        assert words in page, words
    for words in ("911", "922"):
        assert words not in page, words
    first, again = (client.get("/accounts/statements/2025/BDT/statement.pdf") for _ in range(2))
    assert "statement-2025-BDT.pdf" in first.headers["Content-Disposition"]
    assert first.headers["Cache-Control"] == "private, no-store"
    for pdf in (first, again):
        text = text_of(pdf.content)
        assert all(words in text for words in ("Annual statement 2025", "Bob Donor", "BDT 1,150", "BDT 900", "VOID"))
        assert "922" not in text
    bangla = client.get("/accounts/statements/2025/BDT/statement.pdf?lang=bn")
    assert text_of(bangla.content) != text_of(first.content)


@pytest.mark.parametrize("path", ["2025/USD", "2023/BDT", "0/BDT", "99999/BDT", "2025/%00"])
def test_there_is_no_paper_about_nothing(campaign: campaigns.Campaign, bob: Actor, path: str) -> None:
    give(campaign, YEAR, donor_id=bob.user_id, **BOB)
    client = signed_in()
    for name in ("", "statement.pdf"):
        assert client.get(f"/accounts/statements/{path}/{name}").status_code == 404
    assert "/accounts/sign-in/" in Client().get(f"/accounts/statements/{path}/").headers["Location"]


def test_guests_get_it_through_their_link(
    campaign: campaigns.Campaign, client: Client, mailoutbox: list[Any], django_assert_max_num_queries: Any
) -> None:
    give(campaign, YEAR, amount=700_00)
    give(campaign, YEAR, amount=922_00, donor_email="other@example.org")
    place = "/gifts/all/statements/2025/BDT/"
    for path in (place, place + "statement.pdf"):
        assert client.get(path).headers["Location"] == "/gifts/"
    send_letters()  # the receipts, which are not what is asked for here
    ask(client)
    client.post(link_in(mailoutbox))
    assert place in client.get("/gifts/all/").content.decode()
    with django_assert_max_num_queries(3) as few:
        page = client.get(place).content.decode()
    assert "700" in page
    assert "922" not in page
    assert "700" in text_of(client.get(place + "statement.pdf").content)
    for _ in range(3):
        give(campaign, YEAR, amount=50_00)
    with django_assert_max_num_queries(3) as many:
        client.get(place)
    assert len(many) == len(few)
    with clock.use(clock.FrozenClock(clock.now() + timedelta(minutes=31))):
        assert client.get(place).headers["Location"] == "/gifts/"
