"""Facts: written with their change, delivered at least once, each with one effect per subscription."""

from .data import AuditReport, DeadLetters, Drained, Incident
from .errors import NoTransaction
from .services.audit import AUDIT, audit, last_audit
from .services.dead import dead_deliveries
from .services.dead_letters import dead_letters
from .services.drain import BULK_RELAY, drain
from .services.forget import FORGET, forget_done
from .services.incidents import INCIDENTS, note_incidents, recent_incidents
from .services.publish import RELAY, publish
from .services.retry_dead import retry_dead
from .services.slots import claim_slot
from .services.sweeps import last_sweep_at, note_sweep, note_worker, seconds_of_silence

__all__ = [
    "AUDIT",
    "BULK_RELAY",
    "INCIDENTS",
    "RELAY",
    "AuditReport",
    "FORGET",
    "DeadLetters",
    "Drained",
    "Incident",
    "NoTransaction",
    "audit",
    "claim_slot",
    "dead_deliveries",
    "dead_letters",
    "drain",
    "forget_done",
    "last_audit",
    "last_sweep_at",
    "note_incidents",
    "note_sweep",
    "note_worker",
    "publish",
    "recent_incidents",
    "retry_dead",
    "seconds_of_silence",
]
