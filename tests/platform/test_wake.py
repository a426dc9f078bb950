"""A wake-up is a hint: with the broker away it says so and hurts nobody."""

import os
import socket
import subprocess
import sys

import pytest
from django.conf import settings

_SEND = """
import django
django.setup()
import careforall
from apps.platform.wake import send
print("sent", [send("outbox.relay") for _ in range(5)])
"""


@pytest.mark.parametrize("hangs", [False, True], ids=["refuses", "hangs"])
def test_broker_away_is_told_not_raised_and_not_asked_at_every_turn(hangs: bool) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=64) as broker:
        port = broker.getsockname()[1] if hangs else 1
        run = subprocess.run(
            [sys.executable, "-c", _SEND],
            env=os.environ | {"REDIS_URL": f"redis://127.0.0.1:{port}/0"},
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        assert run.stdout.splitlines()[-1] == f"sent {[False] * 5}"
        assert run.stdout.count("wake-up not sent") == 1
        assert _connections(broker) == (1 if hangs else 0)


def _connections(server: socket.socket) -> int:
    """How many were made and wait to be taken."""
    server.setblocking(False)
    number = 0
    while True:
        try:
            server.accept()
        except BlockingIOError:
            return number
        number += 1
