"""What every answer of the API has in common, whichever route gave it."""

from __future__ import annotations

import io
import json
from uuid import uuid4

import pytest
from django.test import Client

from apps.campaigns import interface as campaigns
from apps.platform.actors import Actor
from tests.campaigns.support import draft_of, picture
from tests.conftest import headers_of

from .routes import METHODS, Route, api_routes

pytestmark = pytest.mark.django_db

ARGUMENTS = {
    "campaign_id": uuid4(),
    "pledge_id": uuid4(),
    "authorization_id": uuid4(),
    "mandate": "mnd_" + "A" * 32,
    "number": "4000-0000-0000-0001",
    "tracking_token": "x" * 32,
    "provider": "bank",
}


def names(routes: list[Route]) -> list[str]:
    return [route.path for route in routes]


@pytest.mark.parametrize("route", api_routes(), ids=names(api_routes()))
def test_a_wrong_method_says_what_is_allowed(client: Client, sam: Actor, route: Route) -> None:
    for method in sorted(set(METHODS) - set(route.methods)):
        response = getattr(client, method)(route.filled(**ARGUMENTS), headers=headers_of(sam))

        problem = response.json()
        assert response.status_code == 405, (method, response.content)
        assert response["Content-Type"] == "application/problem+json"
        assert {each.strip().lower() for each in response["Allow"].split(",")} >= set(route.methods)
        assert (problem["code"], problem["status"]) == ("method-not-allowed", 405)
        assert problem["trace_id"] == response["X-Request-ID"]


@pytest.mark.parametrize(
    "path", ["/api/", "/api/v1", "/api/v1/", "/api/v1/nothing", "/api/v2/campaigns", "/api/v1/bank/x/y"]
)
def test_an_unknown_path_is_a_problem(client: Client, path: str) -> None:
    for method in METHODS:
        response = getattr(client, method)(path)
        assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
        assert response.json()["code"] == "not-found"
        assert response["X-Request-ID"]


def test_a_defect_of_ours_is_a_problem_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.raise_request_exception = False
    monkeypatch.setattr("rest_framework.views.APIView.initial", None)  # the framework breaks

    response = client.get("/api/v1/campaigns")

    assert (response.status_code, response["Content-Type"]) == (500, "application/problem+json")
    assert response.json()["code"] == "internal-error"
    assert response.json()["trace_id"] == response["X-Request-ID"]


@pytest.mark.parametrize("path", ["pledges", "auth/token"])
def test_a_body_that_names_something_twice_is_refused(client: Client, path: str) -> None:
    body = '{"amount": 1, "donor": {"name": "a", "name": "b"}, "email": "a@example.org", "email": "b@example.org"}'
    if path == "pledges":
        body = (
            f'{{"campaign": "{uuid4()}", "payment": {{"provider": "bank", "account": "x"}}, "amount": 1, "amount": 2}}'
        )
    response = client.post(f"/api/v1/{path}", body, content_type="application/json")
    assert response.status_code == 400
    assert response.json()["errors"] == [
        {"field": "body", "code": "repeated-name", "detail": "The body names something twice."}
    ]


def test_a_long_story_in_bangla_fits(client: Client, alice: Actor) -> None:
    story = "নদীর ধারে গ্রাম। " * 2_900
    body = {"title": "নৌকা", "category": "relief", "goal_amount": 1000, "currency": "BDT", "story": story}
    for sent in (json.dumps(body), json.dumps(body, ensure_ascii=False)):
        response = client.post("/api/v1/campaigns", sent, content_type="application/json", headers=headers_of(alice))
        assert response.status_code == 201, response.content
    megabyte = json.dumps(body | {"story": "x" * 1_000_000})
    refused = client.post("/api/v1/campaigns", megabyte, content_type="application/json", headers=headers_of(alice))
    assert (refused.status_code, refused.json()["code"]) == (413, "body-too-large")


def test_a_cover_may_come_raw_or_as_a_form(client: Client, alice: Actor, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    path = f"/api/v1/campaigns/{draft_of(alice).id}/cover"
    image = picture("PNG")
    form, kind = _form(image=("cover.png", image))
    other, other_kind = _form(picture=("cover.png", image))

    raw = client.put(path, image, content_type="image/png", headers=headers_of(alice))
    sent = client.put(path, form, content_type=kind, headers=headers_of(alice))
    misnamed = client.put(path, other, content_type=other_kind, headers=headers_of(alice))
    broken = client.put(path, b"--nonsense", content_type="multipart/form-data; boundary=x", headers=headers_of(alice))
    text = client.put(path, b"hello", content_type="text/plain", headers=headers_of(alice))

    assert (raw.status_code, sent.status_code) == (200, 200)
    assert raw.json()["cover_url"] == sent.json()["cover_url"]
    assert [each["field"] for each in misnamed.json()["errors"]] == ["image"]
    assert [each.status_code for each in (misnamed, broken, text)] == [400, 400, 400]


def _form(**files: tuple[str, bytes]) -> tuple[bytes, str]:
    out = io.BytesIO()
    for name, (filename, content) in files.items():
        out.write(
            f'--frontier\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n\r\n'.encode()
        )
        out.write(content + b"\r\n")
    out.write(b"--frontier--\r\n")
    return out.getvalue(), "multipart/form-data; boundary=frontier"


def test_every_lists_links_lead_on_and_back(client: Client, alice: Actor, sam: Actor) -> None:
    for number in range(5):
        draft = draft_of(alice, title=f"Campaign {number}")
        campaigns.submit_campaign(campaign_id=draft.id, by=alice)
        campaigns.publish_campaign(campaign_id=draft.id, by=sam)
    seen, url = [], "/api/v1/campaigns?page_size=2&ordering=-created_at"
    while url:
        page = client.get(url).json()
        seen += [each["title"] for each in page["results"]]
        assert page["next"] is None or page["next"].startswith("http")
        url = page["next"]
    assert seen == [f"Campaign {number}" for number in (4, 3, 2, 1, 0)]
    assert page["previous"], "the last page knows the way back"
    back = client.get(page["previous"]).json()
    assert [each["title"] for each in back["results"]] == ["Campaign 2", "Campaign 1"]
    for size in ("0", "101", "-1", "x", "1e1", "99999", "²"):
        assert client.get("/api/v1/campaigns", {"page_size": size}).status_code == 400
