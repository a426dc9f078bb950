"""The image's health checks. `python -m runtime.alive`: this container's web or live process answers. With `worker` or
`scheduler`: one of that kind has left its sign in the database within a minute or two. Exit 0 or 1."""

import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from .environment import read_env

SIGNS = {
    "worker": ("SELECT (slot + 1) * 5 FROM outbox_jobslot WHERE job = 'outbox.swept'", 60),
    "scheduler": ("SELECT slot * 60 FROM outbox_jobslot WHERE job = 'payments.reconcile_stuck'", 150),
}


def main(arguments: list[str]) -> int:
    return int(not (_leaves_signs(arguments[0]) if arguments else _answers("http://127.0.0.1:8000/healthz")))


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=4) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _leaves_signs(kind: str) -> bool:
    import psycopg

    sql, seconds = SIGNS[kind]
    url = os.environ.get("DATABASE_URL") or read_env(Path(os.environ["DATA_DIR"]) / "runtime.env")["DATABASE_URL"]
    try:
        with psycopg.connect(url, connect_timeout=3) as connection:
            found = connection.execute(sql.encode()).fetchone()
    except psycopg.Error:
        return False
    return found is not None and time.time() - found[0] < seconds


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
