from django.db import models
from django.db.models import Q

from ..states import CircuitState


class ProviderCircuit(models.Model):
    """A provider's circuit breaker, shared by all workers. `until` ends the pause or the probe."""

    provider = models.CharField(primary_key=True, max_length=20)
    state = models.CharField(max_length=9, default=CircuitState.CLOSED)
    window_start = models.DateTimeField()
    successes = models.IntegerField(default=0)
    failures = models.IntegerField(default=0)
    openings = models.IntegerField(default=0)
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_providercircuit"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(CircuitState)), name="payments_providercircuit_state"),
            models.CheckConstraint(
                condition=Q(state=CircuitState.CLOSED, until__isnull=True)
                | (~Q(state=CircuitState.CLOSED) & Q(until__isnull=False)),
                name="payments_providercircuit_until",
            ),
        ]


class EventCursor(models.Model):
    """How far a provider's event list has been read."""

    provider = models.CharField(primary_key=True, max_length=20)
    after = models.BigIntegerField(default=0)
    read_at = models.DateTimeField()

    class Meta:
        db_table = "payments_eventcursor"
