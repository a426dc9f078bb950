"""The mailbox twin: what is sent becomes files in EMAIL_FILE_PATH, one a message, named by its Message-ID.

Like a good mail server it takes a message once: sent again, it overwrites itself. The newest thousand are kept.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage as Parsed
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

KEPT = 1_000
_NAME = re.compile(r"[A-Za-z0-9-]{1,64}")


@dataclass(frozen=True)
class SentMail:
    id: str
    to: str
    subject: str
    at: datetime | None
    text: str
    html: str
    headers: tuple[tuple[str, str], ...]


class EmailBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            raw = message.message()
            name = str(raw["Message-ID"]).strip("<>").partition("@")[0]
            scratch = folder / f".{_safe(name)}"
            scratch.write_bytes(raw.as_bytes())
            scratch.rename(folder / f"{_safe(name)}.eml")
        return len(email_messages)

    def close(self) -> None:
        for old in sorted(_folder().glob("*.eml"))[:-KEPT]:
            old.unlink(missing_ok=True)


def list_mailbox(*, limit: int = 100) -> list[SentMail]:
    """What was sent here, newest first."""
    return [_read(file) for file in sorted(_folder().glob("*.eml"), reverse=True)[:limit]]


def read_mailbox(*, mail_id: str) -> SentMail | None:
    """One message by its id, None when it is not (any more) here."""
    file = _folder() / f"{mail_id}.eml"
    return _read(file) if _NAME.fullmatch(mail_id) and file.is_file() else None


def _folder() -> Path:
    return Path(settings.EMAIL_FILE_PATH)


def _safe(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]", "-", name)[:64]


def _read(file: Path) -> SentMail:
    message = cast(Parsed, email.message_from_bytes(file.read_bytes(), policy=cast(Any, email.policy.default)))
    date = message["Date"]
    return SentMail(
        id=file.stem,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        at=date.datetime if date else None,
        text=_part(message, "plain"),
        html=_part(message, "html"),
        headers=tuple((name, str(value)) for name, value in message.items()),
    )


def _part(message: Parsed, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part else ""
