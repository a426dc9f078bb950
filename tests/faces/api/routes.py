"""Every route of the API, as the URL configuration has it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.urls import URLPattern, URLResolver, get_resolver

METHODS = ("get", "post", "put", "patch", "delete")
_ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")


class _OrUnknown(dict[str, object]):
    def __missing__(self, name: str) -> object:
        return uuid4()


@dataclass(frozen=True)
class Route:
    """`path` has its arguments in braces, as OpenAPI writes them."""

    path: str
    methods: tuple[str, ...]

    def filled(self, **arguments: object) -> str:
        """The path with these arguments; those not named become ids that nothing has."""
        return self.path.format_map(_OrUnknown(arguments))


def api_routes() -> list[Route]:
    """All routes below /api/v1 except the schema's own and the one for unknown paths."""
    found = [
        Route(_ARGUMENT.sub(r"{\1}", path), _methods(pattern.callback))
        for path, pattern in _patterns(get_resolver().url_patterns, "/")
        if path.startswith("/api/v1/") and pattern.name not in ("schema", "docs") and "<path:rest>" not in path
    ]
    return sorted(found, key=lambda route: route.path)


def _patterns(patterns: list[Any], before: str) -> Iterator[tuple[str, URLPattern]]:
    for each in patterns:
        path = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _patterns(each.url_patterns, path)
        else:
            yield path, each


def _methods(view: Any) -> tuple[str, ...]:
    if hasattr(view, "by_method"):
        return tuple(name for name in METHODS if name in view.by_method)
    return tuple(name for name in METHODS if hasattr(view.cls, name))
