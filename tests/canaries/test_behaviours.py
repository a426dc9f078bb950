"""Each guard in the code is taken out of a copy of the source, and the test that claims to cover it must fail there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.environment import ROOT
from runtime.process import say_into
from runtime.servers import Servers

from .behaviours import BEHAVIOURS, Behaviour

COPIED = ("apps", "careforall", "runtime", "static", "templates", "tests", "manage.py", "pyproject.toml")
FAILED = 1  # pytest's own exit code; anything else is an error of the canary


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=[each.name for each in BEHAVIOURS])
def test_the_guard_is_where_the_table_says(behaviour: Behaviour) -> None:
    assert behaviour.on in (ROOT / behaviour.file).read_text()
    assert (ROOT / behaviour.test.partition("::")[0]).exists()


class Copy:
    """A copy of the source with servers of its own, whose test database is migrated once."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.folder, self.env = folder, env

    def run(self, test: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:randomly", test]
        return subprocess.run(
            command, cwd=self.folder, env=self.env, capture_output=True, text=True, check=False, timeout=300
        )


@pytest.fixture(scope="module")
def copy() -> Iterator[Copy]:
    with tempfile.TemporaryDirectory(prefix="careforall-canary-") as scratch:
        folder = Path(scratch) / "source"
        folder.mkdir()
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, folder / name)
        say_into((Path(scratch) / "servers.log").open("w"))
        servers = Servers(Path(scratch) / "data", is_durable=False)
        outer = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
        env = outer | servers.start() | {"DATA_DIR": str(Path(scratch) / "data"), "PYTHONPATH": str(folder)}
        try:
            yield Copy(folder, env)
        finally:
            servers.stop()


@pytest.mark.faults
@pytest.mark.xdist_group("canaries")
@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=[each.name for each in BEHAVIOURS])
def test_without_the_guard_its_test_fails(copy: Copy, behaviour: Behaviour) -> None:
    file = copy.folder / behaviour.file
    whole = file.read_text()
    file.write_text(whole.replace(behaviour.on, behaviour.off))
    try:
        run = copy.run(behaviour.test)
    finally:
        file.write_text(whole)
    assert run.returncode == FAILED, f"the test did not see it:\n{run.stdout[-2000:]}{run.stderr[-2000:]}"


@pytest.mark.faults
@pytest.mark.xdist_group("canaries")
def test_control_with_every_guard_the_tests_pass(copy: Copy) -> None:
    tests = sorted({each.test for each in BEHAVIOURS})
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]
    run = subprocess.run(
        command, cwd=copy.folder, env=copy.env, capture_output=True, text=True, check=False, timeout=600
    )
    assert run.returncode == 0, run.stdout[-4000:]
