from django.db import models
from django.db.models import Q


class StoredEvent(models.Model):
    """A fact, written in the transaction of the change that it announces."""

    id = models.UUIDField(primary_key=True)
    type = models.CharField(max_length=80)
    version = models.SmallIntegerField()
    payload = models.JSONField()
    occurred_at = models.DateTimeField()
    request_id = models.CharField(max_length=64, default="", blank=True)
    traceparent = models.CharField(max_length=64, default="", blank=True)
    is_fanned_out = models.BooleanField(default=False)

    class Meta:
        db_table = "outbox_event"
        indexes = [models.Index("id", name="outbox_event_waiting", condition=Q(is_fanned_out=False))]


class Delivery(models.Model):
    """One fact on its way to one subscription. Done, dead, or due at a time."""

    event = models.ForeignKey(StoredEvent, on_delete=models.PROTECT, db_index=False)
    subscription = models.CharField(max_length=80)
    attempts = models.SmallIntegerField(default=0)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    last_error = models.TextField(default="", blank=True)

    class Meta:
        db_table = "outbox_delivery"
        constraints = [
            models.UniqueConstraint(fields=["event", "subscription"], name="outbox_delivery_once"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(dead_at__isnull=True), name="outbox_delivery_one_end"
            ),
        ]
        indexes = [
            models.Index(
                "subscription",
                "due_at",
                name="outbox_delivery_due",
                condition=Q(done_at__isnull=True, dead_at__isnull=True),
            ),
            models.Index("dead_at", name="outbox_delivery_dead", condition=Q(dead_at__isnull=False)),
        ]


class JobSlot(models.Model):
    """The last slot in which a periodic job was fired; the guarded update lets one scheduler through."""

    job = models.CharField(max_length=80, primary_key=True)
    slot = models.BigIntegerField()

    class Meta:
        db_table = "outbox_jobslot"


class AuditRun(models.Model):
    """What the last audit of the timetable found; one row. `report` names the broken checks and their first rows."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    finished_at = models.DateTimeField()
    seconds = models.FloatField()
    checks = models.IntegerField()
    violations = models.IntegerField()
    report = models.JSONField()

    class Meta:
        db_table = "outbox_auditrun"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="outbox_one_audit_run")]


class Incident(models.Model):
    """A part of the product that did not do well for a while, as the timetable saw it; `level` is the worst of that time."""

    part = models.CharField(max_length=20)
    level = models.CharField(max_length=10)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "outbox_incident"
        constraints = [
            models.CheckConstraint(condition=Q(level__in=["slow", "down"]), name="outbox_incident_level"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=models.F("began_at")), name="outbox_incident_order"
            ),
            models.UniqueConstraint(
                fields=["part"], name="outbox_incident_one_open", condition=Q(ended_at__isnull=True)
            ),
        ]
        indexes = [models.Index(fields=["-began_at"], name="outbox_incident_newest")]
