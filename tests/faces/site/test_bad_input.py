"""Every field of every form with what does not belong there: the form again with what was typed, and nothing written."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from apps.accounts import interface as accounts
from apps.platform import db
from apps.platform.actors import Actor
from tests.conftest import PASSWORD
from tests.pledges.support import open_campaign

pytestmark = pytest.mark.django_db
# Path, good fields, and whether someone is signed in.
FORMS: dict[str, tuple[str, dict[str, str], bool]] = {
    "sign up": (
        "/accounts/sign-up/",
        {"name": "Nadia", "email": "nadia@example.org", "password": "river boats and rice"},
        False,
    ),
    "sign in": ("/accounts/sign-in/", {"email": "bob@example.org", "password": "wrong"}, False),
    "reset": ("/accounts/password-reset/", {"email": "bob@example.org"}, False),
    "profile": ("/accounts/profile/", {"name": "Bob"}, True),
    "give": (
        "/campaigns/{slug}/give/",
        {
            "preset": "other",
            "other_amount": "750",
            "name": "Rahima",
            "email": "rahima@example.org",
            "message": "Be well",
            "account": "4000-0000-0000-0001",
            "token": str(uuid4()),
        },
        False,
    ),
}
OPTIONAL = {("give", "message"), ("give", "other_amount")}
SHOWN_AGAIN = {"name", "email", "message", "other_amount"}
TEXT = {
    "too long": "x" * 2_000,
    "nul": "a\x00b",
    "bell": "a\x07b",
    "right-to-left override": "a\u202eb",
}
OF_FIELD = {
    "email": {"no address": "nobody", "two": "a@example.org,b@example.org"},
    "other_amount": {
        "words": "much",
        "zero": "0",
        "negative": "-5",
        "NaN": "NaN",
        "2^63": str(2**63),
        "small change": "1.005",
    },
    "preset": {"another": "12345", "words": "much"},
    "account": {"another": "9", "words": "mine"},
    "token": {"words": "x"},
}
TABLES = ("pledges_pledge", "payments_payment", "outbox_event", "accounts_user")


def cases() -> Iterator[tuple[str, str, str, str]]:
    for form, (_, good, _) in FORMS.items():
        for field in good:
            values = OF_FIELD.get(field, {}) | ({} if field == "password" else TEXT)
            if (form, field) not in OPTIONAL:
                values = values | {"empty": ""}
            for label, value in values.items():
                yield form, field, label, value


def written() -> list[int]:
    return [db.rows(f"SELECT count(*) AS rows FROM {table}")[0]["rows"] for table in TABLES]


@pytest.fixture
def slug(alice: Actor) -> str:
    return open_campaign(alice).slug


def send(client: Client, slug: str, form: str, **changes: str) -> Any:
    path, good, _ = FORMS[form]
    return client.post(path.format(slug=slug), good | changes)


@pytest.mark.parametrize("form", sorted(FORMS))
def test_bad_values_bring_the_form_back(client: Client, slug: str, bob: Actor, form: str) -> None:
    if FORMS[form][2]:
        assert client.login(username="bob@example.org", password=PASSWORD)
    before, faults = written(), {}
    for _, field, label, value in [case for case in cases() if case[0] == form]:
        answer = send(client, slug, form, **{field: value})
        page = answer.content.decode()
        if answer.status_code not in (200, 401, 422) or "<form" not in page:
            faults[f"{field}: {label}"] = f"{answer.status_code}"
        elif field in SHOWN_AGAIN and len(value) < 100 and value.isprintable() and html.escape(value) not in page:
            faults[f"{field}: {label}"] = "what was typed is gone"
    assert faults == {}
    assert written() == before


def test_the_good_form_is_taken(client: Client, slug: str) -> None:
    """The control: what the bad forms are made from is good."""
    assert send(client, slug, "give").status_code == 302
    assert send(client, slug, "sign up").status_code == 302
    assert accounts.authenticate(email="nadia@example.org", password="river boats and rice")


def test_bytes_that_are_no_form_are_no_defect(client: Client, slug: str) -> None:
    path = f"/campaigns/{slug}/give/"
    for body, kind in (
        (b"\xff\xfe\x00" * 50, "application/x-www-form-urlencoded"),
        (b"name=%ff%fe&email=%00", "application/x-www-form-urlencoded"),
        (b"--x\r\nnonsense", "multipart/form-data; boundary=x"),
        (b"{}", "application/json"),
        ("&".join(f"a{number}=1" for number in range(500)).encode(), "application/x-www-form-urlencoded"),
    ):
        answer = client.post(path, body, content_type=kind)
        assert 400 <= answer.status_code < 500, (kind, answer.status_code)
