"""`python -m runtime secrets`: what docker-compose.yml needs to know and nobody has to think up.

Made at the first start and kept: the application's secrets and addresses in DATA_DIR, one password a file in PASSWORDS.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from .environment import installation_secrets, write_env

NAMES = ("postgres", "bank-postgres", "replication", "grafana")


def make_secrets() -> int:
    """Write what is missing; changes nothing that is there. Returns the exit code."""
    data, folder = Path(os.environ["DATA_DIR"]), Path(os.environ["PASSWORDS"])
    passwords = {name: _password(folder / name) for name in NAMES}
    installation_secrets(data)
    primary = f"postgres://careforall:{passwords['postgres']}"
    write_env(
        data / "runtime.env",
        {
            "DATABASE_URL": f"{primary}@pgbouncer:6432/careforall",
            "REPLICA_DATABASE_URL": f"{primary}@postgres-replica:5432/careforall",
            "BANK_DATABASE_URL": f"postgres://bank:{passwords['bank-postgres']}@bank-postgres:5432/careforall_bank",
        },
    )
    return 0


def _password(file: Path) -> str:
    """The servers' images read these files as users of their own; the volume is mounted nowhere else."""
    if not file.exists():
        file.write_text(secrets.token_urlsafe(24))
        file.chmod(0o444)
    return file.read_text()
