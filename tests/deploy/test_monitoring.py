"""Rules, runbooks and dashboards as code: the rules' own tests, and every query asked of a real Prometheus."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from runtime.environment import ROOT
from runtime.process import free_port
from tests.support.stack import Stack

PROMETHEUS = ROOT / "deploy" / "prometheus"
RULES = (PROMETHEUS / "rules.yml").read_text()
# Figures of exporters that stand beside databases in compose; here only the queries' form is tried.
OF_EXPORTERS = re.compile(r"\b(pg|redis)_")


def _build() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build", ROOT / "deploy" / "grafana" / "build.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


BUILD = _build()


def _tool(name: str) -> str:
    found = shutil.which(name)
    assert found, f"{name} is missing: apt-get install prometheus (make test does it where it may)"
    return found


def test_the_rules_pass_their_own_tests() -> None:
    run = subprocess.run(
        [_tool("promtool"), "test", "rules", "rules_test.yml"],
        cwd=PROMETHEUS,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_a_broken_rule_is_seen(tmp_path: Path) -> None:
    (tmp_path / "rules.yml").write_text(RULES.replace("max(careforall_ledger_drift_minor) != 0", "vector(0) != 0"))
    shutil.copy(PROMETHEUS / "rules_test.yml", tmp_path)
    run = subprocess.run(
        [_tool("promtool"), "test", "rules", "rules_test.yml"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert "LedgerDrift" in run.stdout + run.stderr


def test_every_alert_is_tested_and_has_its_runbook() -> None:
    tests = (PROMETHEUS / "rules_test.yml").read_text()
    alerts = re.findall(r"alert: (\w+).*?runbook: (\S+)", RULES, re.S)
    assert len(alerts) == RULES.count("alert: ")
    for name, runbook in alerts:
        assert f"alertname: {name}\n        exp_alerts" in tests, f"{name} is never seen to fire"
        assert name in (ROOT / runbook).read_text(), f"{runbook} does not speak of {name}"


@pytest.mark.parametrize("name", sorted(BUILD.DASHBOARDS))
def test_the_dashboards_are_those_of_the_code(name: str) -> None:
    assert (BUILD.FOLDER / f"{name}.json").read_text() == BUILD.text(name), "run python deploy/grafana/build.py"


@pytest.fixture(scope="module")
def prometheus(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Prometheus that has scraped the running product twice and more, with one gift captured in between."""
    folder, port = tmp_path_factory.mktemp("prometheus"), free_port()
    (folder / "prometheus.yml").write_text(
        json.dumps(
            {
                "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
                "rule_files": [str(PROMETHEUS / "rules.yml")],
                "scrape_configs": [
                    {"job_name": "careforall", "static_configs": [{"targets": [f"127.0.0.1:{stack.port}"]}]}
                ],
            }
        )
    )
    command = [
        _tool("prometheus"),
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--log.level=error",
    ]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        stack.wait_for(lambda: _ask(url, "count_over_time(careforall_outbox_pending[30s]) >= 2"))
        campaign = stack.open_campaign("Seen by Prometheus")
        gift = stack.give(campaign["id"])
        stack.ask("GET", f"/campaigns/{campaign['slug']}/")
        stack.wait_for(lambda: stack.status_of(gift) == "captured")
        captured = _ask(url, "count_over_time(careforall_outbox_pending[5m])")[0]["value"][1]
        stack.wait_for(
            lambda: int(_ask(url, "count_over_time(careforall_outbox_pending[5m])")[0]["value"][1]) > int(captured) + 2
        )
        yield url
    finally:
        server.terminate()
        server.wait(10)


def _ask(url: str, query: str) -> list[dict[str, Any]]:
    with urllib.request.urlopen(f"{url}/api/v1/query?{urllib.parse.urlencode({'query': query})}", timeout=10) as answer:
        body = json.load(answer)
    assert body["status"] == "success", body
    return list(body["data"]["result"])


def test_every_query_of_the_dashboards_finds_its_figures(prometheus: str) -> None:
    empty = [
        (name, query)
        for name, query in BUILD.queries()
        if not _ask(prometheus, query) and not OF_EXPORTERS.search(query) and "anomalies" not in query
    ]
    assert not empty, "\n".join(map(str, empty))


def test_a_healthy_installation_raises_no_alarm(prometheus: str) -> None:
    assert _ask(prometheus, 'ALERTS{alertstate="firing"}') == []
    assert _ask(prometheus, "up")[0]["value"][1] == "1"
