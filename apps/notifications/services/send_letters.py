"""Sending letters: claim some, compose and send them outside any transaction, record what became of each.

A letter that was sent when its process died is sent again with the same Message-ID, by which mail servers and readers know
it. Each run sends a bounded number: mail leaves at a steady pace, and never takes a worker from money for long.
"""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from apps.platform import clock, db
from apps.platform.alone import alone
from apps.platform.retry import backoff

from ..gateway import mail
from ..states import LetterStatus
from .bounces import bounced, mark_bounced
from .letters import Content, WaitingLetter, compose
from .write_letters import SEND

log = logging.getLogger(__name__)
BATCH = 50
LEASE = timedelta(minutes=3)
MAX_ATTEMPTS = 12  # about two days
_CLAIM = """
    UPDATE notifications_letter SET attempts = attempts + 1, due_at = %(until)s
    WHERE id IN (
        SELECT id FROM notifications_letter WHERE status = 'waiting' AND due_at <= %(now)s
        ORDER BY priority, due_at LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED
    )
    RETURNING id, kind, about, recipient, data, attempts, priority
"""
_RECORD = """
    UPDATE notifications_letter SET status = %(status)s, last_error = %(error)s, due_at = %(due_at)s, ended_at = %(ended_at)s
    WHERE id = %(id)s AND status = 'waiting'
"""


def send_letters(*, at_most: int | None = None) -> int:
    """Send what is due, in one process at a time, at most what the pace allows for one run. Returns how many were sent.

    Talks to the mail server: call it outside a transaction.
    """
    left = at_most if at_most is not None else settings.MAIL_PER_RUN
    sent = 0
    with alone(SEND) as mine:
        while mine and left > 0:
            letters = _claim(min(BATCH, left))
            if not letters:
                break
            left -= len(letters)
            sent += _send(letters)
    return sent


def _claim(limit: int) -> list[WaitingLetter]:
    now = clock.now()
    rows = db.rows(_CLAIM, {"now": now, "until": now + LEASE, "limit": limit})
    rows.sort(key=lambda row: (row.pop("priority"), row["id"]))
    return [WaitingLetter(**row | {"data": _plain(row["data"])}) for row in rows]


def _plain(data: Any) -> dict[str, Any]:
    return dict(data if isinstance(data, dict) else json.loads(data))


def _send(letters: list[WaitingLetter]) -> int:
    contents = compose(letters)
    refused = bounced({each.address for each in contents.values() if each})
    sent = 0
    try:
        with mail.connection() as through:
            for letter in letters:
                content = contents.get(letter.id)
                if content is None or (content.address in refused and not content.was_asked_for):
                    _record(letter, LetterStatus.DROPPED, "nobody to write to" if content is None else "bounced before")
                    continue
                sent += _deliver(letter, content, through)
    except mail.TryLater as error:  # nothing could be handed over; what was is recorded already
        for letter in letters:
            _try_later(letter, str(error))
    return sent


def _deliver(letter: WaitingLetter, content: Content, through: Any) -> int:
    try:
        mail.deliver(_message(letter, content), through)
    except mail.Undeliverable as error:
        mark_bounced(address=content.address, reason=str(error))
        _record(letter, LetterStatus.DEAD, str(error))
        return 0
    except mail.TryLater as error:
        _try_later(letter, str(error))
        return 0
    except Exception as error:  # a template that cannot be drawn must not keep the others from leaving
        log.exception("letter not composed", extra={"kind": letter.kind, "letter_id": str(letter.id)})
        _try_later(letter, type(error).__name__)
        return 0
    _record(letter, LetterStatus.SENT, "")
    return 1


def _message(letter: WaitingLetter, content: Content) -> EmailMultiAlternatives:
    """Text and HTML in the reader's language. The first line of the text template is the subject."""
    context = {
        "base": settings.PUBLIC_URL,
        "organisation": settings.ORGANISATION_NAME,
        "unsubscribe_url": content.unsubscribe_url,
        **content.context,
    }
    with translation.override(content.language or settings.LANGUAGE_CODE):
        subject, _, text = render_to_string(f"emails/{letter.kind}.txt", context).lstrip().partition("\n")
        html = render_to_string(f"emails/{letter.kind}.html", context)
    headers = {
        "Message-ID": f"<{letter.id}@{urlsplit(settings.PUBLIC_URL).hostname}>",
        "Auto-Submitted": "auto-generated",
    }
    if content.unsubscribe_url:  # RFC 8058
        headers["List-Unsubscribe"] = f"<{content.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMultiAlternatives(subject.strip(), text.strip() + "\n", to=[content.address], headers=headers)
    message.attach_alternative(html, "text/html")
    return message


def _try_later(letter: WaitingLetter, error: str) -> None:
    if letter.attempts >= MAX_ATTEMPTS:
        log.error("letter given up", extra={"kind": letter.kind, "letter_id": str(letter.id), "error": error})
        _record(letter, LetterStatus.DEAD, error)
        return
    due_at = clock.now() + backoff(letter.attempts, base=30.0, cap=6 * 3600.0)
    values = {"status": str(LetterStatus.WAITING), "error": error[:200], "due_at": due_at, "ended_at": None}
    db.execute(_RECORD, values | {"id": letter.id})


def _record(letter: WaitingLetter, status: LetterStatus, error: str) -> None:
    now = clock.now()
    values = {"status": str(status), "error": error[:200], "due_at": now, "ended_at": now}
    db.execute(_RECORD, values | {"id": letter.id})
