"""The bank's own page: a payer says yes or no, once, in one browser, in time; the sum and the way back cannot be changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core import signing
from django.test import Client

from apps.bank import interface as bank
from apps.bank.errors import ConsentAnswered, OtherVisitor, ReferenceReused, UnknownAccount
from apps.bank.models import Consent, Hold
from apps.payments.gateway import provider
from apps.platform import clock
from apps.platform.ids import new_id
from tests.bank.support import PAYS, committing, crowd, on_both, violations

POOR = "4000-0000-0000-0002"
BACK = "https://give.example.org/donations/back/abc/"


@pytest.fixture
def reference() -> UUID:
    return new_id()


@pytest.fixture
def time() -> Iterator[clock.FrozenClock]:
    with clock.use(clock.FrozenClock(clock.now())) as frozen:
        yield frozen  # type: ignore[misc]


def page_of(reference: UUID, **changes: Any) -> str:
    asked = {"payment_id": reference, "amount": 2500, "currency": "BDT", "payee": "Padma <b>School</b>"}
    address = provider("bank").consent_page(**asked | {"return_url": BACK} | changes)
    return address[address.index("/bank/") :]


def asked(reference: UUID) -> bank.Consent:
    return bank.ask_consent(reference=reference, amount=2500, currency="BDT")


def told(reference: UUID) -> list[tuple[str, Any]]:
    listed = bank.list_events(after=0, page_size=100)
    return [(each.type, each.data["reason"]) for each in listed if each.data["payment"] == str(reference)]


@on_both
def test_a_payer_names_an_account_and_approves_and_the_webhook_tells(client: Client, reference: UUID) -> None:
    page = page_of(reference)
    shown = client.get(page)
    text = shown.content.decode()
    assert "Padma &lt;b&gt;School&lt;/b&gt;" in text
    assert "BDT\u00a025" in text
    assert "form-action 'self' https://give.example.org;" in shown.headers["Content-Security-Policy"] + ";"
    assert "sessionid" not in client.cookies
    wrong = client.post(page + "account/", {"account": "4000-9999-9999-9999"})
    assert (wrong.status_code, "There is no such account" in wrong.content.decode()) == (422, True)
    assert client.post(page + "yes/").status_code == 422, "nobody pays from nowhere"
    assert client.post(page + "account/", {"account": PAYS}).headers["Location"] == page
    assert "Approve BDT\u00a025" in client.get(page).content.decode()
    assert not Hold.objects.exists(), "naming an account holds nothing"
    for _ in range(2):
        answer = client.post(page + "yes/")
        assert (answer.status_code, answer.headers["Location"]) == (302, BACK)
    assert told(reference) == [("payment.authorized", None)]
    after = client.get(page).content.decode()
    assert "You have approved this payment" in after
    assert "yes/" not in after
    client.post(page + "no/")
    client.post(page + "account/", {"account": POOR})
    assert Consent.objects.get().status == "given"
    assert told(reference) == [("payment.authorized", None)]
    assert violations() == {}


@on_both
@pytest.mark.parametrize("account", ["", PAYS])
def test_no_is_a_declined_payment(client: Client, reference: UUID, account: str) -> None:
    page = page_of(reference)
    client.get(page)
    if account:
        client.post(page + "account/", {"account": account})
    assert client.post(page + "no/").headers["Location"] == BACK
    assert told(reference) == [("payment.failed", "refused-by-payer")]
    client.post(page + "yes/")
    assert len(told(reference)) == 1
    assert "You have said no" in client.get(page).content.decode()
    assert violations() == {}


@on_both
def test_without_money_yes_is_a_decline_too(client: Client, reference: UUID) -> None:
    page = page_of(reference)
    client.post(page + "account/", {"account": POOR})
    assert client.post(page + "yes/").headers["Location"] == BACK
    assert told(reference) == [("payment.failed", "insufficient-funds")]


@on_both
def test_another_browser_answers_nothing(client: Client, reference: UUID) -> None:
    page, other = page_of(reference), Client()
    client.post(page + "account/", {"account": PAYS})
    for answer in (
        other.get(page),
        other.post(page + "account/", {"account": PAYS}),
        other.post(page + "yes/"),
        other.post(page + "no/"),
    ):
        assert answer.status_code == 403
        assert "Another browser is at it" in answer.content.decode()
    assert told(reference) == []
    assert client.post(page + "yes/").status_code == 302


@on_both
def test_time_runs_out_once_and_the_page_says_so(client: Client, reference: UUID, time: clock.FrozenClock) -> None:
    page = page_of(reference)
    client.post(page + "account/", {"account": PAYS})
    assert bank.expire_consents() == 0
    time.forward(timedelta(minutes=9))
    assert client.post(page + "yes/").headers["Location"] == BACK
    assert told(reference) == []
    assert (bank.expire_consents(), bank.expire_consents()) == (1, 0)
    assert told(reference) == [("payment.failed", "consent-expired")]
    assert "The time to answer is over" in client.get(page).content.decode()


@on_both
@pytest.mark.parametrize("change", [{"amount": 1}, {"return_url": "javascript:alert(1)"}, {"currency": "USD"}])
def test_a_changed_address_is_no_address(client: Client, reference: UUID, change: dict[str, Any]) -> None:
    page = page_of(reference)
    client.get(page)
    said = {"r": str(reference), "a": 2500, "c": "BDT", "p": "x", "u": BACK}
    forged = signing.dumps(said, key="another secret", salt="bank.consent.1")
    for bad in ("x", page.split("/")[3].swapcase(), forged, "\u0661:\u0662"):
        answer = client.get(f"/bank/approvals/{bad}/")
        assert (answer.status_code, "We do not know this payment" in answer.content.decode()) == (404, True)
        assert BACK not in answer.content.decode()
    assert client.get(page_of(reference, **change)).status_code in (404, 409), "signed, but not what was asked before"


@on_both
def test_a_form_from_elsewhere_is_refused(reference: UUID) -> None:
    client, page = Client(enforce_csrf_checks=True), page_of(reference)
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', client.get(page).content.decode())[1]  # type: ignore[index]
    assert client.post(page + "account/", {"account": PAYS}).status_code == 403
    assert client.post(page + "account/", {"account": PAYS, "csrfmiddlewaretoken": token}).status_code == 302
    assert client.post(page + "yes/").status_code == 403
    assert told(reference) == []


@on_both
def test_the_page_speaks_bangla(client: Client, reference: UUID) -> None:
    text = client.get(page_of(reference), headers={"Accept-Language": "bn"}).content.decode()
    assert '<html lang="bn">' in text
    assert "২৫" in text


@on_both
def test_the_api_says_processing_until_there_is_an_answer(client: Client, bank_key: str, reference: UUID) -> None:
    def ask(**changes: Any) -> Any:
        wish = {"consent": True, "amount": 2500, "currency": "BDT", "reference": str(reference)} | changes
        headers = {"Authorization": f"Api-Key {bank_key}"}
        return client.post("/api/v1/bank/authorizations", wish, content_type="application/json", headers=headers)

    assert (ask().status_code, ask().json()) == (202, {"status": "processing"})
    assert ask(account=PAYS).status_code == 400
    assert ask(amount=2600).json()["code"] == "reference-reused"
    bank.name_account(reference=reference, account=PAYS, visitor="v")
    held = bank.give_consent(reference=reference, visitor="v")
    assert (ask().status_code, ask().json()["id"]) == (200, str(held.id))
    no = new_id()
    asked(no)
    bank.refuse_consent(reference=no, visitor="v")
    refused = ask(reference=str(no))
    assert (refused.status_code, refused.json()["code"]) == (402, "refused-by-payer")


@committing
def test_many_answers_at_once_are_one(reference: UUID) -> None:
    asked(reference)
    bank.name_account(reference=reference, account=PAYS, visitor="v")

    def answer(index: int) -> object:
        if index % 2:
            return bank.give_consent(reference=reference, visitor="v").status
        return bank.refuse_consent(reference=reference, visitor="v")

    results = crowd(6, answer)
    assert sum(not isinstance(each, Exception) for each in results) == 1
    assert all(isinstance(each, ConsentAnswered) for each in results if isinstance(each, Exception))
    assert len(told(reference)) == 1
    assert violations() == {}


@on_both
def test_refusals_are_named(reference: UUID) -> None:
    asked(reference)
    with pytest.raises(ReferenceReused):
        bank.ask_consent(reference=reference, amount=2501, currency="BDT")
    with pytest.raises(UnknownAccount):
        bank.name_account(reference=reference, account="nobody", visitor="v")
    bank.name_account(reference=reference, account=PAYS, visitor="v")
    with pytest.raises(OtherVisitor):
        bank.give_consent(reference=reference, visitor="w")
