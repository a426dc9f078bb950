"""Writes the dashboards: `python deploy/grafana/build.py`. A test compares the files, and runs every query for real."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "dashboards"
RESPONSES = "django_http_responses_total_by_status_view_method_total"
LATENCY = "django_http_requests_latency_seconds_by_view_method_bucket"
GIVING = 'view=~".*pledge.*|.*give.*",method="POST"'

# name -> title, panels; a panel is (title, unit, {legend: query})
Panel = tuple[str, str, dict[str, str]]
DASHBOARDS: dict[str, tuple[str, list[Panel]]] = {
    "overview": (
        "CareForAll: overview",
        [
            ("Targets up", "short", {"{{job}}": "sum by (job) (up)"}),
            ("Requests a second", "reqps", {"all": f"sum(rate({RESPONSES}[1m]))"}),
            (
                "Errors",
                "percentunit",
                {"5xx": f'(sum(rate({RESPONSES}{{status=~"5.."}}[5m])) or vector(0)) / sum(rate({RESPONSES}[5m]))'},
            ),
            (
                "Latency of all views",
                "s",
                {
                    f"p{share}": f"histogram_quantile(0.{share}, sum by (le) (rate({LATENCY}[1m])))"
                    for share in (50, 95, 99)
                },
            ),
            ("Oldest fact that waits", "s", {"lag": "max(careforall_outbox_lag_seconds)"}),
            ("Totals against pledges, minor units", "short", {"drift": "max(careforall_ledger_drift_minor)"}),
            (
                "Provider circuit (0 closed, 2 open)",
                "short",
                {"{{provider}}": "max by (provider) (careforall_provider_circuit_state)"},
            ),
            ("Findings about payments", "short", {"{{kind}}": "max by (kind) (careforall_payment_anomalies_open)"}),
        ],
    ),
    "gifts": (
        "CareForAll: gifts from end to end",
        [
            (
                "Gifts a minute by state",
                "short",
                {"{{status}}": "sum by (status) (max by (status) (rate(careforall_pledges_total[5m]))) * 60"},
            ),
            (
                "Captured a minute, minor units",
                "short",
                {"{{currency}}": "max by (currency) (rate(careforall_captured_minor_total[5m])) * 60"},
            ),
            (
                "Time of POST",
                "s",
                {
                    f"p{share}": f"histogram_quantile(0.{share}, sum by (le) (rate({LATENCY}{{{GIVING}}}[1m])))"
                    for share in (50, 99)
                },
            ),
            ("Answers to gifts", "reqps", {"{{status}}": f"sum by (status) (rate({RESPONSES}{{{GIVING}}}[1m]))"}),
            (
                "Calls due at the provider",
                "short",
                {"{{provider}}": "max by (provider) (careforall_provider_operations_due)"},
            ),
            (
                "Webhooks by outcome",
                "short",
                {"{{provider}} {{outcome}}": "max by (provider, outcome) (careforall_webhooks_total)"},
            ),
            (
                "Fold lag",
                "s",
                {"totals": 'max(careforall_outbox_subscription_lag_seconds{subscription="pledges.raise_totals"})'},
            ),
            (
                "Payments not settled",
                "short",
                {"stuck": 'max(careforall_payment_anomalies_open{kind="stuck"}) or vector(0)'},
            ),
        ],
    ),
    "outbox": (
        "CareForAll: outbox and jobs",
        [
            (
                "Lag by subscription",
                "s",
                {"{{subscription}}": "max by (subscription) (careforall_outbox_subscription_lag_seconds)"},
            ),
            (
                "Deliveries that wait",
                "short",
                {"{{subscription}}": "max by (subscription) (careforall_outbox_subscription_pending)"},
            ),
            ("Given up", "short", {"{{subscription}}": "max by (subscription) (careforall_outbox_dead) or vector(0)"}),
            ("Everything that waits", "short", {"pending": "max(careforall_outbox_pending)"}),
            (
                "Seconds since the scheduler fired",
                "s",
                {"age": "time() - max(careforall_scheduler_last_slot_timestamp_seconds)"},
            ),
            (
                "Seconds since a worker looked",
                "s",
                {"age": "time() - max(careforall_worker_last_sweep_timestamp_seconds)"},
            ),
        ],
    ),
    "database": (
        "CareForAll: databases",
        [
            ("Connections by state", "short", {"{{state}}": "sum by (state) (pg_stat_activity_count)"}),
            (
                "Transactions a second",
                "ops",
                {"{{datname}}": "sum by (datname) (rate(pg_stat_database_xact_commit[1m]))"},
            ),
            ("Deadlocks", "short", {"{{datname}}": "sum by (datname) (increase(pg_stat_database_deadlocks[5m]))"}),
            ("Replica lag", "s", {"lag": "max(pg_replication_lag_seconds)"}),
            (
                "Reads that may be stale",
                "reqps",
                {"{{database}}": "sum by (database) (rate(careforall_stale_reads_total[5m])) or vector(0)"},
            ),
            (
                "Threads that waited for a connection",
                "reqps",
                {"{{database}}": "sum by (database) (rate(careforall_pool_waits_total[1m]))"},
            ),
            (
                "Wait for a connection, mean",
                "s",
                {
                    "{{database}}": "sum by (database) (rate(careforall_pool_wait_seconds_total[5m]))"
                    " / clamp_min(sum by (database) (rate(careforall_pool_connections_taken_total[5m])), 1)"
                },
            ),
            ("Size", "bytes", {"{{datname}}": "max by (datname) (pg_database_size_bytes)"}),
            (
                "Valkey: clients and memory",
                "short",
                {"clients": "redis_connected_clients", "memory": "redis_memory_used_bytes"},
            ),
        ],
    ),
    "live": (
        "CareForAll: live pages and letters",
        [
            ("Open sockets", "short", {"{{kind}}": "sum by (kind) (careforall_sockets_open) or vector(0)"}),
            ("Readers let go", "short", {"too slow": "sum(increase(careforall_sockets_let_go_total[5m]))"}),
            ("Frames dropped", "short", {"dropped": "sum(increase(careforall_frames_dropped_total[5m]))"}),
            ("Letters that wait", "short", {"waiting": "max(careforall_letters_waiting)"}),
            ("Oldest letter", "s", {"age": "max(careforall_letters_oldest_seconds)"}),
            ("Outgoing webhooks", "short", {"{{state}}": "max by (state) (careforall_webhooks_out)"}),
        ],
    ),
    "business": (
        "CareForAll: the work",
        [
            (
                "Gifts captured in the last hour",
                "short",
                {"gifts": 'max(increase(careforall_pledges_total{status="captured"}[1h]))'},
            ),
            (
                "Captured in the last day, minor units",
                "short",
                {"{{currency}}": "max by (currency) (increase(careforall_captured_minor_total[1d]))"},
            ),
            (
                "Captured of all that ended",
                "percentunit",
                {
                    "share": 'max(careforall_pledges_total{status="captured"}) / clamp_min(max(careforall_pledges_total{status="captured"})'
                    ' + max(careforall_pledges_total{status="failed"}), 1)'
                },
            ),
            (
                "Pages seen",
                "reqps",
                {"{{view}}": f'topk(8, sum by (view) (rate({RESPONSES}{{view=~"site:.*",method="GET"}}[5m])))'},
            ),
        ],
    ),
}


def dashboard(name: str) -> dict[str, Any]:
    """The dashboard as Grafana reads it."""
    title, panels = DASHBOARDS[name]
    return {
        "uid": f"careforall-{name}",
        "title": title,
        "tags": ["careforall"],
        "timezone": "browser",
        "refresh": "10s",
        "time": {"from": "now-1h", "to": "now"},
        "schemaVersion": 39,
        "panels": [_panel(number, *panel) for number, panel in enumerate(panels)],
    }


def queries() -> list[tuple[str, str]]:
    """(dashboard, query) of all panels."""
    return [
        (name, query) for name, (_, panels) in DASHBOARDS.items() for *_, found in panels for query in found.values()
    ]


def _panel(number: int, title: str, unit: str, found: dict[str, str]) -> dict[str, Any]:
    source = {"type": "prometheus", "uid": "careforall"}
    return {
        "id": number + 1,
        "type": "timeseries",
        "title": title,
        "datasource": source,
        "gridPos": {"x": 12 * (number % 2), "y": 8 * (number // 2), "w": 12, "h": 8},
        "fieldConfig": {"defaults": {"unit": unit, "min": 0 if unit != "percentunit" else None}, "overrides": []},
        "options": {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi"}},
        "targets": [
            {"refId": chr(65 + place), "expr": query, "legendFormat": legend, "datasource": source}
            for place, (legend, query) in enumerate(found.items())
        ],
    }


def text(name: str) -> str:
    return json.dumps(dashboard(name), indent=1) + "\n"


if __name__ == "__main__":
    for each in DASHBOARDS:
        (FOLDER / f"{each}.json").write_text(text(each))
