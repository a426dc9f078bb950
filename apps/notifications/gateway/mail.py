"""The one way out for mail: a connection of Django's for a batch, each message judged on its own."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

SECONDS = 20


class TryLater(Exception):
    """The message was not taken this time."""


class Undeliverable(Exception):
    """The server refused the recipient for good."""


@contextmanager
def connection() -> Iterator[BaseEmailBackend]:
    """An open connection. Raises TryLater when the server cannot be reached."""
    opened = get_connection()
    try:
        opened.open()
    except (OSError, smtplib.SMTPException) as error:
        raise TryLater(type(error).__name__) from error
    try:
        yield opened
    finally:
        try:
            opened.close()
        except (OSError, smtplib.SMTPException):
            opened.connection = None  # type: ignore[attr-defined]  # it was gone already


def deliver(message: EmailMultiAlternatives, through: BaseEmailBackend) -> None:
    """Hand one message over. Raises Undeliverable, TryLater."""
    message.connection = through
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        if all(500 <= code < 600 for code in codes):
            raise Undeliverable(f"refused with {codes[0] if codes else 'no code'}") from error
        raise TryLater(type(error).__name__) from error
    except smtplib.SMTPResponseException as error:
        raise TryLater(f"{type(error).__name__} {error.smtp_code}") from error
    except (OSError, smtplib.SMTPException) as error:
        raise TryLater(type(error).__name__) from error
