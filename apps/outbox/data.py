from dataclasses import dataclass


@dataclass(frozen=True)
class Drained:
    """What one run of the relay did: facts fanned out, deliveries done and failed."""

    fanned_out: int
    done: int
    failed: int
