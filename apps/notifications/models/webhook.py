from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q


class Endpoint(models.Model):
    """Where an integration wants to be told: one URL of one person. Its secret is derived, never stored."""

    id = models.UUIDField(primary_key=True)
    owner_id = models.UUIDField(db_index=True)
    covers_all = models.BooleanField(default=False)  # the whole platform; staff only
    url = models.CharField(max_length=500)
    description = models.CharField(max_length=200, default="", blank=True)
    event_types: Any = models.JSONField()
    secret_version = models.IntegerField(default=1)
    old_secret_until = models.DateTimeField(null=True)
    is_active = models.BooleanField(default=True)
    failing_since = models.DateTimeField(null=True)
    disabled_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "notifications_endpoint"
        constraints = [
            models.CheckConstraint(
                condition=Q(is_active=True, disabled_at__isnull=True) | Q(is_active=False),
                name="notifications_endpoint_disabled",
            ),
            models.CheckConstraint(condition=Q(secret_version__gte=1), name="notifications_endpoint_secret"),
        ]


class WebhookDelivery(models.Model):
    """One event on its way to one endpoint; its id is the `webhook-id`, the same at every attempt and every replay."""

    id = models.UUIDField(primary_key=True)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, db_index=False)
    type = models.CharField(max_length=40)
    key = models.CharField(max_length=100)
    payload = models.JSONField()
    created_at = models.DateTimeField()
    started_at = models.DateTimeField()  # of this round of attempts; a replay starts a new one
    due_at = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    last_status = models.SmallIntegerField(null=True)
    last_error = models.CharField(max_length=80, default="", blank=True)

    class Meta:
        db_table = "notifications_webhookdelivery"
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "key"], name="notifications_webhook_once"),
            models.CheckConstraint(
                condition=Q(delivered_at__isnull=True) | Q(dead_at__isnull=True), name="notifications_webhook_one_end"
            ),
        ]
        indexes = [
            models.Index(
                "due_at", name="notifications_webhook_due", condition=Q(delivered_at__isnull=True, dead_at__isnull=True)
            ),
            models.Index("endpoint", "id", name="notifications_webhook_log"),
            models.Index("created_at", name="notifications_webhook_age"),
        ]
