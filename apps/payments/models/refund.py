from django.db import models
from django.db.models import Q

from .payment import Payment


class Refund(models.Model):
    """A refund that the provider has made and that is counted in the payment's `refunded_amount`, once."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT)
    provider = models.CharField(max_length=20)
    transaction = models.CharField(max_length=100)
    amount = models.BigIntegerField()
    refund_id = models.UUIDField(null=True)
    counted_at = models.DateTimeField()

    class Meta:
        db_table = "payments_refund"
        constraints = [
            models.UniqueConstraint(fields=["provider", "transaction"], name="payments_refund_once"),
            models.UniqueConstraint(fields=["refund_id"], name="payments_refund_one_per_request"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payments_refund_amount"),
        ]
