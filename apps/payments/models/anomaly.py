from django.db import models
from django.db.models import Q

from ..states import AnomalyAction, AnomalyState


class Anomaly(models.Model):
    """Something that does not fit and that a human should see once. `evidence` holds no personal data.

    `subject` is what it is about (a message, a provider's transaction, a payment): the same finding is kept once.
    """

    provider = models.CharField(max_length=20)
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=255)
    payment_id = models.UUIDField(null=True, db_index=True)
    evidence = models.JSONField(default=dict)
    state = models.CharField(max_length=9, default=AnomalyState.OPEN, db_default=AnomalyState.OPEN)
    created_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_anomaly"
        constraints = [
            models.UniqueConstraint(fields=["provider", "kind", "subject"], name="payments_anomaly_once"),
            models.CheckConstraint(condition=Q(state__in=list(AnomalyState)), name="payments_anomaly_state"),
            models.CheckConstraint(
                condition=Q(state=AnomalyState.OPEN, resolved_at__isnull=True)
                | (~Q(state=AnomalyState.OPEN) & Q(resolved_at__isnull=False)),
                name="payments_anomaly_closed",
            ),
        ]
        indexes = [
            models.Index("payment_id", name="payments_anomaly_open", condition=Q(state=AnomalyState.OPEN)),
            models.Index("id", name="payments_anomaly_queue", condition=Q(state=AnomalyState.OPEN)),
        ]
        verbose_name_plural = "anomalies"


class AnomalyDecision(models.Model):
    """Who did what about a finding, and when; append-only by trigger. At most one closes it."""

    anomaly = models.ForeignKey(Anomaly, on_delete=models.PROTECT)
    action = models.CharField(max_length=8)
    by_id = models.UUIDField(null=True)
    by_kind = models.CharField(max_length=8)
    note = models.CharField(max_length=500, default="", blank=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "payments_anomalydecision"
        constraints = [
            models.CheckConstraint(condition=Q(action__in=list(AnomalyAction)), name="payments_anomalydecision_action"),
            models.UniqueConstraint(
                fields=["anomaly"], condition=~Q(action=AnomalyAction.ASK), name="payments_anomalydecision_one_end"
            ),
        ]
