"""The environment that every process gets: secrets made once, addresses of this start, and what the caller set."""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def read_env(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    pairs = (line.partition("=") for line in file.read_text().splitlines() if "=" in line)
    return {key: value for key, _, value in pairs}


def write_env(file: Path, values: dict[str, str]) -> None:
    """Write for the owner's eyes only."""
    scratch = file.with_suffix(".new")
    with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.writelines(f"{key}={value}\n" for key, value in values.items())
    scratch.replace(file)


def fresh_secrets() -> dict[str, str]:
    """One of each that nobody has seen before."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "JWT_SIGNING_KEY": secrets.token_urlsafe(48),
        "TRACKING_TOKEN_KEY": secrets.token_urlsafe(48),
        "BANK_API_KEY": "cfa_" + secrets.token_urlsafe(32),
        "BANK_WEBHOOK_SECRET": "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "DEMO_PASSWORD": "-".join(secrets.token_hex(2) for _ in range(3)),
    }


def installation_secrets(data_dir: Path) -> dict[str, str]:
    """The secrets of this data folder; made at its first start."""
    data_dir.mkdir(parents=True, exist_ok=True)
    file = data_dir / "secrets.env"
    known, fresh = read_env(file), fresh_secrets()
    if fresh.keys() - known.keys():
        known = fresh | known
        write_env(file, known)
    return known


def base_environment(data_dir: Path) -> dict[str, str]:
    """What the caller set, over this folder's secrets and the defaults of a demo installation."""
    defaults = {
        "DJANGO_SETTINGS_MODULE": "careforall.settings.dev",
        "DATA_DIR": str(data_dir.resolve()),
        "DEMO_MODE": "on",
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(ROOT),
    }
    given = {key: value for key, value in os.environ.items() if value and key != "PYTHONDONTWRITEBYTECODE"}
    return defaults | installation_secrets(data_dir) | given | {"DATA_DIR": str(data_dir.resolve())}
