"""The panel writes nothing past the services: no model, no SQL and no saving in its code, nor in contexts' admin.py."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.environment import ROOT

MODULES = ("django.db.connection", "django.db.models", "apps.platform.db", "django.contrib.admin.ModelAdmin")
MANAGERS = ("objects", "_default_manager", "_base_manager")
SAVING = (
    *("save", "save_base", "save_model", "create", "acreate", "asave", "bulk_create", "bulk_update", "get_or_create"),
    *("update_or_create", "delete", "adelete", "delete_queryset", "raw", "execute", "executemany", "cursor"),
)


def writes(source: str) -> Iterator[str]:
    """What in this code could write to a table, each as line and words."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module or ''}.{each.name}" for each in node.names]
            said = [name for name in names if name in MODULES or ".models" in f".{name}"]
        elif isinstance(node, ast.Import):
            said = [each.name for each in node.names if each.name in MODULES or ".models" in each.name]
        elif isinstance(node, ast.Attribute) and node.attr in MANAGERS:
            said = [node.attr]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SAVING:
            said = [f"{node.func.attr}()"]
        else:
            continue
        yield from (f"line {node.lineno}: {each}" for each in said)


def panel_code() -> list[Path]:
    return [*(ROOT / "apps/faces/panel").rglob("*.py"), *(ROOT / "apps").glob("*/admin.py")]


def test_panel_has_no_write_path_of_its_own() -> None:
    found = {str(path.relative_to(ROOT)): said for path in panel_code() if (said := list(writes(path.read_text())))}
    assert len(panel_code()) > 20
    assert found == {}


@pytest.mark.parametrize(
    "planted",
    [
        "from apps.pledges.models import Pledge",
        "from apps.pledges import models",
        "import apps.pledges.models",
        "from django.db import connection",
        "from apps.platform import db",
        "from django.contrib.admin import ModelAdmin",
        "get_user_model().objects.filter(pk=1).update(is_staff=True)",
        "User._default_manager.all()",
        "pledge.save(update_fields=['status'])",
        "form.save()",
        "pledge.statechange_set.create(target='captured')",
        "campaign.update_set.bulk_create([])",
        "row.delete()",
        "cursor.execute('UPDATE pledges_pledge SET status = 1')",
    ],
)
def test_a_planted_write_is_found(planted: str) -> None:
    source = (ROOT / "apps/faces/panel/gifts/views.py").read_text()
    assert list(writes(f"{source}\n\ndef planted():\n    {planted}\n"))
