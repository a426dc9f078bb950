"""Keys are replaced with an overlap: the one before is kept until it is forgotten, and nothing else is touched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from runtime import keys
from runtime.environment import installation_secrets, read_env


@pytest.mark.parametrize("name", keys.ROTATED)
def test_a_key_is_replaced_twice_and_the_old_ones_are_forgotten(name: str, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    assert keys.main(["rotate", name]) == 2, "nothing to replace yet"
    first = installation_secrets(tmp_path)
    assert keys.main(["rotate", name]) == 0
    second = read_env(tmp_path / "secrets.env")
    assert second[name] != first[name]
    assert second[f"{name}_OLD"] == first[name]
    keys.main(["rotate", name])
    third = read_env(tmp_path / "secrets.env")
    assert third[f"{name}_OLD"] == f"{second[name]},{first[name]}"
    assert keys.main(["forget", name]) == 0
    sealing = {"SECOND_FACTOR_KEY": first[name]} if name == "SECRET_KEY" else {}
    assert read_env(tmp_path / "secrets.env") == first | {name: third[name]} | sealing
    assert (tmp_path / "secrets.env").stat().st_mode & 0o077 == 0


def test_what_cannot_be_replaced_is_refused(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    before = installation_secrets(tmp_path)
    assert keys.main(["rotate", "TRACKING_TOKEN_KEY"]) == 2
    assert read_env(tmp_path / "secrets.env") == before
