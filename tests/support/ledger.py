"""Looks into the databases of a running copy directly, past its code and past any proxy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg.rows import dict_row

# Everything that still has to happen, or to be looked at again, by name.
_STILL = {
    "facts not fanned out": "SELECT count(*) FROM outbox_event WHERE NOT is_fanned_out",
    "deliveries": "SELECT count(*) FROM outbox_delivery WHERE done_at IS NULL AND dead_at IS NULL",
    "operations": "SELECT count(*) FROM payments_operation WHERE status IN ('due', 'calling', 'unknown')",
    "webhooks": "SELECT count(*) FROM payments_webhookmessage WHERE processed_at IS NULL",
    "payments": "SELECT count(*) FROM payments_payment WHERE status = 'pending' OR (status = 'authorized' AND capture = 'automatic')",
}
_STILL_AT_THE_BANK = {
    "bank webhooks": "SELECT count(*) FROM bank_delivery WHERE done_at IS NULL AND given_up_at IS NULL"
}
# Waiting times are shortened, never skipped: a lease that runs out early or a retry that comes early must be harmless.
# Each: the table, the column that becomes now, and which rows.
_HURRY = (
    ("payments_operation", "due_at", "status IN ('calling', 'unknown') AND due_at < now() + interval '10 minutes'"),
    ("payments_payment", "check_at", "check_at IS NOT NULL"),
    ("outbox_delivery", "due_at", "done_at IS NULL AND dead_at IS NULL"),
    ("payments_webhookmessage", "due_at", "processed_at IS NULL"),
    ("payments_providercircuit", "until", "until IS NOT NULL"),
)
_HURRY_AT_THE_BANK = (("bank_delivery", "due_at", "done_at IS NULL AND given_up_at IS NULL"),)


def _hurry(table: str, column: str, rows: str) -> str:
    """Rows that someone works on are left alone: to wait for them in another order than theirs would be a deadlock."""
    free = f"SELECT ctid FROM {table} WHERE {rows} FOR UPDATE SKIP LOCKED"
    return f"WITH free AS MATERIALIZED ({free}) UPDATE {table} SET {column} = now() FROM free WHERE {table}.ctid = free.ctid"


class Ledger:
    def __init__(self, database_url: str, bank_url: str) -> None:
        self._urls = {"default": database_url, "bank": bank_url}

    def rows(self, sql: str, params: Any = None, *, using: str = "default") -> list[dict[str, Any]]:
        with psycopg.connect(self._urls[using], autocommit=True, connect_timeout=5, row_factory=dict_row) as connection:
            return list(connection.execute(sql, params).fetchall())

    def run(self, sql: str, params: Any = None, *, using: str = "default") -> int:
        with psycopg.connect(self._urls[using], autocommit=True, connect_timeout=5) as connection:
            return connection.execute(sql, params).rowcount

    def unfinished(self) -> dict[str, int]:
        """What still waits, by name; empty when all is quiet. Each database in one snapshot, the bank first, as work flows."""
        found: dict[str, int] = {}
        for using, questions in (("bank", _STILL_AT_THE_BANK), ("default", _STILL)):
            together = ", ".join(f'({sql}) AS "{name}"' for name, sql in questions.items())
            found |= self.rows(f"SELECT {together}", using=using)[0]
        return {name: number for name, number in found.items() if number}

    def hurry(self) -> None:
        for waits in _HURRY:
            self.run(_hurry(*waits))
        for waits in _HURRY_AT_THE_BANK:
            self.run(_hurry(*waits), using="bank")

    def pledges_by_key(self, keys: Sequence[str]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        sql = "SELECT idempotency_key, id::text FROM pledges_pledge WHERE idempotency_key = ANY(%s)"
        for row in self.rows(sql, [list(keys)]):
            found.setdefault(row["idempotency_key"], []).append(row["id"])
        return found

    def assert_one_charge_each(self, pledge_ids: Sequence[str]) -> None:
        """Each pledge has one payment, and the bank took each payment's money at most once, the right amount."""
        payments = self.rows(
            "SELECT id, reference::text, status, amount FROM payments_payment WHERE reference = ANY(%s::uuid[])",
            [list(pledge_ids)],
        )
        assert sorted(each["reference"] for each in payments) == sorted(pledge_ids)
        taken = self.rows(
            """SELECT hold.reference, count(*), sum(moved.amount)::bigint AS amount FROM bank_hold AS hold
               JOIN bank_transaction AS moved ON moved.hold_id = hold.id AND moved.kind = 'capture'
               WHERE hold.reference = ANY(%s) GROUP BY 1""",
            [[each["id"] for each in payments]],
            using="bank",
        )
        amounts = {each["reference"]: each["amount"] for each in taken}
        assert all(each["count"] == 1 for each in taken)
        for payment in payments:
            expected = payment["amount"] if payment["status"] == "captured" else None
            assert amounts.get(payment["id"]) == expected, f"payment {payment} against the bank's {amounts}"
