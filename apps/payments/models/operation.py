from django.db import models
from django.db.models import Q

from ..states import LIVE, OperationKind, OperationStatus
from .payment import Payment


class Operation(models.Model):
    """An intent towards a provider, committed before the call. Its id is the idempotency key of every attempt.

    `due_at` is when it may be claimed; while CALLING it is the end of the lease.
    """

    id = models.UUIDField(primary_key=True)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, db_index=False)
    provider = models.CharField(max_length=20)
    kind = models.CharField(max_length=10)
    status = models.CharField(max_length=8, default=OperationStatus.DUE)
    amount = models.BigIntegerField()
    refund_id = models.UUIDField(null=True)
    attempts = models.IntegerField(default=0)
    due_at = models.DateTimeField()
    outcome = models.CharField(max_length=100, default="", blank=True)
    transaction = models.CharField(max_length=100, default="", blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_operation"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(OperationKind)), name="payments_operation_kind"),
            models.CheckConstraint(condition=Q(status__in=list(OperationStatus)), name="payments_operation_status"),
            models.CheckConstraint(condition=Q(amount__gte=0, attempts__gte=0), name="payments_operation_counts"),
            models.CheckConstraint(
                condition=Q(status__in=LIVE, finished_at__isnull=True)
                | (~Q(status__in=LIVE) & Q(finished_at__isnull=False)),
                name="payments_operation_finished",
            ),
            models.CheckConstraint(
                condition=Q(kind=OperationKind.REFUND, refund_id__isnull=False, amount__gt=0)
                | (~Q(kind=OperationKind.REFUND) & Q(refund_id__isnull=True)),
                name="payments_operation_refund",
            ),
            models.UniqueConstraint(fields=["refund_id"], name="payments_operation_one_refund"),
            models.UniqueConstraint(
                fields=["payment", "kind"],
                condition=Q(status__in=LIVE) & ~Q(kind=OperationKind.REFUND),
                name="payments_operation_one_live",
            ),
            models.UniqueConstraint(
                fields=["payment"],
                condition=Q(status__in=LIVE, kind__in=[OperationKind.CAPTURE, OperationKind.RELEASE]),
                name="payments_operation_one_end",
            ),
        ]
        indexes = [
            models.Index("due_at", name="payments_operation_due", condition=Q(status__in=LIVE)),
            models.Index("payment", name="payments_operation_payment"),
        ]
