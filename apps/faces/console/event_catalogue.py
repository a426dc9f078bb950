"""Every fact that contexts announce, with its fields, as docs/events.md."""

from __future__ import annotations

import dataclasses
import inspect

from apps.platform.events import Event, event_types

_HEAD = """# Events

Facts that contexts announce through the outbox, written in the transaction of the change and delivered to each subscription at
least once with one effect (docs/decisions/0004). Ids and the facts of that moment, no personal data; amounts are whole minor
units of the currency beside them; times are UTC. Made by `manage.py describe_events > docs/events.md`; a test compares.
"""


def catalogue() -> str:
    """The whole page. Types that tests make are left out: only those of apps are known here."""
    known = {name: event for name, event in event_types().items() if event.__module__.startswith("apps.")}
    return "\n".join([_HEAD, *(_entry(known[name]) for name in sorted(known))])


def _entry(event: type[Event]) -> str:
    inherited = {Event.__doc__, *(base.__doc__ for base in event.__mro__[1:])}
    told = "" if event.__doc__ in inherited or str(event.__doc__).startswith(event.__name__) else inspect.getdoc(event)
    fields = [f"| `{each.name}` | `{_type(each.type)}` |" for each in dataclasses.fields(event)]  # type: ignore[arg-type]
    lines = [
        f"## `{event.type}` (version {event.version})",
        "",
        f"`{event.__module__}.{event.__name__}`",
        "",
        *([f"{' '.join(told.split())}", ""] if told else []),
        "| field | type |",
        "|---|---|",
        *fields,
        "",
    ]
    return "\n".join(lines)


def _type(annotation: object) -> str:
    return inspect.formatannotation(annotation).replace("uuid.", "").replace("datetime.", "").replace("typing.", "")
