"""A standing approval at the bank: kept once, used by its token alone, taken back for good."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from apps.bank.models import Mandate
from apps.platform.ids import new_id

from .support import PAYS, on_both

pytestmark = on_both
ROOT = "/api/v1/bank"
CLOSED, POOR, FLAKY = "4000-0000-0000-0003", "4000-0000-0000-0002", "4000-0000-0000-0015"
Post = Callable[[str, dict[str, Any]], HttpResponse]


@pytest.fixture
def post(client: Client, bank_key: str) -> Post:
    return lambda path, body: client.post(
        f"{ROOT}/{path}", body, content_type="application/json", headers={"Authorization": f"Api-Key {bank_key}"}
    )


def hold(mandate: str) -> dict[str, Any]:
    return {"mandate": mandate, "amount": 2500, "currency": "BDT", "reference": str(new_id())}


def test_a_mandate_is_kept_once_and_pays_until_it_is_revoked(post: Post):
    wish = {"account": PAYS, "reference": str(new_id())}
    made, again = post("mandates", wish), post("mandates", wish)
    assert (made.status_code, again.status_code) == (201, 200)
    assert made.json() == again.json()
    assert "account" not in made.json(), "whoever has the token need not know the number"
    token = made.json()["id"]
    held = post("authorizations", hold(token))
    assert (held.status_code, held.json()["status"], held.json()["account"]) == (201, "authorized", PAYS)
    assert post(f"mandates/{token}/revocation", {}).json()["status"] == "revoked"
    assert post(f"mandates/{token}/revocation", {}).status_code == 200
    refused = post("authorizations", hold(token))
    assert (refused.status_code, refused.json()["code"]) == (402, "mandate-revoked")
    assert post("mandates", {"account": POOR, "reference": wish["reference"]}).json()["code"] == "reference-reused"


@pytest.mark.parametrize(
    ("account", "status", "code"), [(CLOSED, 402, "account-closed"), ("9999-9999-9999-9999", 404, "unknown-account")]
)
def test_what_cannot_pay_gives_no_mandate(post: Post, account: str, status: int, code: str):
    refused = post("mandates", {"account": account, "reference": str(new_id())})
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert not Mandate.objects.exists()


def test_a_test_account_keeps_its_meaning_behind_a_mandate(post: Post):
    poor = post("mandates", {"account": POOR, "reference": str(new_id())}).json()["id"]
    assert post("authorizations", hold(poor)).json()["code"] == "insufficient-funds"
    wish = {"account": FLAKY, "reference": str(new_id())}
    assert [post("mandates", wish).status_code for _ in range(4)] == [503, 503, 503, 201]


@pytest.mark.parametrize("mandate", ["mnd_nothing", "mnd_" + "A" * 32, "a\x00b", "\ud800", "x" * 5000])
def test_no_other_token_is_taken(post: Post, mandate: str):
    assert post("authorizations", hold(mandate)).status_code in (400, 404)


def test_a_hold_names_either_an_account_or_a_mandate(post: Post):
    both = hold("mnd_" + "A" * 32) | {"account": PAYS}
    neither = {name: value for name, value in both.items() if name not in ("account", "mandate")}
    for body in (both, neither):
        refused = post("authorizations", body)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "account")
