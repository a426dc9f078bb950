from django.db import models
from django.db.models import Q

from apps.platform.money import MAX_AMOUNT

from ..states import FactKind


class Fact(models.Model):
    """One thing a provider told about a payment, in an answer, a webhook or its event list: counted once, never edited.

    Only facts whose amount and currency are the payment's get here; the others become anomalies.
    """

    provider = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)
    reference = models.CharField(max_length=100)
    payment_id = models.UUIDField(db_index=True)
    hold = models.CharField(max_length=100, default="", blank=True)
    amount = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=100, default="", blank=True)
    source = models.CharField(max_length=10)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "payments_fact"
        constraints = [
            models.UniqueConstraint(fields=["provider", "kind", "reference"], name="payments_fact_once"),
            models.CheckConstraint(condition=Q(kind__in=list(FactKind)), name="payments_fact_kind"),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=1, amount__lte=MAX_AMOUNT), name="payments_fact_amount"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[FactKind.CAPTURED, FactKind.REFUNDED]) | Q(amount__isnull=False),
                name="payments_fact_money_has_amount",
            ),
        ]
