"""Health, readiness and metrics: what an operator's tools rely on."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client, override_settings
from prometheus_client.parser import text_string_to_metric_families

from apps.outbox import interface as outbox
from apps.platform import clock, db
from apps.platform.clock import FrozenClock
from apps.platform.gauges import _gauges, gauge

pytestmark = pytest.mark.django_db(databases=["default", "bank"])


def ready(client: Client) -> tuple[int, dict[str, Any]]:
    response = client.get("/readyz")
    return response.status_code, response.json()


class TestHealth:
    def test_says_that_the_process_lives(self, client: Client) -> None:
        response = client.get("/healthz")
        assert (response.status_code, response.json()) == (200, {"status": "ok"})
        assert response.headers["X-Request-ID"]

    @pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
    def test_only_reads(self, client: Client, path: str) -> None:
        assert client.post(path).status_code == 405


class TestReadiness:
    def test_names_each_dependency_with_its_latency(self, client: Client) -> None:
        status, body = ready(client)
        assert status == 200
        assert set(body["dependencies"]) == {"database", "bank_database", "migrations", "redis", "workers"}
        for name in ("database", "bank_database", "migrations", "redis"):
            assert body["dependencies"][name]["status"] == "up", body
            assert body["dependencies"][name]["latency_ms"] >= 0

    def test_redis_down_degrades_only(self, client: Client) -> None:
        with override_settings(REDIS_URL="redis://127.0.0.1:1/0"):
            status, body = ready(client)
        assert (status, body["status"], body["dependencies"]["redis"]["status"]) == (200, "degraded", "down")

    @pytest.mark.parametrize("database", ["default", "bank"])
    def test_database_down_is_503_and_quick(self, client: Client, database: str, settings: Any) -> None:
        started = time.monotonic()
        with _unreachable(database):
            status, body = ready(client)
        name = {"default": "database", "bank": "bank_database"}[database]
        assert (status, body["status"], body["dependencies"][name]["status"]) == (503, "unavailable", "down")
        assert time.monotonic() - started < 4

    def test_answer_tells_nothing_of_the_inside(self, client: Client) -> None:
        with _unreachable("default"):
            body = client.get("/readyz").content.decode()
        assert "127.0.0.1" not in body
        assert "careforall" not in body

    @pytest.mark.django_db(databases=["default", "bank"], transaction=True)
    def test_missing_migration_is_503(self, client: Client) -> None:
        newest = "SELECT max(id) FROM django_migrations WHERE app = 'notifications'"
        name = db.rows(f"SELECT name FROM django_migrations WHERE id = ({newest})")[0]["name"]
        db.execute(f"DELETE FROM django_migrations WHERE id = ({newest})")
        try:
            status, body = ready(client)
        finally:
            db.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('notifications', %s, now())", [name])
        assert (status, body["dependencies"]["migrations"]["detail"]) == (503, "1 not applied")

    @pytest.mark.django_db(databases=["default", "bank"], transaction=True)
    def test_workers_are_seen_by_their_sweep(self, client: Client) -> None:
        assert ready(client)[1]["dependencies"]["workers"]["detail"] == "no sweep yet"
        outbox.note_sweep()
        assert ready(client)[1]["dependencies"]["workers"]["status"] == "up"
        with clock.use(FrozenClock(clock.now() + timedelta(minutes=2))):
            status, body = ready(client)
        assert (status, body["status"]) == (200, "degraded")
        assert "ago" in body["dependencies"]["workers"]["detail"]


class TestMetrics:
    def test_every_registered_gauge_is_shown(self, client: Client) -> None:
        text = client.get("/metrics").content.decode()
        assert list(text_string_to_metric_families(text)), "Prometheus can read it"
        assert [name for name in _gauges if f"# TYPE {name} " not in text] == []
        assert "careforall_gauges_failed 0.0" in text

    def test_requests_are_counted_under_their_view(self, client: Client) -> None:
        client.get("/healthz")
        client.get("/campaigns/")
        client.post("/api/v1/pledges", {}, "application/json")
        text = client.get("/metrics").content.decode()
        for method, status, view in (
            ("GET", 200, "/healthz"),
            ("GET", 200, "site:campaigns"),
            ("POST", 400, "/api/v1/pledges"),
        ):
            seen = f'responses_total_by_status_view_method_total{{method="{method}",status="{status}",view="{view}"}}'
            assert seen in text, view
        assert "django_http_requests_latency_seconds_by_view_method_bucket" in text

    def test_broken_gauge_does_not_hide_the_others(self, client: Client) -> None:
        name = "careforall_test_broken"
        gauge(name, "Asks for a table that is not there.")(lambda: float(db.rows("SELECT 1 FROM nowhere")[0]["x"]))
        try:
            text = client.get("/metrics").content.decode()
        finally:
            del _gauges[name]
        assert "careforall_gauges_failed 1.0" in text
        assert "careforall_outbox_pending" in text


class _unreachable:
    """Let a database's connections go to a port where nobody listens, for connections made from now on."""

    def __init__(self, alias: str) -> None:
        self.settings = connections[alias].settings_dict

    def __enter__(self) -> None:
        self.port, self.settings["PORT"] = self.settings["PORT"], 1

    def __exit__(self, *_: object) -> None:
        self.settings["PORT"] = self.port
