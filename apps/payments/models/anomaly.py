from django.db import models
from django.db.models import Q


class Anomaly(models.Model):
    """Something that does not fit and that a human should see once. `evidence` holds no personal data.

    `subject` is what it is about (a message, a provider's transaction, a payment): the same finding is kept once.
    """

    provider = models.CharField(max_length=20)
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=255)
    payment_id = models.UUIDField(null=True, db_index=True)
    evidence = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_anomaly"
        constraints = [models.UniqueConstraint(fields=["provider", "kind", "subject"], name="payments_anomaly_once")]
        indexes = [models.Index("created_at", name="payments_anomaly_open", condition=Q(resolved_at__isnull=True))]
        verbose_name_plural = "anomalies"
