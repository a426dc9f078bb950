"""Reads the environment. A missing or malformed value stops the start with one line that names it."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import unquote, urlsplit
from zoneinfo import available_timezones

ROOT = Path(__file__).resolve().parent.parent.parent


def load_runtime_files() -> None:
    """Let commands find what `make run` started: its files fill in what the environment does not say."""
    data_dir = Path(os.environ.get("DATA_DIR") or ROOT / ".data")
    for name in ("secrets.env", "runtime.env"):
        file = data_dir / name
        if file.is_file() and os.access(file, os.R_OK):
            for line in file.read_text().splitlines():
                key, separator, value = line.partition("=")
                if separator and not os.environ.get(key.strip()):
                    os.environ[key.strip()] = value.strip()


def refuse(name: str, why: str) -> NoReturn:
    sys.stderr.write(f"{name} {why}\n")
    raise SystemExit(2)


def text(name: str, default: str | None = None, *, min_length: int = 0) -> str:
    value = os.environ.get(name, "")
    if not value:
        if default is None:
            refuse(name, "is missing: set it in the environment (.env.example explains it).")
        return default
    if len(value) < min_length:
        refuse(name, f"is too short: it needs {min_length} characters or more.")
    return value


def texts(name: str, *, min_length: int = 0) -> tuple[str, ...]:
    """Several values between commas; none without the variable."""
    values = tuple(each.strip() for each in os.environ.get(name, "").split(",") if each.strip())
    if any(len(each) < min_length for each in values):
        refuse(name, f"holds one that is too short: each needs {min_length} characters or more.")
    return values


def switch(name: str, default: bool) -> bool:
    value = os.environ.get(name, "").lower()
    if value in ("on", "true", "1", "yes"):
        return True
    if value in ("off", "false", "0", "no"):
        return False
    if value:
        refuse(name, f"is {value!r}: it must be on or off.")
    return default


def choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    value = text(name, default)
    if value not in choices:
        refuse(name, f"is {value!r}: it must be one of {', '.join(choices)}.")
    return value


def integer(name: str, default: int, *, least: int = 0) -> int:
    value = os.environ.get(name, "")
    if not value:
        return default
    if not re.fullmatch(r"-?\d{1,9}", value) or int(value) < least:
        refuse(name, f"is {value!r}: it must be a whole number of at least {least}.")
    return int(value)


def amounts(name: str, default: str) -> dict[str, int]:
    """`BDT:500000,EUR:50000`: whole minor units by currency."""
    found = {}
    for part in filter(None, (each.strip() for each in text(name, default).split(","))):
        currency, colon, amount = part.partition(":")
        if not colon or not re.fullmatch(r"[A-Z]{3}", currency) or not re.fullmatch(r"\d{1,15}", amount):
            refuse(name, f"is {part!r}: write currency and minor units like BDT:500000, several with commas.")
        found[currency] = int(amount)
    return found


def url(name: str, default: str | None = None, *, schemes: tuple[str, ...] = ("http", "https")) -> str:
    value = text(name, default)
    try:
        parts = urlsplit(value)
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        refuse(name, "is not a URL.")
    if parts.scheme not in schemes or not parts.hostname or not port_is_fine:
        refuse(
            name, f"must be a URL that begins with {' or '.join(each + '://' for each in schemes)} and names a host."
        )
    return value.rstrip("/")


def database(name: str) -> dict[str, Any]:
    parts = urlsplit(url(name, schemes=("postgres", "postgresql")))
    if len(parts.path) < 2:
        refuse(name, "names no database.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname,
        "PORT": parts.port or 5432,
    }


def time_zone(name: str, default: str) -> str:
    value = text(name, default)
    if value not in available_timezones():
        refuse(name, f"is {value!r}: it must be a time zone such as Asia/Dhaka.")
    return value


_SECRET = re.compile(r"whsec_[A-Za-z0-9+/]{32,}={0,2}")


def webhook_secret(name: str) -> str:
    value = text(name)
    if not _SECRET.fullmatch(value):
        refuse(name, "must be whsec_ followed by 24 or more bytes in base64.")
    return value


def webhook_secrets(name: str) -> tuple[str, ...]:
    """Several between commas; none without the variable."""
    values = texts(name)
    if not all(_SECRET.fullmatch(each) for each in values):
        refuse(name, "must be whsec_ followed by 24 or more bytes in base64, several between commas.")
    return values


def mail_server(name: str) -> dict[str, Any] | None:
    """The settings of `smtp://user:password@host:587` (STARTTLS where a user is named) or `smtps://...:465`; None without."""
    if not os.environ.get(name):
        return None
    parts = urlsplit(url(name, schemes=("smtp", "smtps")))
    is_smtps = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if is_smtps else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": is_smtps,
        "EMAIL_USE_TLS": not is_smtps and bool(parts.username),
    }


def sender(name: str, default: str) -> str:
    """`Name <address>` or an address."""
    value = text(name, default)
    if not re.fullmatch(r"[^<>\r\n]*<[^@<>\s]+@[^@<>\s]+>|[^@<>\s]+@[^@<>\s]+", value):
        refuse(name, f"is {value!r}: it must be an address, or a name with the address in angle brackets.")
    return value
