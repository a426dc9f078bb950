"""Who gave stands in the database and nowhere else: not in the processes' logs, not in traces, not in the facts."""

from __future__ import annotations

import logging

import pytest

from careforall.logging import Formatter, scrubbed
from tests.support import webhooks
from tests.support.faulty import ledger_of
from tests.support.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]
NAME, ADDRESS, ACCOUNT, WORDS = (
    "Zebunnessa Qxplanted",
    "qx.planted+7731@example.org",
    "4242-7731-9042-7731",
    "qx-words-7731",
)
MARKS = ("zebunnessa", "qxplanted", "qx.planted", "7731@", ACCOUNT, WORDS)
DONOR = {"name": NAME, "email": ADDRESS}


def found_in(text: str) -> list[str]:
    return [mark for mark in MARKS if mark in text.lower()]


def test_no_log_no_trace_and_no_fact_names_anybody(stack: Stack) -> None:
    campaign = stack.open_campaign("Nobody is named")
    gift = stack.give(campaign["id"], donor=DONOR, message=WORDS)
    declined = stack.give(campaign["id"], account="4000-0000-0000-0002", donor=DONOR, message=WORDS)
    _every_error(stack, str(campaign["id"]))
    stack.wait_for(lambda: stack.status_of(gift) == "captured")
    stack.wait_for(lambda: stack.status_of(declined) == "failed")
    ledger = ledger_of(stack)
    stack.wait_for(lambda: not ledger.unfinished())
    assert ledger.rows("SELECT 1 FROM pledges_donor WHERE email = %s", [ADDRESS]), "control: the donor is there"

    assert found_in(stack.log.read_text()) == []
    assert stack.traces
    assert found_in(repr(stack.traces.spans)) == []
    facts = ledger.rows("SELECT string_agg(payload::text, ' ') AS text FROM outbox_event")[0]["text"]
    assert found_in(facts) == []
    deliveries = ledger.rows("SELECT string_agg(last_error, ' ') AS text FROM outbox_delivery")[0]["text"] or ""
    assert found_in(deliveries) == []


def _every_error(stack: Stack, campaign: str) -> None:
    """What goes wrong with somebody's data in it."""
    key = {"Idempotency-Key": "nobody-is-named-1"}
    good = {"campaign": campaign, "amount": 50_000, "donor": DONOR, "payment": {"provider": "bank", "account": ACCOUNT}}
    asked = [
        ("/api/v1/pledges", good, 201, key),
        ("/api/v1/pledges", good | {"amount": 60_000}, 422, key),
        ("/api/v1/pledges", good | {"amount": -1}, 400, {}),
        ("/api/v1/pledges", good | {"donor": {"name": NAME, "email": f"no {ADDRESS}"}}, 400, {}),
        ("/api/v1/pledges", f'{{"donor": "{ADDRESS}", '.encode(), 400, {}),
        ("/api/v1/pledges", good | {"campaign": "00000000-0000-7000-8000-000000000000"}, 404, {}),
        ("/api/v1/auth/token", {"email": ADDRESS, "password": "wrong"}, 401, {}),
        ("/api/v1/auth/register", {"email": ADDRESS, "password": "short", "name": NAME}, 400, {}),
        ("/api/v1/auth/register", {"email": ADDRESS, "password": "long enough for anyone", "name": NAME}, 201, {}),
        ("/api/v1/auth/register", {"email": ADDRESS, "password": "long enough for anyone", "name": NAME}, None, {}),
        ("/api/v1/payments/webhooks/bank", {"donor": ADDRESS}, 401, {}),
    ]
    for path, body, status, headers in asked:
        answered, _ = stack.ask("POST", path, body, headers=headers)
        assert status in (None, answered), (path, body, answered)
        assert answered < 500
    about = webhooks.told("captured", "00000000-0000-7000-8000-000000000000", amount=1, reason=ADDRESS, hold=WORDS)
    assert webhooks.post(stack, about) == 202
    stack.ask("GET", f"/api/v1/campaigns?search={ADDRESS}")
    stack.ask("GET", f"/campaigns/?search={WORDS}")


def test_a_planted_name_would_be_seen_and_a_quoted_address_is_scrubbed(stack: Stack) -> None:
    assert found_in(f"gift of {NAME}") == ["zebunnessa", "qxplanted"]
    assert found_in(f"Key (email)=({ADDRESS}) already exists") == ["qx.planted", "7731@"]
    assert scrubbed(f"Key (email)=({ADDRESS}) from {ACCOUNT}") == "Key (email)=(<address>) from <account>"
    assert scrubbed("0190a0a0-1234-7000-8000-123456789012") == "0190a0a0-1234-7000-8000-123456789012"
    code = f"import logging; logging.getLogger('apps').error('no such row', exc_info=ValueError('{ADDRESS} {ACCOUNT}'))"
    for as_json in ("on", "off"):
        stack_env = stack.env | {"LOG_JSON": as_json}
        other = Stack(stack.data_dir)
        other.env = stack_env
        said = other.manage("shell", "-v0", "-c", code)
        assert "ValueError: <address> <account>" in said.stdout + said.stderr
    assert any(isinstance(each.formatter, Formatter) for each in logging.getLogger().handlers)
