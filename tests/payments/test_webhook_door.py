"""What may come in: genuine, recent, small, and each message once. Nothing is processed at the door."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings
from standardwebhooks import Webhook

from apps.bank.gateway import post_webhook
from apps.payments.services.process_webhooks import process_webhooks
from apps.platform import db
from apps.platform.ids import new_id
from tests.payments.support import PATH, anomalies, open_payment, operations, post, signed, state_of, webhook
from tests.support.webhook_receiver import Receiver

pytestmark = pytest.mark.django_db(transaction=True)


def stored() -> int:
    return int(db.rows("SELECT count(*) AS number FROM payments_webhookmessage")[0]["number"])


def test_webhook_is_stored_and_not_processed(client: Client) -> None:
    payment = open_payment()
    assert webhook(client, "captured", payment.id, message_id="msg_1", process=False) == 202
    assert state_of(payment).status == "pending"
    assert webhook(client, "captured", payment.id, message_id="msg_1", process=False) == 200
    assert stored() == 1
    assert post(client, "{}", message_id="msg_2").json() == {"status": "stored"}
    assert post(client, "{}", message_id="msg_2").json() == {"status": "already-stored"}


@pytest.mark.parametrize(
    "changed",
    [
        {"webhook-signature": ""},
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": "v1"},
        {"webhook-signature": "v1,é"},
        {"webhook-signature": "v1,a,b v1,c"},
        {"webhook-signature": "v2,AAAA"},
        {"webhook-timestamp": "soon"},
        {"webhook-timestamp": "nan"},
        {"webhook-timestamp": "1e400"},
        {"webhook-timestamp": "-99999999999999999999"},
        {"webhook-timestamp": ""},
        {"webhook-id": ""},
        {"webhook-id": "another"},
        {"webhook-id": "x" * 300},
    ],
)
@pytest.mark.django_db
def test_forged_webhook_is_401(client: Client, changed: dict[str, str]) -> None:
    response = post(client, "{}", **changed)
    assert (response.status_code, response.json()["code"]) == (401, "invalid-signature")
    assert stored() == 0


@pytest.mark.django_db
def test_while_a_secret_is_replaced_both_are_taken_and_the_bank_signs_with_both(
    client: Client, settings: Settings
) -> None:
    old, new = settings.BANK["WEBHOOK_SECRET"], "whsec_" + "bmV3" * 11
    of_old = signed("{}", "msg_old")
    settings.BANK = settings.BANK | {"WEBHOOK_SECRET": new}
    assert client.post(PATH, "{}", content_type="application/json", headers=of_old).status_code == 401
    settings.BANK = settings.BANK | {"OLD_WEBHOOK_SECRETS": (old,)}
    assert client.post(PATH, "{}", content_type="application/json", headers=of_old).status_code == 202
    assert post(client, "{}", message_id="msg_new").status_code == 202
    with Receiver() as receiver:
        settings.BANK = settings.BANK | {"WEBHOOK_URL": receiver.url}
        assert post_webhook(webhook_id="msg_both", body=b"{}")
    (sent,) = receiver.taken
    for secret in (old, new):
        Webhook(secret).verify(sent.body, sent.headers, json_parse=False)


def test_webhook_without_headers_is_401(client: Client) -> None:
    assert client.post(PATH, "{}", content_type="application/json").status_code == 401


@pytest.mark.django_db
def test_changed_body_is_401(client: Client) -> None:
    headers = signed('{"amount": 1}', "msg_1")
    assert client.post(PATH, '{"amount": 9}', content_type="application/json", headers=headers).status_code == 401


@pytest.mark.parametrize("minutes", [-6, 6, -120, 120])
@pytest.mark.django_db
def test_timestamp_far_away_is_401(client: Client, minutes: int) -> None:
    response = post(client, "{}", at=datetime.now(UTC) + timedelta(minutes=minutes))
    assert (response.status_code, response.json()["code"]) == (401, "invalid-signature")


@pytest.mark.django_db
def test_body_above_64_kib_is_413(client: Client) -> None:
    assert post(client, '"' + "x" * (64 * 1024 - 2) + '"').status_code == 202
    assert post(client, '"' + "x" * (64 * 1024 - 1) + '"').status_code == 413
    assert stored() == 1


@pytest.mark.django_db
def test_unknown_provider_is_404_and_get_405(client: Client) -> None:
    assert client.post("/api/v1/payments/webhooks/purse", "{}", content_type="application/json").status_code == 404
    assert client.get(PATH).status_code == 405


@pytest.mark.parametrize(
    "body",
    [
        "",
        "not json",
        "[]",
        "{}",
        "[" * 20000,
        '{"type": "payment.captured"}',
        '{"type": "payment.captured", "data": null}',
        '{"type": "payment.captured", "data": {"payment": "x"}}',
        '{"type": "payment.captured", "data": {"payment": 5, "amount": 1}}',
        '{"type": "payment.captured", "data": {"payment": "%s", "currency": "BDT", "transaction": "t"}}',
        '{"type": "payment.captured", "data": {"payment": "%s", "amount": 2.5, "currency": "BDT", "transaction": "t"}}',
        '{"type": "payment.captured", "data": {"payment": "%s", "amount": -1, "currency": "BDT", "transaction": "t"}}',
        '{"type": "payment.captured", "data": {"payment": "%s", "amount": 9223372036854775808, "currency": "BDT", '
        '"transaction": "t"}}',
        '{"type": "payment.captured", "data": {"payment": "%s", "amount": 2500, "currency": "BDT", '
        '"transaction": "\\u0000"}}',
        '{"type": "payment.captured", "data": {"payment": "%s", "amount": 2500, "currency": "\\u0000DT", '
        '"transaction": "t"}}',
        '{"type": "payment.authorized", "data": {"payment": "%s", "amount": 2500, "currency": "BDT"}}',
    ],
)
@pytest.mark.django_db
def test_genuine_but_malformed_is_stored_and_flagged(client: Client, body: str) -> None:
    payment = open_payment()
    assert post(client, body.replace("%s", str(payment.id))).status_code == 202
    process_webhooks()
    assert db.rows("SELECT outcome FROM payments_webhookmessage") == [{"outcome": "malformed"}]
    assert anomalies() == ["malformed-webhook"]
    assert state_of(payment).status == "pending"


def test_webhook_of_a_kind_that_does_not_concern_us_is_ignored(client: Client) -> None:
    post(client, '{"type": "payout.sent", "data": {}}')
    process_webhooks()
    assert db.rows("SELECT outcome FROM payments_webhookmessage") == [{"outcome": "ignored"}]
    assert anomalies() == []


def test_unknown_payment_is_kept_and_flagged(client: Client) -> None:
    webhook(client, "captured", new_id())
    assert db.rows("SELECT outcome FROM payments_webhookmessage") == [{"outcome": "unknown-payment"}]
    assert anomalies() == ["unknown-payment"]


@pytest.mark.parametrize("together", [False, True])
def test_hundred_copies_at_once_are_one_row(settings: Settings, together: bool) -> None:
    settings.GROUP_COMMIT = together
    payment = open_payment()
    assert sorted(_post_at_once(payment.id, copies=100)) == [200] * 99 + [202]
    assert stored() == 1
    process_webhooks()
    assert state_of(payment).status == "captured"


def test_control_without_the_unique_row_there_are_many() -> None:
    payment = open_payment()
    db.execute("ALTER TABLE payments_webhookmessage DROP CONSTRAINT payments_webhookmessage_once")
    try:
        db.execute("CREATE UNIQUE INDEX control_once ON payments_webhookmessage (provider, webhook_id, id)")
        with pytest.raises(AssertionError):
            assert sorted(_post_at_once(payment.id, copies=20, sql=_INSERT_UNGUARDED)) == [200] * 19 + [202]
        assert stored() > 1
    finally:
        db.execute("DROP INDEX control_once")
        db.execute("TRUNCATE payments_webhookmessage")
        db.execute(
            "ALTER TABLE payments_webhookmessage ADD CONSTRAINT payments_webhookmessage_once UNIQUE (provider, webhook_id)"
        )


_INSERT_UNGUARDED = """
    INSERT INTO payments_webhookmessage (provider, webhook_id, body, request_id, received_at, due_at, attempts, outcome)
    SELECT 'bank', %s, '', '', now(), now(), 0, ''
    WHERE NOT EXISTS (SELECT FROM payments_webhookmessage WHERE webhook_id = %s)
"""


def _post_at_once(payment_id: object, *, copies: int, sql: str = "") -> list[int]:
    """Send the same webhook from `copies` threads at one moment; with `sql` look first and insert then, instead."""
    barrier = threading.Barrier(copies)
    statuses: list[int] = []

    def send() -> None:
        client = Client()
        try:
            if sql:
                connection.ensure_connection()
                connection.set_autocommit(False)
                barrier.wait(30)
                written = db.execute(sql, ["msg_same", "msg_same"])
                barrier.wait(30)
                connection.commit()
                statuses.append(202 if written else 200)
            else:
                barrier.wait(30)
                statuses.append(webhook(client, "captured", payment_id, message_id="msg_same", process=False))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(copies)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return statuses


def test_door_costs_one_statement(client: Client, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_num_queries(1):
        webhook(client, "captured", new_id(), process=False)


def test_many_webhooks_cost_a_constant_number_of_statements(client: Client, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    for number in (1, 30):
        for _ in range(number):
            webhook(client, "captured", open_payment().id, transaction=f"t-{new_id()}", process=False)
        with django_assert_max_num_queries(16):
            assert process_webhooks() == number


def test_poisonous_message_does_not_hold_up_the_others(client: Client) -> None:
    good, bad = open_payment(), open_payment()
    rival = open_payment(reference=new_id())
    webhook(client, "captured", rival.id, transaction="t-rival")
    db.execute("ALTER TABLE payments_payment DISABLE TRIGGER payments_payment_terms")
    db.execute("UPDATE payments_payment SET reference = %s WHERE id = %s", [rival.reference, bad.id])
    db.execute("ALTER TABLE payments_payment ENABLE TRIGGER payments_payment_terms")
    webhook(client, "captured", bad.id, transaction="t-bad", process=False)
    webhook(client, "captured", good.id, transaction="t-good", process=False)
    process_webhooks()
    assert state_of(good).status == "captured"
    assert db.rows("SELECT attempts FROM payments_webhookmessage WHERE processed_at IS NULL") == [{"attempts": 1}]
    assert operations(bad.id) == [("authorize", "due", 0)]
