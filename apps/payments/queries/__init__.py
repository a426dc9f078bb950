"""Reads of payments, in a constant number of queries."""

from .anomalies import get_anomaly, list_anomalies, open_anomalies
from .payments import payments_of
from .story import story_of
from .webhooks import OUTCOMES, list_webhooks, webhook_counts

__all__ = [
    "OUTCOMES",
    "get_anomaly",
    "list_anomalies",
    "list_webhooks",
    "open_anomalies",
    "payments_of",
    "story_of",
    "webhook_counts",
]
