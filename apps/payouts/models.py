from django.db import models
from django.db.models import F, Q

from apps.platform.money import MAX_AMOUNT

from .data import HOLDER_MAX, NOTE_MAX
from .states import OPEN, Status


class Destination(models.Model):
    """Where a campaign is paid out to. The newest counts; append-only, so that what was changed before a payout is seen."""

    id = models.UUIDField(primary_key=True)
    campaign_id = models.UUIDField()
    account = models.CharField(max_length=19)
    holder = models.CharField(max_length=HOLDER_MAX)
    set_by_id = models.UUIDField()
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(account__regex=r"^[0-9]{4}(-[0-9]{4}){3}$") & ~Q(holder=""),
                name="payouts_destination_usable",
            )
        ]
        indexes = [models.Index("campaign_id", F("id").desc(), name="payouts_destination_newest")]


class Payout(models.Model):
    """Money on its way to a campaign, its statement, and the intent towards the bank: `id` is the transfer's reference.

    Terms and statement never change. `due_at` is when the bank is called; while SENDING it is the end of the lease.
    """

    id = models.UUIDField(primary_key=True)
    campaign_id = models.UUIDField()
    campaign_title = models.CharField(max_length=200)
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    status = models.CharField(max_length=9, default=Status.REQUESTED)
    captured = models.BigIntegerField()
    refunded = models.BigIntegerField()
    under_way = models.BigIntegerField()
    fees_before = models.BigIntegerField()
    paid_before = models.BigIntegerField()
    fee_base = models.BigIntegerField()
    fee_basis_points = models.IntegerField()
    fee = models.BigIntegerField()
    account = models.CharField(max_length=19)
    holder = models.CharField(max_length=HOLDER_MAX)
    note = models.CharField(max_length=NOTE_MAX, default="", blank=True)
    requested_by_id = models.UUIDField()
    requested_at = models.DateTimeField()
    decided_by_id = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=NOTE_MAX, default="", blank=True)
    attempts = models.IntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    transfer = models.CharField(max_length=100, default="", blank=True)
    failure_reason = models.CharField(max_length=100, default="", blank=True)
    ended_at = models.DateTimeField(null=True)
    reconciled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=list(Status)), name="payouts_payout_status"),
            models.CheckConstraint(
                condition=Q(amount__gte=1, amount__lte=MAX_AMOUNT, currency__regex="^[A-Z]{3}$"),
                name="payouts_payout_amount",
            ),
            models.CheckConstraint(
                condition=Q(
                    refunded__gte=0,
                    under_way__gte=0,
                    fees_before__gte=0,
                    paid_before__gte=0,
                    fee__gte=0,
                    fee_base__gte=0,
                )
                & Q(fee__lte=F("fee_base"), fee_base__lte=F("captured")),
                name="payouts_statement_parts",
            ),
            models.CheckConstraint(
                condition=Q(
                    captured__gte=F("refunded")
                    + F("under_way")
                    + F("fees_before")
                    + F("paid_before")
                    + F("fee")
                    + F("amount")
                ),
                name="payouts_statement_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(decided_by_id__isnull=True)
                | ~Q(decided_by_id=F("requested_by_id"))
                | Q(status=Status.WITHDRAWN),
                name="payouts_two_people",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.REQUESTED, decided_by_id__isnull=True, decided_at__isnull=True)
                | (~Q(status=Status.REQUESTED) & Q(decided_by_id__isnull=False, decided_at__isnull=False)),
                name="payouts_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.PAID, transfer__gt="") | (~Q(status=Status.PAID) & Q(transfer="")),
                name="payouts_paid_with_transfer",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.FAILED, failure_reason__gt="")
                | (~Q(status=Status.FAILED) & Q(failure_reason="")),
                name="payouts_failed_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(status__in=OPEN, ended_at__isnull=True) | (~Q(status__in=OPEN) & Q(ended_at__isnull=False)),
                name="payouts_ended",
            ),
            models.CheckConstraint(
                condition=Q(due_at__isnull=True) | Q(status__in=[Status.APPROVED, Status.SENDING]), name="payouts_due"
            ),
            models.UniqueConstraint(
                fields=["campaign_id", "currency"], condition=Q(status__in=OPEN), name="payouts_one_open"
            ),
            models.UniqueConstraint(fields=["transfer"], condition=~Q(transfer=""), name="payouts_transfer_once"),
        ]
        indexes = [
            models.Index("campaign_id", F("id").desc(), name="payouts_of_campaign"),
            models.Index("status", F("id").desc(), name="payouts_by_status"),
            models.Index("due_at", name="payouts_payout_due", condition=Q(due_at__isnull=False)),
        ]


class StatementLine(models.Model):
    """A line of the bank's statement as it was read; append-only. Its reference is a payout's id, or nobody's."""

    seq = models.BigIntegerField(primary_key=True)
    transfer = models.CharField(max_length=100, unique=True)
    reference = models.UUIDField()
    account = models.CharField(max_length=64)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=20)
    at = models.DateTimeField()
    read_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index("reference", name="payouts_statement_reference")]


class LateRefund(models.Model):
    """A refund of a gift whose campaign had been paid out before: what was spent and is now missing. Append-only."""

    refund_id = models.UUIDField(primary_key=True)
    campaign_id = models.UUIDField()
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="payouts_laterefund_amount")]
        indexes = [models.Index("campaign_id", name="payouts_laterefund_campaign")]
