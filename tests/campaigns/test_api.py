"""The API of campaigns, over HTTP: shapes, who may do what, bad input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.campaigns import interface as campaigns
from apps.campaigns.models import Campaign
from apps.faces.api.v1.campaigns import hot
from apps.platform.actors import SYSTEM, Actor
from tests.conftest import headers_of

from .support import WISH, campaign_in, draft_of, fold, gift, picture

pytestmark = pytest.mark.django_db
LIST = "/api/v1/campaigns"
CONTRACT = {
    "id",
    "slug",
    "title",
    "summary",
    "story",
    "category",
    "status",
    "goal_amount",
    "currency",
    "raised_amount",
    "donor_count",
    "progress",
    "starts_at",
    "ends_at",
    "organizer",
    "cover_url",
    "url",
    "created_at",
    "updated_at",
}


@pytest.fixture(autouse=True)
def _cold_cache() -> None:
    hot._cache.clear()


def send(client: Client, method: str, path: str, by: Actor | None = None, body: Any = None):
    headers = headers_of(by) if by else {}
    data = body if isinstance(body, (bytes, str)) else json.dumps(body)
    return client.generic(method, path, b"" if body is None else data, content_type="application/json", headers=headers)


def assert_problem(response, status: int, code: str | None = None) -> dict[str, Any]:
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert {"type", "title", "status", "detail", "code", "trace_id"} <= problem.keys()
    assert problem["status"] == status
    assert code is None or problem["code"] == code
    return problem


def test_a_campaign_is_shown_as_the_contract_says(client: Client, alice: Actor):
    campaign = campaign_in("active", alice)
    fold(gift(campaign.id, "bob", 2500))
    shown = send(client, "GET", f"{LIST}/{campaign.id}").json()
    assert shown.keys() >= CONTRACT
    assert shown["organizer"] == {"id": str(alice.user_id), "name": "Alice Manager"}
    assert (shown["raised_amount"], shown["donor_count"], shown["progress"], shown["cover_url"]) == (
        2500,
        1,
        0.025,
        None,
    )
    assert shown["url"].endswith(f"/campaigns/{campaign.slug}/")
    assert shown["created_at"].endswith("Z")
    (listed,) = send(client, "GET", LIST).json()["results"]
    assert listed == shown


def test_a_manager_walks_a_campaign_through_its_life(client: Client, alice: Actor, sam: Actor):
    created = send(client, "POST", LIST, alice, WISH)
    assert (created.status_code, created.json()["status"]) == (201, "draft")
    one = f"{LIST}/{created.json()['id']}"
    assert_problem(send(client, "GET", one), 404, "campaign-not-found")
    for move, by, status in [
        ("submission", alice, "in_review"),
        ("return", sam, "draft"),
        ("submission", alice, "in_review"),
        ("publication", sam, "active"),
        ("pause", alice, "paused"),
        ("publication", alice, "active"),
        ("closure", alice, "ended"),
    ]:
        answer = send(client, "POST", f"{one}/{move}", by)
        assert (answer.status_code, answer.json().get("status")) == (200, status)
    assert_problem(send(client, "POST", f"{one}/pause", alice), 409, "invalid-transition")
    gone = send(client, "DELETE", one, alice)
    assert (gone.status_code, gone.content) == (204, b"")
    hot._cache.clear()  # what the poke does once the transaction of this test commits
    assert_problem(send(client, "GET", one), 404)
    assert send(client, "GET", one, alice).json()["status"] == "archived"
    assert Campaign.objects.count() == 1


def test_who_may_not(client: Client, alice: Actor, bob: Actor, charlie: Actor):
    draft, active, review = draft_of(alice), campaign_in("active", alice), campaign_in("in_review", alice)
    assert_problem(send(client, "POST", LIST, None, WISH), 401)
    assert_problem(send(client, "POST", LIST, bob, WISH), 403)
    assert_problem(send(client, "POST", f"{LIST}/{review.id}/publication", alice), 403)
    for method, path, body in [("PATCH", "", {"title": "Mine"}), ("DELETE", "", None), ("POST", "/closure", None)]:
        assert_problem(send(client, method, f"{LIST}/{active.id}{path}", None, body), 401)
        for stranger in (bob, charlie):
            assert_problem(send(client, method, f"{LIST}/{active.id}{path}", stranger, body), 403)
            assert_problem(send(client, method, f"{LIST}/{draft.id}{path}", stranger, body), 404)
            assert_problem(send(client, "GET", f"{LIST}/{draft.id}", stranger), 404)
    assert Campaign.objects.filter(title=WISH["title"]).count() == 3


@pytest.mark.parametrize(
    "campaign_id", ["x", "123", "00000000-0000-0000-0000-00000000000g", "%00", "01890a5d-ac96-774b-bcce-b302099a8057"]
)
def test_an_unknown_id_is_a_problem_404(client: Client, sam: Actor, campaign_id: str):
    for method, path in [("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/submission"), ("PUT", "/cover")]:
        assert_problem(send(client, method, f"{LIST}/{campaign_id}{path}", sam, {} if method == "PATCH" else None), 404)
    assert_problem(send(client, "GET", f"{LIST}/{campaign_id}"), 404)


BAD: dict[str, list[Any]] = {
    "title": [None, "", "  ", 7, True, [], {}, "x" * 121, "a\u0000b", "a\u0007b", "\u202eevil", "two\nlines"],
    "summary": [None, 7, [], "x" * 281, "a\u0000b", "\u2067x"],
    "story": [None, 7, {}, "x" * 50_001, "a\u0000b", "\u202dx"],
    "category": [None, "", "weapons", 7, [], {}],
    "goal_amount": [None, "", "100", 0, -1, 2**63, 10**30, 1.5, 1e3, True, [], {}],
    "currency": [None, "", "XXX", "bdt", "BDTT", 7, []],
    "minimum_amount": ["1", 0, -1, 2**63, 0.5],
    "maximum_amount": ["1", 0, -1, 2**63, 0.5],
    "starts_at": ["", "tomorrow", 7, [], "2026-13-01T00:00:00Z", "9999-12-31T23:59:59-14:00"],
    "ends_at": ["", "tomorrow", 7, {}, "2026-02-30T00:00:00Z", "0001-01-01T00:00:00+14:00"],
}


@pytest.mark.parametrize(("field", "value"), [(field, value) for field, values in BAD.items() for value in values])
def test_each_bad_field_is_named_and_changes_nothing(client: Client, alice: Actor, field: str, value: Any):
    draft = draft_of(alice)
    for method, path, body in [("POST", LIST, WISH | {field: value}), ("PATCH", f"{LIST}/{draft.id}", {field: value})]:
        problem = assert_problem(send(client, method, path, alice, body), 400, "validation-error")
        assert field in {each["field"] for each in problem["errors"]}
    assert Campaign.objects.get().revision == 1


@pytest.mark.parametrize("field", ["title", "category", "goal_amount", "currency"])
def test_a_missing_field_is_named(client: Client, alice: Actor, field: str):
    body = {name: value for name, value in WISH.items() if name != field}
    problem = assert_problem(send(client, "POST", LIST, alice, body), 400)
    assert [(each["field"], each["code"]) for each in problem["errors"]] == [(field, "required")]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"null", 400),
        (b"[]", 400),
        (b'"x"', 400),
        (b"\xff\xfe", 400),
        (b'{"goal_amount": NaN}', 400),
        (b'{"goal_amount": Infinity}', 400),
        (b'{"title": "\\ud800"}', 400),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, 400),
        (b"[" * 60_000, 400),
        (b'{"title": "' + b"x" * 1_000_000 + b'"}', 413),
    ],
    ids=[
        "empty",
        "cut",
        "null",
        "list",
        "text",
        "no-utf8",
        "nan",
        "infinity",
        "surrogate",
        "deep",
        "deeper",
        "megabyte",
    ],
)
def test_a_body_that_is_no_campaign_is_refused(client: Client, alice: Actor, body: bytes, status: int):
    assert_problem(send(client, "POST", LIST, alice, body), status)
    assert not Campaign.objects.exists()


def test_fields_that_are_not_the_callers_to_set_change_nothing(client: Client, alice: Actor, charlie: Actor):
    extra = {
        "status": "active",
        "raised_amount": 10**6,
        "slug": "mine",
        "organizer": {"id": str(charlie.user_id)},
        "id": str(uuid4()),
    }
    shown = send(client, "POST", LIST, alice, WISH | extra).json()
    assert (shown["status"], shown["raised_amount"]) == ("draft", 0)
    assert shown["organizer"]["id"] == str(alice.user_id)
    edited = send(client, "PATCH", f"{LIST}/{shown['id']}", alice, extra).json()
    assert (edited["status"], edited["slug"], edited["id"]) == ("draft", shown["slug"], shown["id"])


def test_currency_stands_once_submitted(client: Client, alice: Actor):
    campaign = campaign_in("in_review", alice)
    assert_problem(
        send(client, "PATCH", f"{LIST}/{campaign.id}", alice, {"currency": "USD"}), 409, "campaign-not-editable"
    )


@pytest.mark.parametrize(
    "query",
    [
        "page_size=0", "page_size=101", "page_size=-1", "page_size=x", "page_size=1.5", "page_size=0000010000", "page_size=" + "0" * 5000,
        "cursor=x", "cursor=%00", "ordering=title", "ordering=%00", "status=draft", "status=archived", "category=weapons", "search=%00",
    ],
)  # fmt: skip
def test_a_query_that_cannot_be_used_is_refused(client: Client, query: str):
    assert_problem(send(client, "GET", f"{LIST}?{query}"), 400, "validation-error")


@pytest.mark.parametrize(
    "query", ["search=" + "x" * 3000, "search=%ff%fe", "search=%25_%5C", "unknown=1", "search=", "status="]
)
def test_an_odd_query_does_no_harm(client: Client, alice: Actor, query: str):
    campaign_in("active", alice)
    assert send(client, "GET", f"{LIST}?{query}").status_code == 200


def test_pages_are_linked_and_keep_the_filters(client: Client, alice: Actor):
    for number in range(3):
        campaign_in("active", alice, title=f"c{number}")
    page = send(client, "GET", f"{LIST}?page_size=2&category=relief&ordering=-raised_amount").json()
    assert [len(page["results"]), page["previous"]] == [2, None]
    rest = send(client, "GET", "?".join([LIST, urlsplit(page["next"]).query])).json()
    assert [len(rest["results"]), rest["next"]] == [1, None]
    assert len({each["id"] for each in page["results"] + rest["results"]}) == 3


def test_a_list_costs_the_same_for_1_and_3_rows(client: Client, alice: Actor):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert send(client, "GET", LIST).status_code == 200
        return len(queries)

    campaign_in("active", alice)
    one = cost()
    for _ in range(2):
        campaign_in("active", alice)
    assert one == cost() == 1


def test_a_cover_is_put_as_it_is(client: Client, alice: Actor, bob: Actor, settings, tmp_path: Path):
    settings.MEDIA_ROOT = tmp_path
    path = f"{LIST}/{campaign_in('active', alice).id}/cover"

    def put(content: bytes, by: Actor | None):
        return client.generic("PUT", path, content, content_type="image/png", headers=headers_of(by) if by else {})

    assert_problem(put(picture(), None), 401)
    assert_problem(put(picture(), bob), 403)
    for content in (b"", b"hello", picture("GIF"), b"\0" * (8 * 1024 * 1024 + 1)):
        assert_problem(put(content, alice), 400, "unusable-image")
    answer = put(picture(), alice)
    assert answer.status_code == 200
    assert answer.json()["cover_url"].startswith("http")
    assert answer.json()["cover_url"].endswith("-1600.webp")


def test_a_method_that_is_not_there_is_a_problem(client: Client, alice: Actor):
    campaign = campaign_in("active", alice)
    assert_problem(send(client, "PUT", LIST, alice, {}), 405)
    assert_problem(send(client, "GET", f"{LIST}/{campaign.id}/closure", alice), 405)


def test_staff_may_close_what_is_not_theirs(client: Client, alice: Actor, sam: Actor):
    campaign = campaign_in("active", alice)
    assert send(client, "POST", f"{LIST}/{campaign.id}/closure", sam).json()["status"] == "ended"
    assert campaigns.get_campaign(campaign_id=campaign.id, viewer=SYSTEM).status == "ended"
