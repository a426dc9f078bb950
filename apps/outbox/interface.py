"""Facts: written with their change, delivered at least once, each with one effect per subscription."""

from .data import Drained
from .errors import NoTransaction
from .services.drain import drain
from .services.publish import RELAY, publish
from .services.retry_dead import retry_dead
from .services.slots import claim_slot

__all__ = ["RELAY", "Drained", "NoTransaction", "claim_slot", "drain", "publish", "retry_dead"]
