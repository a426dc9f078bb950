"""When to try again: exponential backoff with full jitter (Brooker, "Exponential Backoff And Jitter", 2015)."""

import random
from datetime import timedelta


def backoff(attempt: int, *, base: float = 0.5, cap: float = 300.0) -> timedelta:
    """The wait after attempt number `attempt` (1 is the first): between half and all of base * 2^(attempt-1), capped."""
    ceiling = min(cap, base * 2 ** min(max(attempt - 1, 0), 30))
    return timedelta(seconds=random.uniform(ceiling / 2, ceiling))  # noqa: S311  spreads load, guards nothing
