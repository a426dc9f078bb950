"""Starts the embedded PostgreSQL and Valkey for a test session that was given none. Loaded by `-p` before Django.

What the servers say, refusals that tests ask for above all, goes to `servers.log` in their DATA_DIR.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from runtime.process import say_into
from runtime.servers import Servers

_servers: Servers | None = None
_folder: tempfile.TemporaryDirectory[str] | None = None


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    global _servers, _folder
    if os.environ.get("DATABASE_URL") or os.environ.get("PYTEST_XDIST_WORKER"):
        return
    _folder = tempfile.TemporaryDirectory(prefix="careforall-tests-")
    say_into((Path(_folder.name) / "servers.log").open("w"))
    _servers = Servers(Path(_folder.name), is_durable=False)
    os.environ.update(_servers.start(), DATA_DIR=_folder.name)


def pytest_unconfigure() -> None:
    if _servers and _folder:
        _servers.stop()
        _folder.cleanup()
