from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from apps.platform.clock import now
from apps.platform.ids import new_id
from apps.platform.money import MAX_AMOUNT

from .states import (
    CAPTURED,
    CONSENT_EXPIRED,
    CONSENT_GIVEN,
    CONSENT_REFUSED,
    CONSENT_WAITING,
    DECLINED,
    EXPIRED,
    MANDATE_ACTIVE,
    MANDATE_REVOKED,
    OPEN,
    RELEASED,
)

CAPTURE, RELEASE, REFUND = "capture", "release", "refund"
SUCCEEDED = "succeeded"


class Account(models.Model):
    number = models.CharField(max_length=19, primary_key=True)
    created_at = models.DateTimeField(default=now)


class Balance(models.Model):
    """What a customer's account has in one currency, and how much of it is held."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, db_index=False)
    currency = models.CharField(max_length=3)
    balance = models.BigIntegerField()
    held = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "currency"], name="bank_balance_once"),
            models.CheckConstraint(condition=Q(held__gte=0, held__lte=F("balance")), name="bank_never_overdrawn"),
        ]


class Hold(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id)
    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    reference: Any = models.UUIDField(unique=True)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=10)
    reason = models.CharField(max_length=40, default="")
    captured_amount = models.BigIntegerField(default=0)
    refunded_amount = models.BigIntegerField(default=0)
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0, amount__lte=MAX_AMOUNT), name="bank_hold_amount"),
            models.CheckConstraint(
                condition=Q(captured_amount__gte=0, captured_amount__lte=F("amount")), name="bank_capture_in_hold"
            ),
            models.CheckConstraint(
                condition=Q(refunded_amount__gte=0, refunded_amount__lte=F("captured_amount")),
                name="bank_refund_in_capture",
            ),
            models.CheckConstraint(
                condition=Q(status=CAPTURED, captured_amount__gt=0) | (~Q(status=CAPTURED) & Q(captured_amount=0)),
                name="bank_hold_state",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[OPEN, DECLINED, CAPTURED, RELEASED, EXPIRED]), name="bank_hold_status"
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], condition=Q(status=OPEN), name="bank_hold_expiring")]


class Transaction(models.Model):
    """A capture, release or refund of a hold. A hold ends once."""

    id = models.UUIDField(primary_key=True, default=new_id)
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="transactions")
    kind = models.CharField(max_length=8)
    amount = models.BigIntegerField()
    idempotency_key = models.CharField(max_length=255, null=True)  # noqa: DJ001  NULL is "none given", and is not unique
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hold"], condition=Q(kind__in=[CAPTURE, RELEASE]), name="bank_hold_ends_once"
            ),
            models.UniqueConstraint(fields=["idempotency_key"], name="bank_key_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="bank_transaction_amount"),
        ]


class Entry(models.Model):
    """One line of the ledger: the same amount off one account and onto another. Append-only."""

    debit = models.CharField(max_length=19, db_index=True)
    credit = models.CharField(max_length=19, db_index=True)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    transaction: Any = models.UUIDField()
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0) & ~Q(debit=F("credit")), name="bank_entry_two_sides")
        ]


class Transfer(models.Model):
    """Money of the merchant's that was sent to an account, or was not, once per reference; append-only. `seq` has no gaps."""

    id = models.UUIDField(primary_key=True, default=new_id)
    seq = models.BigIntegerField(unique=True)
    reference: Any = models.UUIDField(unique=True)
    account = models.CharField(max_length=19)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=9)
    reason = models.CharField(max_length=40, default="")
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0, amount__lte=MAX_AMOUNT), name="bank_transfer_amount"),
            models.CheckConstraint(
                condition=Q(status=SUCCEEDED, reason="") | (Q(status=DECLINED) & ~Q(reason="")),
                name="bank_transfer_status",
            ),
        ]


class EventCounter(models.Model):
    """One row: the last number given to an event. Taken under its lock, so that the list has no gap."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    last = models.BigIntegerField(default=0)


class Event(models.Model):
    seq = models.BigIntegerField(primary_key=True)
    id = models.UUIDField(default=new_id, unique=True)
    type = models.CharField(max_length=40)
    data: Any = models.JSONField()
    at = models.DateTimeField(default=now)


class Delivery(models.Model):
    """One copy of one webhook on its way."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, db_index=False)
    copy = models.SmallIntegerField(default=0)
    attempts = models.SmallIntegerField(default=0)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "copy"], name="bank_delivery_once")]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(done_at=None, given_up_at=None), name="bank_delivery_due")
        ]


class CallCount(models.Model):
    """How often a test account's payment was called, for those that misbehave at first."""

    reference: Any = models.UUIDField()
    call = models.CharField(max_length=12)
    number = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reference", "call"], name="bank_callcount_once")]


class Mandate(models.Model):
    """An account's standing approval; its id is the secret by which holds may be asked for until it is revoked."""

    id = models.CharField(max_length=64, primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    reference: Any = models.UUIDField(unique=True)
    status = models.CharField(max_length=10)
    created_at = models.DateTimeField(default=now)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status=MANDATE_ACTIVE, revoked_at__isnull=True)
                | Q(status=MANDATE_REVOKED, revoked_at__isnull=False),
                name="bank_mandate_status",
            )
        ]


class Consent(models.Model):
    """A payer is asked at the bank's own page whether a payment may be taken. `visitor` is the hash of the browser that has
    named an account; nobody else answers after that. It is answered once."""

    id = models.UUIDField(primary_key=True, default=new_id)
    reference: Any = models.UUIDField(unique=True)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=8, default=CONSENT_WAITING)
    account = models.CharField(max_length=19, blank=True, default="")
    visitor = models.BinaryField(default=b"")
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(default=now)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0, amount__lte=MAX_AMOUNT), name="bank_consent_amount"),
            models.CheckConstraint(
                condition=Q(status=CONSENT_WAITING, answered_at__isnull=True)
                | Q(status__in=[CONSENT_REFUSED, CONSENT_EXPIRED], answered_at__isnull=False)
                | (Q(status=CONSENT_GIVEN, answered_at__isnull=False) & ~Q(account="")),
                name="bank_consent_status",
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(status=CONSENT_WAITING), name="bank_consent_expiring")
        ]
