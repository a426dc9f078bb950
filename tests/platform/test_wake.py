"""A wake-up is a hint: with the broker away it says so and hurts nobody."""

import os
import subprocess
import sys

from django.conf import settings

_SEND = """
import django
django.setup()
import careforall
from apps.platform.wake import send
print("sent", send("outbox.relay"))
"""


def test_broker_away_is_told_not_raised() -> None:
    environment = os.environ | {"REDIS_URL": "redis://127.0.0.1:1/0"}
    run = subprocess.run(
        [sys.executable, "-c", _SEND],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines()[-1] == "sent False"
