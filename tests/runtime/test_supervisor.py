"""One command starts everything, keeps it alive, and takes everything along when it ends, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.environment import ROOT, read_env
from tests.runtime.processes import descendants, living, working_for
from tests.support.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]
PLAIN = {"DEMO_MODE": "off", "RATE_LIMITS": "on"}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack that these tests may stop, kill and start again; each leaves it running."""
    with Stack(tmp_path_factory.mktemp("own"), **PLAIN) as running:
        yield running


def test_sigterm_leaves_no_process_behind_and_the_next_start_finds_the_data(own: Stack) -> None:
    _python(own, "interface.ensure_user(email='kept@example.org', password='a long password', name='Kept', roles=[])")
    secrets = read_env(own.data_dir / "secrets.env")
    assert own.supervisor
    ours = descendants(own.supervisor.pid)
    assert len(ours) > 8
    assert own.stop() == 0
    assert not living(ours)
    assert not working_for(own.data_dir)
    own.start(60)
    assert read_env(own.data_dir / "secrets.env") == secrets
    assert _python(own, "print(interface.find_user_by_email(email='kept@example.org').name)") == "Kept"


def test_kill_9_of_the_supervisor_takes_everything_along_and_the_next_start_recovers(own: Stack) -> None:
    assert own.supervisor
    ours = descendants(own.supervisor.pid)
    own.supervisor.kill()
    own.supervisor.wait(5)
    own.wait_for(lambda: not living(ours) and not working_for(own.data_dir), 15)
    own.start(30)
    assert own.ask("GET", "/readyz")[0] == 200


@pytest.mark.parametrize("name", ["edge", "web", "live", "worker", "scheduler"])
def test_a_killed_process_is_started_again(own: Stack, name: str) -> None:
    before = own.pid(name)
    os.kill(before, signal.SIGKILL)
    own.wait_for(lambda: own.pid(name) != before and living({own.pid(name)}), 60)
    own.wait_for(lambda: own.ask("GET", "/readyz")[0] == 200, 60)


def test_two_copies_run_side_by_side(own: Stack, tmp_path: Path) -> None:
    with Stack(tmp_path, **PLAIN) as other:
        assert other.ask("GET", "/readyz")[0] == own.ask("GET", "/readyz")[0] == 200
        urls = [read_env(stack.data_dir / "runtime.env")["DATABASE_URL"] for stack in (own, other)]
        assert urls[0] != urls[1]


def test_a_second_copy_on_the_same_data_folder_is_refused(own: Stack) -> None:
    second = Stack(own.data_dir, **PLAIN)
    refused = _run(second.env)
    assert refused.returncode == 2
    assert "set another DATA_DIR" in refused.stderr
    assert own.ask("GET", "/readyz")[0] == 200


EXTERNAL = dict.fromkeys(("DATABASE_URL", "BANK_DATABASE_URL"), "postgres://x@127.0.0.1:1/x") | {
    "REDIS_URL": "redis://127.0.0.1:1/0"
}


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("PORT", {"PORT": "eighty"}),
        ("RATE_LIMITS", {"RATE_LIMITS": "perhaps"}),
        ("DEMO_MODE", {"DEMO_MODE": "maybe"}),
        ("DATABASE_URL", EXTERNAL | {"DATABASE_URL": "no address"}),
        ("BANK_DATABASE_URL", {"DATABASE_URL": EXTERNAL["DATABASE_URL"]}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_missing_or_malformed_setting_is_one_line_that_names_it(
    tmp_path: Path, name: str, settings: dict[str, str]
) -> None:
    refused = _run(Stack(tmp_path, **settings).env)
    assert refused.returncode == 2
    (line,) = refused.stderr.strip().splitlines()
    assert name in line
    assert not working_for(tmp_path)


def _python(stack: Stack, code: str) -> str:
    ran = stack.manage("shell", "-v0", "-c", f"from apps.accounts import interface; {code}")
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


def _run(env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "runtime", "run"]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=60)
