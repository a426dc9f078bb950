"""What /metrics shows: django-prometheus's own, of all processes where they share a folder, and CareForAll's gauges."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from django import db
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from apps.platform.gauges import Gauge, gauges

log = logging.getLogger(__name__)


def exposition() -> bytes:
    """The text of a scrape."""
    own = CollectorRegistry()
    own.register(CareForAllCollector())
    return generate_latest(_of_processes()) + generate_latest(own)


def _of_processes() -> CollectorRegistry:
    """With PROMETHEUS_MULTIPROC_DIR each process writes its figures there, and any of them can answer for all."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if not folder:
        return REGISTRY
    for pid in {int(file.stem.rpartition("_")[2]) for file in Path(folder).glob("gauge_live*_*.db")}:
        if not Path(f"/proc/{pid}").exists():  # what a dead process had open is open no more
            mark_process_dead(pid)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return registry


class CareForAllCollector(Collector):
    """Asks the registered gauges. One that cannot be asked is left out and counted: the others are still told."""

    def collect(self) -> Iterator[Metric]:
        failed = 0
        for gauge in gauges():
            try:
                yield _family(gauge)
            except db.Error as error:
                failed += 1
                log.warning("gauge not answered", extra={"gauge": gauge.name, "error": type(error).__name__})
        yield GaugeMetricFamily(
            "careforall_gauges_failed", "Gauges that could not be asked in this scrape.", value=failed
        )

    def describe(self) -> Iterable[Metric]:
        return ()


def _family(gauge: Gauge) -> Metric:
    kind = CounterMetricFamily if gauge.is_counter else GaugeMetricFamily
    family = kind(gauge.name, gauge.help, labels=gauge.labels)
    answer = gauge.ask()
    for labels, value in [((), answer)] if isinstance(answer, int | float) else answer:
        family.add_metric(labels, value)
    return family
