"""Reads of payments, in a constant number of queries."""

from .anomalies import get_anomaly, list_anomalies, open_anomalies
from .payments import payments_of

__all__ = ["get_anomaly", "list_anomalies", "open_anomalies", "payments_of"]
