"""What every test may use. A standing cast: Alice manages, Bob gives, Charlie may not, Sam is staff."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings

from apps.accounts import interface as accounts
from apps.platform.actors import Actor
from tests.support.otlp import receiving
from tests.support.stack import Stack


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The whole product, running, with an empty demo installation; shared by the tests that only look at it."""
    with receiving() as traces, Stack(OTEL_EXPORTER_OTLP_ENDPOINT=traces.url, OTEL_BSP_SCHEDULE_DELAY="500") as running:
        running.traces = traces
        yield running


PASSWORD = "correct horse battery staple"


@pytest.fixture
def bank_key(db: None) -> str:
    """The installation's own API key, known to accounts."""
    accounts.ensure_api_key(key=settings.BANK["API_KEY"], name="tests", scopes=["bank"])
    return settings.BANK["API_KEY"]


@pytest.fixture
def alice(db: None) -> Actor:
    return _person("alice@example.org", "Alice Manager", ["manager"])


@pytest.fixture
def bob(db: None) -> Actor:
    return _person("bob@example.org", "Bob Donor", [])


@pytest.fixture
def charlie(db: None) -> Actor:
    return _person("charlie@example.org", "Charlie Other", ["manager"])


@pytest.fixture
def sam(db: None) -> Actor:
    return _person("sam@example.org", "Sam Staff", ["staff"])


def _person(email: str, name: str, roles: list[str]) -> Actor:
    user = accounts.ensure_user(email=email, password=PASSWORD, name=name, roles=roles)
    return accounts.actor_of_user(user_id=user.id)


def headers_of(actor: Actor) -> dict[str, str]:
    """The Authorization header of a person."""
    assert actor.user_id
    return {"Authorization": f"Bearer {accounts.issue_tokens(user_id=actor.user_id).access}"}
