"""One log line an event, each with the request id: JSON for machines, plain text for a terminal."""

from __future__ import annotations

import logging.config
import re
from typing import Any

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

from apps.platform import context, tracing


def configuration(*, level: str, as_json: bool) -> None:
    """Send everything through structlog to standard output."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _origin,
    ]
    renderer: Processor = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    chain: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if as_json:
        chain.append(structlog.processors.format_exc_info)
    formatter = {
        "()": Formatter,
        "foreign_pre_chain": shared,
        "processors": [*chain, renderer],
    }
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"line": formatter},
            "handlers": {"out": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "line"}},
            "root": {"handlers": ["out"], "level": level},
            "loggers": {
                "django.request": {"level": "ERROR"},
                "celery.app.trace": {"level": "WARNING"},
                "celery.worker.strategy": {"level": "WARNING"},
                "celery.beat": {"level": "WARNING"},
            },
        }
    )


def _origin(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """The request that caused this line, and the trace where one is known; a gift's trace id is the gift's id."""
    if request_id := context.request_id():
        event.setdefault("request_id", request_id)
    if traceparent := tracing.outgoing() or context.traceparent():
        event.setdefault("trace_id", traceparent.split("-")[1])
    return event


# Whatever a library or a database quotes in its errors: addresses of people, and numbers of the accounts they pay from.
_ADDRESS = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_ACCOUNT = re.compile(r"\b\d{4}-\d{4}-\d{4}-\d{4}\b")


def scrubbed(line: str) -> str:
    """The line without e-mail addresses and account numbers. Names cannot be told from words: never log them."""
    if "@" in line:
        line = _ADDRESS.sub("<address>", line)
    return _ACCOUNT.sub("<account>", line)


class Formatter(structlog.stdlib.ProcessorFormatter):
    """Scrubs the finished line, tracebacks included."""

    def format(self, record: Any) -> str:
        return scrubbed(super().format(record))
