"""The house is kept by guards; each guard is shown to catch a planted violation."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import models

from apps.platform.checks import relations_between
from runtime.environment import ROOT

# Where a line is planted, what it imports, and the contract that must break.
PLANTED = [
    ("apps/platform/ids.py", "import careforall.routers", "Wiring stands above the apps"),
    ("apps/campaigns/queries/campaigns.py", "from apps.pledges import interface", "Commands go down"),
    ("apps/payments/queries/payments.py", "from apps.payments import tasks", "Floors inside each context"),
    (
        "apps/faces/site/errors.py",
        "from apps.pledges import models",
        "Only interface, data, events and errors of pledges",
    ),
    (
        "apps/faces/site/errors.py",
        "from apps.outbox import models",
        "Only interface, data, events and errors of outbox",
    ),
    ("apps/faces/site/errors.py", "from apps.faces.api import apps", "The faces know nothing of each other"),
    ("apps/campaigns/data.py", "import django", "Data, errors and money import no framework"),
    ("apps/accounts/queries.py", "import rest_framework", "No REST framework and no Channels below the faces"),
    ("apps/pledges/models.py", "import celery", "Services, models, queries and interfaces do not know Celery"),
    ("apps/payments/gateway/bank.py", "from apps.bank import interface", "Payments and the bank know no person"),
    ("apps/bank/queries.py", "from apps.outbox import interface", "The bank knows nobody"),
]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("house")
    for name in ("apps", "careforall"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".importlinter", copy)
    return copy


def lint(house: Path) -> str:
    command = [Path(sys.executable).parent / "lint-imports", "--no-logo", "--no-cache"]
    return subprocess.run(command, cwd=house, capture_output=True, text=True, check=False).stdout


def test_the_house_keeps_its_contracts(house: Path) -> None:
    assert "0 broken" in lint(house)


@pytest.mark.parametrize(("file", "line", "contract"), PLANTED, ids=[contract for *_, contract in PLANTED])
def test_a_planted_import_breaks_its_contract(house: Path, file: str, line: str, contract: str) -> None:
    target = house / file
    before = target.read_text()
    target.write_text(f"{before}\n\ndef planted():\n    {line}\n")
    try:
        broken = [each for each in lint(house).splitlines() if each.endswith("BROKEN") or contract in each]
    finally:
        target.write_text(before)
    assert any(each.startswith(contract) for each in broken), broken
    assert any(each.endswith("BROKEN") for each in broken), broken


def test_every_private_module_is_protected() -> None:
    """A new module of a context is private until it is named otherwise."""
    contracts = (ROOT / ".importlinter").read_text()
    public = {"interface", "data", "events", "errors", "migrations", "__init__", "__pycache__", "README"}
    for context in (
        "accounts",
        "bank",
        "campaigns",
        "chat",
        "guard",
        "notifications",
        "outbox",
        "payments",
        "payouts",
        "pledges",
        "recurring",
        "reporting",
    ):
        for entry in (ROOT / "apps" / context).iterdir():
            if entry.stem not in public:
                assert f"    apps.{context}.{entry.stem}\n" in contracts, f"apps.{context}.{entry.stem}"


def test_a_relation_between_contexts_is_refused() -> None:
    class Planted(models.Model):
        campaign = models.ForeignKey("campaigns.Campaign", on_delete=models.CASCADE)

        class Meta:
            app_label = "outbox"
            managed = False

    assert [found.id for found in relations_between([Planted])] == ["platform.E001"]


def test_no_file_is_too_long() -> None:
    long = [
        (str(path.relative_to(ROOT)), length)
        for folder in ("apps", "careforall", "runtime", "templates", "static", "tests")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".html", ".css", ".js") and "migrations" not in path.parts
        if (length := len(path.read_text().splitlines())) > 400
    ]
    assert long == []
