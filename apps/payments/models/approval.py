from django.db import models
from django.db.models import Q

from ..states import ApprovalStatus

OPEN = [ApprovalStatus.PENDING, ApprovalStatus.ENDING]


class Approval(models.Model):
    """A payer's standing approval at a provider. The account's number is kept until the provider has given its token, no longer.

    `due_at` is when the provider is asked (again), null once that is settled.
    """

    id = models.UUIDField(primary_key=True)
    provider = models.CharField(max_length=20)
    account = models.CharField(max_length=64, default="", blank=True)
    token = models.CharField(max_length=100, null=True, unique=True)  # noqa: DJ001  unknown until the provider gave it
    status = models.CharField(max_length=8)
    reason = models.CharField(max_length=100, default="", blank=True)
    attempts = models.IntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "payments_approval"
        constraints = [
            models.CheckConstraint(condition=Q(status__in=list(ApprovalStatus)), name="payments_approval_status"),
            models.CheckConstraint(
                condition=Q(status=ApprovalStatus.PENDING) | Q(account=""), name="payments_approval_forgets_account"
            ),
            models.CheckConstraint(
                condition=~Q(status=ApprovalStatus.ACTIVE) | Q(token__isnull=False), name="payments_approval_token"
            ),
            models.CheckConstraint(
                condition=Q(status__in=OPEN, due_at__isnull=False) | (~Q(status__in=OPEN) & Q(due_at__isnull=True)),
                name="payments_approval_due",
            ),
        ]
        indexes = [models.Index("due_at", name="payments_approval_queue", condition=Q(due_at__isnull=False))]
