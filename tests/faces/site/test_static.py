"""What pages load: vendored files are what they were, sheets are joined without losing a part, and no rule goes unused by name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from careforall.staticfiles import join
from runtime.environment import ROOT
from tools.vendor.manifest import manifest

CSS = ROOT / "static" / "css"


def read(part: str) -> str:
    return (ROOT / "static" / part).read_text()


def test_vendored_files_are_those_of_the_manifest() -> None:
    assert manifest() == read("vendor/MANIFEST")


def test_the_joined_sheet_has_every_part_in_its_layer_and_no_imports() -> None:
    joined = join("css/site.css", read, read("css/site.css"))
    assert "@import" not in joined
    assert joined.count("@layer") == 1 + read("css/site.css").count("@import")
    assert "/*" not in joined
    for rule in (".button {", ".card {", ".timeline ", ".hero {"):
        assert rule in joined


def test_addresses_in_a_joined_sheet_lead_where_they_led() -> None:
    joined = join("css/site.css", read, read("css/site.css"))
    targets = re.findall(r'url\("([^"]+)"\)', joined)
    assert targets
    assert [target for target in targets if not (CSS / target).resolve().is_file()] == []


@pytest.mark.parametrize("folder", ["components", "pages"])
def test_every_part_of_the_sheet_is_loaded_and_begins_with_its_usage(folder: str) -> None:
    loaded = read("css/site.css") + "".join(file.read_text() for file in (ROOT / "templates").rglob("*.html"))
    for file in (CSS / folder).glob("*.css"):
        assert f"{folder}/{file.name}" in loaded, file.name
        assert file.read_text().startswith("/* "), file.name


def test_every_icon_of_the_templates_is_in_the_sprite() -> None:
    known = set(re.findall(r'<symbol id="([^"]+)"', read("vendor/icons/lucide.svg")))
    used = {
        name
        for file in Path(ROOT / "templates").rglob("*.html")
        for name in re.findall(r'(?:{% icon |icon_name=)"([^"]+)"', file.read_text())
    }
    assert used
    assert used - known == set()
