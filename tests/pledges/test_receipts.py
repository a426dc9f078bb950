"""Exactly one receipt per captured gift, numbered without gaps, for those who may read it, and confirmed without a name."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pypdf
import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client

from apps.campaigns import interface as campaigns
from apps.outbox import interface as outbox
from apps.platform import audits, clock, db
from apps.platform.actors import Actor
from apps.pledges import interface as pledges
from apps.pledges.errors import PledgeNotFound, ReceiptNotFound
from apps.pledges.events import PledgeCaptured
from apps.pledges.services.issue_receipts import issue_receipts

from .support import at_once, captured, refunded, tell, wish

pytestmark = pytest.mark.django_db


def numbers() -> list[int]:
    return [row["number"] for row in db.rows("SELECT number FROM pledges_receipt ORDER BY series, number")]


def offending() -> dict[str, Any]:
    return {each.title: rows for each in audits.checks() if each.code in ("R1", "R2") and (rows := db.rows(each.sql))}


def fact_of(made: pledges.MadePledge) -> PledgeCaptured:
    row = db.rows("SELECT payload FROM outbox_event WHERE type = 'pledge.captured' AND payload->>'pledge_id' = %s",
                  [str(made.pledge_id)])  # fmt: skip
    assert row
    return PledgeCaptured(
        pledge_id=made.pledge_id,
        campaign_id=made.campaign_id,
        currency="BDT",
        amount=made.amount,
        donor_id=None,
        donor_key="k",
        is_anonymous=False,
        occurred_at=clock.now(),
    )


@pytest.fixture
def taken(campaign: campaigns.Campaign) -> pledges.MadePledge:
    made = pledges.make_pledge(new=wish(campaign.id))
    tell(captured(made.pledge_id))
    return made


class TestIssuing:
    def test_each_captured_gift_gets_one_and_repeats_get_none(self, campaign: campaigns.Campaign) -> None:
        made = [pledges.make_pledge(new=wish(campaign.id)) for _ in range(3)]
        tell(captured(made[0].pledge_id))
        tell(captured(made[1].pledge_id), captured(made[0].pledge_id))
        with transaction.atomic():
            issue_receipts([fact_of(made[0]), fact_of(made[0])])
        outbox.drain()

        assert numbers() == [1, 2]
        assert set(pledges.receipts_of(pledge_ids=[each.pledge_id for each in made])) == {
            made[0].pledge_id,
            made[1].pledge_id,
        }
        told = db.rows("SELECT count(*) AS number FROM outbox_event WHERE type = 'pledge.receipt_issued'")
        assert told[0]["number"] == 2
        assert offending() == {}

    def test_it_keeps_saying_what_it_said(self, taken: pledges.MadePledge, alice: Actor) -> None:
        campaigns.edit_campaign(campaign_id=taken.campaign_id, by=alice, changes={"title": "Another name"})

        receipt = pledges.receipt_of_gift(tracking_token=taken.tracking_token)

        assert receipt.number == f"{clock.now().year}-000001"
        assert (receipt.campaign_title, receipt.organizer) == ("Blankets for Kurigram", "Alice Manager")
        assert (receipt.issuer, receipt.donor_name) == (settings.ORGANISATION_NAME, "Gulshan Guest")
        assert (receipt.amount, receipt.currency, receipt.status) == (500_00, "BDT", "valid")

    @pytest.mark.django_db(transaction=True)
    def test_a_rolled_back_batch_leaves_no_gap(self, campaign: campaigns.Campaign) -> None:
        made = [pledges.make_pledge(new=wish(campaign.id)) for _ in range(2)]
        for each in made:
            tell(captured(each.pledge_id))
        db.execute("TRUNCATE pledges_receipt")
        db.execute("UPDATE pledges_receiptcounter SET last = 0")
        with transaction.atomic():
            issue_receipts([fact_of(made[0])])
            transaction.set_rollback(True)
        with transaction.atomic():
            issue_receipts([fact_of(made[1])])

        assert numbers() == [1]

    def test_every_year_begins_at_one(self, campaign: campaigns.Campaign) -> None:
        for at in (datetime(2031, 12, 31, 23, 59, tzinfo=UTC), datetime(2032, 1, 1, tzinfo=UTC)):
            made = pledges.make_pledge(new=wish(campaign.id))
            with clock.use(clock.FrozenClock(at)):
                tell(captured(made.pledge_id))

        assert [
            (row["series"], row["number"])
            for row in db.rows("SELECT series, number FROM pledges_receipt ORDER BY series")
        ] == [("2031", 1), ("2032", 1)]

    @pytest.mark.django_db(transaction=True)
    def test_batches_side_by_side_share_no_number(self, campaign: campaigns.Campaign) -> None:
        made = [pledges.make_pledge(new=wish(campaign.id)) for _ in range(12)]
        tell(*(captured(each.pledge_id) for each in made))
        facts = [fact_of(each) for each in made]
        db.execute("TRUNCATE pledges_receipt")
        db.execute("UPDATE pledges_receiptcounter SET last = 0")

        def issue(first: int) -> None:
            with transaction.atomic():
                issue_receipts(facts[first : first + 6])  # each gift stands in two of the batches

        assert at_once([lambda first=first: issue(first) for first in (0, 3, 6)]) == [None] * 3  # type: ignore[misc]
        assert numbers() == list(range(1, 13))
        assert offending() == {}

    def test_control_the_highest_number_plus_one_collides(self, taken: pledges.MadePledge) -> None:
        """The twin without the counter's lock: two writers read the same highest number, and only the index saves us."""
        copy = """INSERT INTO pledges_receipt SELECT pledge_id, gen_random_uuid(), series, %s, campaign_title, organizer, issuer,
                  issuer_details, amount, currency, given_at, issued_at FROM pledges_receipt"""
        with pytest.raises(IntegrityError, match="pledges_receipt"), transaction.atomic():
            db.execute(copy, [1])


class TestRefusedInSql:
    @pytest.mark.parametrize("change", ["amount = 1", "number = 7", "campaign_title = 'x'"])
    def test_a_receipt_is_never_changed(self, taken: pledges.MadePledge, change: str) -> None:
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            db.execute(f"UPDATE pledges_receipt SET {change}")
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            db.execute("DELETE FROM pledges_receipt")

    @pytest.mark.django_db(transaction=True)
    def test_the_audit_sees_a_missing_number_and_a_missing_receipt(self, taken: pledges.MadePledge) -> None:
        assert offending() == {}
        db.execute("TRUNCATE pledges_receipt")
        assert len(offending()) == 2


class TestRefunds:
    def test_a_part_is_noted_and_the_whole_makes_it_void(self, taken: pledges.MadePledge) -> None:
        tell(refunded(taken.pledge_id, 200_00))
        receipt = pledges.receipt_of_gift(tracking_token=taken.tracking_token)
        assert (receipt.status, receipt.refunded_amount, [each.amount for each in receipt.refunds]) == (
            "partially_refunded",
            200_00,
            [200_00],
        )
        tell(refunded(taken.pledge_id, 300_00))
        assert pledges.receipt_of_gift(tracking_token=taken.tracking_token).status == "void"
        assert pledges.confirm_receipt(code=receipt.code).status == "void"
        assert numbers() == [1]


class TestReading:
    def test_the_donor_and_the_team_read_it_and_nobody_else(
        self, campaign: campaigns.Campaign, alice: Actor, bob: Actor, charlie: Actor, sam: Actor
    ) -> None:
        made = pledges.make_pledge(new=wish(campaign.id, donor_id=bob.user_id, donor_name=""))
        with pytest.raises(ReceiptNotFound):
            pledges.get_receipt(pledge_id=made.pledge_id, viewer=bob)
        tell(captured(made.pledge_id))
        for viewer in (bob, alice, sam):
            assert pledges.get_receipt(pledge_id=made.pledge_id, viewer=viewer).donor_name == "Bob Donor"
        with pytest.raises(PledgeNotFound):
            pledges.get_receipt(pledge_id=made.pledge_id, viewer=charlie)

    def test_an_erased_person_is_named_by_no_receipt(self, taken: pledges.MadePledge) -> None:
        db.execute("DELETE FROM pledges_donor")
        assert pledges.receipt_of_gift(tracking_token=taken.tracking_token).donor_name == ""

    @pytest.mark.parametrize("number", [1, 3])
    def test_many_cost_two_queries(
        self, campaign: campaigns.Campaign, number: int, django_assert_num_queries: Any
    ) -> None:
        made = [pledges.make_pledge(new=wish(campaign.id)).pledge_id for _ in range(number)]
        tell(*(captured(each) for each in made))
        tell(*(refunded(each, 1_00) for each in made))
        with django_assert_num_queries(2):
            assert len(pledges.receipts_of(pledge_ids=made)) == number


class TestPages:
    def test_page_pdf_and_api_agree(self, taken: pledges.MadePledge, client: Client) -> None:
        body = client.get(f"/api/v1/donations/{taken.tracking_token}").json()
        assert body["receipt_url"] == f"{settings.PUBLIC_URL}/donations/{taken.tracking_token}/receipt/"
        page = client.get(body["receipt_url"].removeprefix(settings.PUBLIC_URL)).content.decode()
        pdf = client.get(f"/donations/{taken.tracking_token}/receipt.pdf")
        text = pypdf.PdfReader(io.BytesIO(pdf.content)).pages[0].extract_text()

        assert pdf.headers["Content-Type"] == "application/pdf"
        assert "private" in pdf.headers["Cache-Control"]
        for said in (f"{clock.now().year}-000001", "Gulshan Guest", "Blankets for Kurigram", "500"):
            assert said in page
            assert said in text
        assert "/receipt/" in client.get(f"/donations/{taken.tracking_token}/").content.decode()

    def test_a_void_receipt_says_so_on_paper_too(self, taken: pledges.MadePledge, client: Client) -> None:
        client.get(f"/donations/{taken.tracking_token}/receipt.pdf")
        tell(refunded(taken.pledge_id, 500_00))
        pdf = client.get(f"/donations/{taken.tracking_token}/receipt.pdf").content
        assert "VOID" in pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
        assert "VOID" in client.get(f"/donations/{taken.tracking_token}/receipt/").content.decode()

    def test_bangla_is_drawn_with_the_font_that_comes_along(self, campaign: campaigns.Campaign, client: Client) -> None:
        made = pledges.make_pledge(new=wish(campaign.id, donor_name='শারমিন #image("/etc/passwd")'))
        tell(captured(made.pledge_id))
        pdf = client.get(f"/donations/{made.tracking_token}/receipt.pdf", headers={"Accept-Language": "bn"}).content
        fonts = pypdf.PdfReader(io.BytesIO(pdf)).pages[0]["/Resources"]["/Font"]  # type: ignore[index]
        assert any("NotoSansBengali" in str(font.get_object()["/BaseFont"]) for font in fonts.values())

    def test_confirming_names_nobody(self, taken: pledges.MadePledge, client: Client) -> None:
        receipt = pledges.receipt_of_gift(tracking_token=taken.tracking_token)
        page = client.get(f"/receipts/confirm/{receipt.code}/").content.decode()
        assert receipt.number in page
        assert "500" in page
        for hidden in ("Gulshan", "guest@", "Blankets", str(taken.pledge_id), taken.tracking_token):
            assert hidden not in page
        assert client.get(f"/receipts/confirm/{taken.pledge_id}/").status_code == 404

    def test_without_a_receipt_or_a_right_there_is_a_404(
        self, campaign: campaigns.Campaign, client: Client, bob: Actor, charlie: Actor
    ) -> None:
        made = pledges.make_pledge(new=wish(campaign.id, donor_id=bob.user_id, donor_name=""))
        assert client.get(f"/api/v1/donations/{made.tracking_token}").json()["receipt_url"] is None
        assert client.get(f"/donations/{made.tracking_token}/receipt/").status_code == 404
        assert client.get(f"/donations/{'x' * 32}/receipt.pdf").status_code == 404
        tell(captured(made.pledge_id))
        assert client.get(f"/receipts/{made.pledge_id}/").status_code == 302
        client.force_login(_user(bob))
        assert client.get(f"/receipts/{made.pledge_id}/").status_code == 200
        client.force_login(_user(charlie))
        assert client.get(f"/receipts/{made.pledge_id}/receipt.pdf").status_code == 404


def _user(actor: Actor) -> Any:
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get(pk=actor.user_id)
