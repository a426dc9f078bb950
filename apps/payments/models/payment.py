from django.db import models
from django.db.models import F, Q

from apps.platform.money import MAX_AMOUNT

from ..states import PaymentStatus

OPEN = [PaymentStatus.PENDING, PaymentStatus.AUTHORIZED]


class Payment(models.Model):
    """Money on its way for an opaque reference. Terms never change; status and counters follow from the facts.

    `check_at` is when reconciliation asks the provider, null while nothing is expected to happen.
    """

    id = models.UUIDField(primary_key=True)
    reference = models.UUIDField()
    provider = models.CharField(max_length=20)
    account = models.CharField(max_length=64)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    capture = models.CharField(max_length=9)
    status = models.CharField(max_length=10, default=PaymentStatus.PENDING)
    hold = models.CharField(max_length=100, default="", blank=True)
    transaction = models.CharField(max_length=100, default="", blank=True)
    captured_amount = models.BigIntegerField(default=0)
    refunded_amount = models.BigIntegerField(default=0)
    refund_reserved = models.BigIntegerField(default=0)
    failure_reason = models.CharField(max_length=100, default="", blank=True)
    request_id = models.CharField(max_length=64, default="", blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    check_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_payment"
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=1, amount__lte=MAX_AMOUNT), name="payments_payment_amount"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="payments_payment_currency"),
            models.CheckConstraint(condition=Q(capture__in=["automatic", "manual"]), name="payments_payment_capture"),
            models.CheckConstraint(condition=Q(status__in=list(PaymentStatus)), name="payments_payment_status"),
            models.CheckConstraint(
                condition=Q(refunded_amount__gte=0, refund_reserved__gte=0)
                & Q(captured_amount__gte=F("refunded_amount") + F("refund_reserved"))
                & Q(captured_amount__lte=F("amount")),
                name="payments_payment_money",
            ),
            models.CheckConstraint(
                condition=Q(status=PaymentStatus.CAPTURED, captured_amount__gt=0)
                | (~Q(status=PaymentStatus.CAPTURED) & Q(captured_amount=0)),
                name="payments_payment_state_and_money",
            ),
            models.CheckConstraint(
                condition=Q(status=PaymentStatus.FAILED, failure_reason__gt="")
                | (~Q(status=PaymentStatus.FAILED) & Q(failure_reason="")),
                name="payments_payment_state_and_reason",
            ),
            models.CheckConstraint(
                condition=~Q(status=PaymentStatus.AUTHORIZED) | Q(hold__gt=""), name="payments_payment_state_and_hold"
            ),
            models.UniqueConstraint(
                fields=["reference"], condition=Q(status__in=OPEN), name="payments_payment_one_live"
            ),
            models.UniqueConstraint(
                fields=["reference"], condition=Q(status=PaymentStatus.CAPTURED), name="payments_payment_one_captured"
            ),
        ]
        indexes = [
            models.Index("reference", name="payments_payment_reference"),
            models.Index("check_at", name="payments_payment_check", condition=Q(check_at__isnull=False)),
        ]
