"""The bank over HTTP: who may come in, what it answers, and what it refuses without a 500."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from apps.accounts import interface as accounts
from apps.bank.models import Hold
from apps.platform.ids import new_id

from .support import PAYS, on_both

pytestmark = on_both
ROOT = "/api/v1/bank"
Call = Callable[..., HttpResponse]


@pytest.fixture
def get(client: Client, bank_key: str) -> Call:
    return lambda path, **query: client.get(f"{ROOT}/{path}", query, headers={"Authorization": f"Api-Key {bank_key}"})


@pytest.fixture
def post(client: Client, bank_key: str) -> Call:
    def send(path: str, body: Any, key: str | None = None) -> HttpResponse:
        headers = {"Authorization": f"Api-Key {bank_key}"} | ({"Idempotency-Key": key} if key else {})
        return client.post(f"{ROOT}/{path}", body, content_type="application/json", headers=headers)

    return send


def wish(**changes: Any) -> dict[str, Any]:
    return {"account": PAYS, "amount": 2500, "currency": "BDT", "reference": str(new_id())} | changes


def is_problem(response: HttpResponse, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert (body["code"], body["status"]) == (code, status)
    return body


def test_the_test_accounts_are_for_everyone(client: Client):
    listed = client.get(f"{ROOT}/test-accounts").json()["results"]
    assert len(listed) == 10
    assert set(listed[0]) == {"number", "title", "description"}


@pytest.mark.parametrize("path", [f"accounts/{PAYS}", "events", "authorizations", f"accounts/{PAYS}/transactions"])
def test_everything_else_needs_a_key_of_the_bank(client: Client, path: str):
    is_problem(client.get(f"{ROOT}/{path}"), 401, "not-authenticated")
    _, other = accounts.create_api_key(name="other", scopes=["campaigns"])
    is_problem(client.get(f"{ROOT}/{path}", headers={"Authorization": f"Api-Key {other}"}), 403, "forbidden")


def test_a_gift_from_hold_to_refund(post: Call, get: Call):
    new = wish()
    made = post("authorizations", new)
    hold = made.json()
    assert (made.status_code, hold["status"], hold["transactions"]) == (201, "authorized", [])
    repeated = post("authorizations", new)
    assert (repeated.status_code, repeated.json()) == (200, hold)

    taken = post(f"authorizations/{hold['id']}/capture", {"amount": 2500}, "capture-1")
    again = post(f"authorizations/{hold['id']}/capture", {"amount": 2500}, "capture-1")
    assert (taken.status_code, again.status_code, again["Idempotent-Replayed"]) == (200, 200, "true")
    assert "Idempotent-Replayed" not in taken
    assert again.json() == taken.json()
    assert taken.json()["authorization"]["transactions"][0]["idempotency_key"] == "capture-1"

    given = post(f"authorizations/{hold['id']}/refund", {"amount": 500, "reason": "asked for"}, "refund-1").json()
    assert (given["status"], given["authorization"]["refunded_amount"]) == ("succeeded", 500)
    is_problem(post(f"authorizations/{hold['id']}/refund", {"amount": 2001}), 409, "refund-exceeds-captured")

    assert get(f"authorizations/{hold['id']}").json() == given["authorization"]
    assert get("authorizations", reference=new["reference"]).json()["results"] == [given["authorization"]]
    told = get("events", after=0, page_size=100).json()
    assert [each["type"] for each in told["results"]] == ["payment.authorized", "payment.captured", "payment.refunded"]
    assert told["next_after"] == told["results"][-1]["seq"]


def test_a_new_account_and_its_pages(post: Call, get: Call):
    opened = post("accounts", {"currency": "BDT", "balance": 10_000})
    assert opened.status_code == 201
    number = opened.json()["number"]
    for _ in range(3):
        hold = post("authorizations", wish(account=number, amount=100)).json()
        post(f"authorizations/{hold['id']}/capture", {})
    assert get(f"accounts/{number}").json()["balances"] == [{"currency": "BDT", "balance": 9700, "held": 0}]
    first = get(f"accounts/{number}/transactions", page_size=3).json()
    second = get(f"accounts/{number}/transactions", page_size=3, cursor=first["next"].split("cursor=")[1]).json()
    assert [len(first["results"]), len(second["results"]), second["next"]] == [3, 1, None]
    assert second["results"][0]["debit"] == "funding"


@pytest.mark.parametrize(("end", "code"), [("0002", "insufficient-funds"), ("0003", "account-closed")])
def test_a_decline_is_402_and_tells_of_its_authorization(post: Call, end: str, code: str):
    body = is_problem(post("authorizations", wish(account=f"4000-0000-0000-{end}")), 402, code)
    assert (body["authorization"]["status"], body["authorization"]["reason"]) == ("declined", code)


def test_0013_is_declined_at_capture_every_time(post: Call, get: Call):
    hold = post("authorizations", wish(account="4000-0000-0000-0013")).json()
    for _ in range(2):
        is_problem(post(f"authorizations/{hold['id']}/capture", {}, "k"), 402, "capture-declined")
    shown = get(f"authorizations/{hold['id']}").json()
    assert (shown["status"], shown["reason"], shown["captured_amount"]) == ("released", "capture-declined", 0)


@pytest.mark.parametrize("end", ["0010", "0011", "0012", "0016"])
def test_accounts_that_answer_later_say_processing(post: Call, end: str):
    hold = post("authorizations", wish(account=f"4000-0000-0000-{end}")).json()
    taken = post(f"authorizations/{hold['id']}/capture", {})
    assert (taken.status_code, taken.json()["status"]) == (202, "processing")


def test_0015_answers_503_three_times_then_holds_once(post: Call):
    new = wish(account="4000-0000-0000-0015")
    for _ in range(3):
        assert is_problem(post("authorizations", new), 503, "bank-unavailable")
        assert not Hold.objects.exists()
    assert post("authorizations", new).status_code == 201


def test_refusals_have_names(post: Call, get: Call):
    new = wish()
    hold = post("authorizations", new).json()
    is_problem(post("authorizations", new | {"amount": 1}), 409, "reference-reused")
    is_problem(post("authorizations", wish(account="4000-0000-0000-7777")), 404, "unknown-account")
    is_problem(post(f"authorizations/{hold['id']}/capture", {"amount": 2501}), 409, "capture-exceeds-hold")
    assert post(f"authorizations/{hold['id']}/release", {}, "r").json()["authorization"]["status"] == "released"
    is_problem(post(f"authorizations/{hold['id']}/capture", {}), 409, "hold-not-capturable")
    is_problem(post(f"authorizations/{hold['id']}/capture", {}, "r"), 422, "idempotency-key-reused")
    is_problem(get(f"authorizations/{new_id()}"), 404, "unknown-authorization")
    is_problem(post(f"authorizations/{new_id()}/refund", {"amount": 1}), 404, "unknown-authorization")


@pytest.mark.parametrize("amount", [0, -1, 2**63, 10**15 + 1, 2**70, "100", 1.5, None, True])
def test_an_unusable_amount_is_400(post: Call, amount: Any):
    is_problem(post("authorizations", wish(amount=amount)), 400, "validation-error")
    assert not Hold.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [{"currency": "XXX"}, {"currency": ""}, {"reference": "x"}, {"reference": None}, {"account": 4000}],
)
def test_unusable_fields_are_400(post: Call, changes: dict[str, Any]):
    is_problem(post("authorizations", wish(**changes)), 400, "validation-error")
    assert not Hold.objects.exists()


@pytest.mark.parametrize("account", ["", "4000-0000-0000-0001\x00", "x" * 5000, "\u202e4000-0000-0000-0001"])
def test_an_account_that_is_no_number_is_unknown(post: Call, account: str):
    is_problem(post("authorizations", wish(account=account)), 404, "unknown-account")


@pytest.mark.parametrize("body", ["", "[]", "{", "null", "[" * 5000, '{"account": NaN}', b"\xff\xfe"])
def test_a_body_that_is_no_object_is_400(post: Call, body: str | bytes):
    is_problem(post("authorizations", body), 400, "validation-error")


def test_a_megabyte_is_too_large(post: Call):
    is_problem(post("authorizations", '{"account": "' + "x" * 2**20 + '"}'), 413, "body-too-large")


@pytest.mark.parametrize("query", [{"after": "-1"}, {"after": "x"}, {"after": "9" * 30}, {"page_size": "101"}])
def test_an_unusable_query_is_400(get: Call, query: dict[str, str]):
    is_problem(get("events", **query), 400, "validation-error")


def test_a_hold_and_a_capture_take_few_statements(post: Call, django_assert_max_num_queries: DjangoAssertNumQueries):
    post("authorizations", wish())
    new = wish()
    with django_assert_max_num_queries(6, using="bank"):
        hold = post("authorizations", new).json()
    with django_assert_max_num_queries(13, using="bank"):
        post(f"authorizations/{hold['id']}/capture", {}, "k")
