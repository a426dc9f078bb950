from django.db import models
from django.db.models import Q


class WebhookMessage(models.Model):
    """A genuine webhook as it came, stored once. `outcome` is empty while it waits to be processed."""

    provider = models.CharField(max_length=20)
    webhook_id = models.CharField(max_length=255)
    body = models.BinaryField()
    request_id = models.CharField(max_length=64, default="", blank=True)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    outcome = models.CharField(max_length=20, default="", blank=True)
    processed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_webhookmessage"
        constraints = [
            models.UniqueConstraint(fields=["provider", "webhook_id"], name="payments_webhookmessage_once"),
            models.CheckConstraint(
                condition=Q(outcome="", processed_at__isnull=True) | Q(outcome__gt="", processed_at__isnull=False),
                name="payments_webhookmessage_outcome",
            ),
        ]
        indexes = [
            models.Index("due_at", name="payments_webhookmessage_due", condition=Q(processed_at__isnull=True)),
        ]


class WebhookTally(models.Model):
    """How many webhooks ended how: counted in the transaction that processes them, so that a scrape counts no rows."""

    provider = models.CharField(max_length=20)
    outcome = models.CharField(max_length=20)
    number = models.BigIntegerField()

    class Meta:
        db_table = "payments_webhooktally"
        constraints = [models.UniqueConstraint(fields=["provider", "outcome"], name="payments_webhooktally_once")]
