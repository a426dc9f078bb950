"""The run as series over its seconds, and its few headline figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from .journal import Answer

SERVED = range(200, 500)


def per_second(answers: Sequence[Answer]) -> list[tuple[float, float]]:
    """Answers a second, counted when they came."""
    counts: dict[int, int] = defaultdict(int)
    for answer in answers:
        if answer.status in SERVED:
            counts[int(answer.at + answer.seconds)] += 1
    return [(second + 0.5, float(counts.get(second, 0))) for second in range(max(counts, default=0) + 1)]


def latency(answers: Sequence[Answer], share: float) -> list[tuple[float, float]]:
    """A percentile of the answers' times in milliseconds, second by second."""
    times: dict[int, list[float]] = defaultdict(list)
    for answer in answers:
        if answer.status in SERVED:
            times[int(answer.at)].append(answer.seconds * 1000)
    return [(second + 0.5, percentile(found, share)) for second, found in sorted(times.items())]


def percentile(values: Sequence[float], share: float) -> float:
    found = sorted(values)
    return found[min(int(len(found) * share), len(found) - 1)] if found else 0.0


def headline(answers: Sequence[Answer]) -> dict[str, Any]:
    served = [answer for answer in answers if answer.status in SERVED]
    times = [answer.seconds * 1000 for answer in served]
    busy = max((answer.at + answer.seconds for answer in served), default=0.0)
    return {
        "answers": len(served),
        "no_answer": len(answers) - len(served),
        "answers_per_second": round(len(served) / busy, 1) if busy else 0.0,
        "p50_ms": round(percentile(times, 0.5), 1),
        "p99_ms": round(percentile(times, 0.99), 1),
        "slowest_ms": round(max(times, default=0.0), 1),
    }
