"""What goes wrong wakes somebody: each planted fault fires its rule in a real Prometheus, and the dashboards show it.

The rules are those of deploy/prometheus with shorter patience: what they say about minutes, `promtool` tests.
"""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator

import psycopg
import pytest

from tests.deploy.test_monitoring import BUILD, RULES
from tests.support.faulty import FaultyStack
from tests.support.prometheus import Prometheus, scraping

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faulty")]
# A once-per-slot job is fired every minute, so a scheduler is not silent before.
HURRIED = re.sub(r"for: \d+m", "for: 1s", RULES).replace("> 180", "> 75").replace("> 120", "> 5").replace("> 30", "> 5")


@pytest.fixture(scope="module")
def prometheus(shared_faulty: FaultyStack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    folder = tmp_path_factory.mktemp("alerts")
    (folder / "rules.yml").write_text(HURRIED)
    with scraping(folder, [shared_faulty.stack.port], folder / "rules.yml") as running:
        shared_faulty.stack.wait_for(lambda: running.values("count_over_time(careforall_outbox_pending[30s]) > 2"), 60)
        yield running


def wait_until_it_fires(faulty: FaultyStack, prometheus: Prometheus, alert: str, seconds: float = 60) -> None:
    faulty.stack.wait_for(lambda: alert in prometheus.firing(), seconds)


def wait_until_silent(faulty: FaultyStack, prometheus: Prometheus, alert: str, seconds: float = 120) -> None:
    faulty.stack.wait_for(lambda: alert not in prometheus.firing(), seconds)


def shown(prometheus: Prometheus, metric: str) -> float:
    """The highest value that a panel with this figure shows now."""
    queries = [query for _, query in BUILD.queries() if metric in query]
    assert queries, f"no dashboard shows {metric}"
    return max(value for query in queries for value in prometheus.values(query))


def test_a_bank_that_is_too_slow(faulty: FaultyStack, prometheus: Prometheus) -> None:
    campaign = faulty.stack.open_campaign("A slow bank wakes somebody")["id"]
    assert "ProviderCircuitOpen" not in prometheus.firing()
    faulty.bank.latency = 8.0
    for _ in range(15):
        faulty.stack.give(campaign)
    wait_until_it_fires(faulty, prometheus, "ProviderCircuitOpen", 120)
    assert shown(prometheus, "careforall_provider_circuit_state") == 2
    page = str(faulty.stack.ask("GET", "/status/?seen=slow")[1])
    assert "Some parts" in page
    faulty.settle(150)
    wait_until_silent(faulty, prometheus, "ProviderCircuitOpen")


def test_a_subscription_that_is_stuck(faulty: FaultyStack, prometheus: Prometheus) -> None:
    campaign = faulty.stack.open_campaign("A stuck subscription wakes somebody")["id"]
    with psycopg.connect(faulty.urls["DATABASE_URL"]) as holder:
        holder.execute("LOCK TABLE campaigns_totals IN EXCLUSIVE MODE")
        faulty.stack.give(campaign)
        wait_until_it_fires(faulty, prometheus, "SubscriptionStuck", 90)
        wait_until_it_fires(faulty, prometheus, "OutboxLagging", 90)
        assert shown(prometheus, "careforall_outbox_subscription_lag_seconds") > 5
    faulty.settle(150)
    wait_until_silent(faulty, prometheus, "SubscriptionStuck")


def test_totals_that_drift(faulty: FaultyStack, prometheus: Prometheus) -> None:
    campaign = faulty.stack.open_campaign("Drift wakes somebody")["id"]
    faulty.stack.give(campaign)
    faulty.settle()
    drift = "UPDATE campaigns_totals SET captured = captured + %s WHERE campaign_id = %s"
    faulty.ledger.run(drift, [500, campaign])
    try:
        wait_until_it_fires(faulty, prometheus, "LedgerDrift", 150)
        assert shown(prometheus, "careforall_ledger_drift_minor") == 500
    finally:
        faulty.ledger.run(drift, [-500, campaign])
    wait_until_silent(faulty, prometheus, "LedgerDrift", 150)
    faulty.assert_audit_holds()


def test_a_scheduler_that_hangs(faulty: FaultyStack, prometheus: Prometheus) -> None:
    scheduler = faulty.stack.pid("scheduler")
    os.kill(scheduler, signal.SIGSTOP)
    try:
        wait_until_it_fires(faulty, prometheus, "SchedulerSilent", 240)
        assert shown(prometheus, "careforall_scheduler_last_slot_timestamp_seconds") > 75
    finally:
        os.kill(scheduler, signal.SIGCONT)
    wait_until_silent(faulty, prometheus, "SchedulerSilent")
