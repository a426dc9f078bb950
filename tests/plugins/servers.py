"""Starts the embedded PostgreSQL and Valkey for a test session that was given none. Loaded by `-p` before Django."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from runtime.servers import Servers

_servers: Servers | None = None
_folder: tempfile.TemporaryDirectory[str] | None = None


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    global _servers, _folder
    if os.environ.get("DATABASE_URL") or os.environ.get("PYTEST_XDIST_WORKER"):
        return
    _folder = tempfile.TemporaryDirectory(prefix="careforall-tests-")
    _servers = Servers(Path(_folder.name), is_durable=False)
    os.environ.update(_servers.start(), DATA_DIR=_folder.name)


def pytest_unconfigure() -> None:
    if _servers and _folder:
        _servers.stop()
        _folder.cleanup()
