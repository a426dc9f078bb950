"""The page of all variables is what the code reads, and a variable that only one side knows is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tools import configuration


def test_the_page_is_what_the_code_says() -> None:
    assert configuration.wrong() == []
    code = configuration.found()
    assert (code["SECRET_KEY"].is_required, code["REPLICA_DATABASE_URL"].is_required) == (True, False)
    assert (code["MAIL_PER_SECOND"].kind, code["MAIL_PER_SECOND"].default) == ("whole number", "20")


def test_a_variable_that_one_side_does_not_know_is_named(tmp_path: Path, monkeypatch: Any) -> None:
    example = (configuration.ROOT / ".env.example").read_text().replace("# DB_POOL=", "# POOL_OF_DB=")
    (tmp_path / ".env.example").write_text(example)
    for folder in ("careforall", "runtime", "apps"):
        (tmp_path / folder).symlink_to(configuration.ROOT / folder)
    monkeypatch.setattr(configuration, "ROOT", tmp_path)
    said = "\n".join(configuration.wrong())
    assert "DB_POOL is read by careforall/settings/base.py" in said
    assert "POOL_OF_DB is in .env.example and nothing reads it" in said
