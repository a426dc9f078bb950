"""The schema is valid, names every route, and tells the truth: what it describes is what comes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, given, settings
from openapi_spec_validator import validate

from apps.faces.api.v1.schema.hooks import OPERATIONS, REFUSALS
from apps.notifications import interface as notifications
from apps.platform.actors import Actor
from tests.conftest import headers_of
from tests.pledges.support import captured, open_campaign, tell

from .routes import api_routes

pytestmark = pytest.mark.django_db
CHECKS = [
    schemathesis.checks.not_a_server_error,
    schemathesis.checks.status_code_conformance,
    schemathesis.checks.content_type_conformance,
    schemathesis.checks.response_schema_conformance,
]


def described(client: Client) -> dict[str, Any]:
    answer = client.get("/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    assert answer.status_code == 200
    return dict(json.loads(answer.content))


def test_the_schema_is_valid_openapi(client: Client) -> None:
    schema = described(client)
    assert schema["openapi"].startswith("3.1")
    validate(schema)


def test_every_route_is_described_and_nothing_else(client: Client) -> None:
    told = {(path, method) for path, methods in described(client)["paths"].items() for method in methods}
    there = {(route.path, method) for route in api_routes() for method in route.methods}
    assert told == there


def test_every_operation_says_who_may_and_how_it_refuses(client: Client) -> None:
    for path, methods in described(client)["paths"].items():
        for method, operation in methods.items():
            assert "security" in operation, path
            assert (path, method) in OPERATIONS or (path, method) in REFUSALS, path
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    assert list(answer["content"]) == ["application/problem+json"], (path, method, status)


def test_the_docs_are_readable_without_a_cdn(client: Client) -> None:
    page = client.get("/api/v1/docs/").content.decode()
    assert "/static/drf_spectacular_sidecar/" in page
    assert "cdn" not in page.lower()


@pytest.fixture
def world(alice: Actor, bob: Actor, client: Client, bank_key: str) -> dict[str, str]:
    """One of everything, so that generated requests find something."""
    campaign = open_campaign(alice)
    body = {
        "campaign": str(campaign.id),
        "amount": 500_00,
        "payment": {"provider": "bank", "account": "4000-0000-0000-0001"},
    }
    made = client.post("/api/v1/pledges", body, content_type="application/json", headers=headers_of(bob)).json()
    tell(captured(UUID(made["id"])))
    key = {"Authorization": f"Api-Key {bank_key}"}
    account = client.post(
        "/api/v1/bank/accounts", {"currency": "BDT", "balance": 10**6}, "application/json", headers=key
    )
    hold = {"account": account.json()["number"], "amount": 5, "currency": "BDT", "reference": made["id"]}
    held = client.post("/api/v1/bank/authorizations", hold, "application/json", headers=key).json()
    return {
        "campaign_id": str(campaign.id),
        "pledge_id": made["id"],
        "tracking_token": made["tracking_token"],
        "number": account.json()["number"],
        "authorization_id": held["id"],
        "mandate": "mnd_" + "A" * 32,
        "provider": "bank",
        "endpoint_id": str(notifications.create_endpoint(by=alice, url="http://127.0.0.1:9/hook")[0].id),
    }


@pytest.mark.django_db(transaction=True, databases=["default", "bank"])
def test_generated_requests_get_documented_answers(
    client: Client, world: dict[str, str], sam: Actor, bank_key: str, live_server: Any
) -> None:
    loaded = schemathesis.openapi.from_dict(described(client))
    staff, key = headers_of(sam), {"Authorization": f"Api-Key {bank_key}"}
    operations = [each.ok() for each in loaded.get_all_operations()]
    assert len(operations) == sum(len(route.methods) for route in api_routes())
    lies = []
    for operation in operations:
        try:
            given(case=operation.as_strategy())(
                _trying(live_server.url, world, key if "/bank/" in operation.path else staff)
            )()
        except (AssertionError, BaseExceptionGroup) as lie:
            lies.append(f"{operation.label}: {lie}")
    assert lies == [], "\n\n".join(lies)


def _trying(url: str, world: dict[str, str], headers: dict[str, str]) -> Callable[..., None]:
    """A test of one operation; generated arguments of the path mostly give way to those that exist."""

    @settings(max_examples=3, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def ask(case: Any) -> None:
        case.path_parameters = {name: world.get(name, value) for name, value in (case.path_parameters or {}).items()}
        case.call_and_validate(base_url=url, headers=headers, checks=CHECKS)

    return ask
