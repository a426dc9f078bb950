"""The schema's words for what REST framework cannot see: plain views, and every refusal.

Each package of plain views has an `operations.py` whose OPERATIONS name its paths and methods; the post-processing hook
here writes them into the schema, and adds to the described views the refusals they know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

REFERENCE = "#/components/schemas/{name}"
SECURITY_SCHEMES = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "`Authorization: Bearer <access>`",
    },
    "apiKey": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "`Authorization: Api-Key <key>`",
    },
}
Security = list[dict[str, list[str]]]
NOBODY: Security = [{}]
KEY: Security = [{"apiKey": []}]
SIGNED_IN: Security = [{"bearer": []}, {"apiKey": []}]
ANYONE: Security = [{}, {"bearer": []}, {"apiKey": []}]
TITLES = {
    400: "What was sent cannot be used; `errors` names the fields.",
    401: "Nobody is signed in, or what was sent does not prove who it is.",
    402: "The account's bank declined.",
    403: "The caller may not do this.",
    404: "There is nothing here for this caller.",
    405: "The path takes other methods; see `Allow`.",
    409: "The state does not allow it now.",
    413: "The body is too large.",
    415: "The body's media type is not taken.",
    422: "The idempotency key was used for another request.",
    429: "Too many requests; `Retry-After` says when to try again.",
    503: "Not possible at the moment; nothing was changed.",
}


class FieldProblem(msgspec.Struct):
    field: str
    code: str
    detail: str


class Problem(msgspec.Struct, kw_only=True):
    """RFC 9457. `code` is stable; quote `trace_id` when you ask for help. Some codes add members of their own."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    trace_id: str
    errors: list[FieldProblem] | msgspec.UnsetType = msgspec.UNSET


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One method of one path. `answers` are the good ones, `problems` the refusals; without `body` none is read."""

    summary: str
    answers: Mapping[int, Any]
    problems: tuple[int, ...] = ()
    body: Any = None
    query: Mapping[str, Mapping[str, Any]] | None = None
    headers: Mapping[str, str] | None = None
    security: Security = field(default_factory=lambda: ANYONE)


PAGE: dict[str, Mapping[str, Any]] = {
    "cursor": {"type": "string", "description": "From `next` or `previous`, unchanged."},
    "page_size": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
}
IDEMPOTENT = {"Idempotency-Key": "1 to 255 printable ASCII characters; kept for 24 hours or longer."}
Operations = Mapping[tuple[str, str], Operation]
Refusals = Mapping[tuple[str, str], tuple[int, ...]]


def describe(schema: dict[str, Any], operations: Operations, refusals: Refusals) -> dict[str, Any]:
    """Write the operations into the schema, and the refusals into what REST framework has described already."""
    types = [
        each for operation in operations.values() for each in (operation.body, *operation.answers.values()) if each
    ]
    _, components = msgspec.json.schema_components([*types, Problem], ref_template=REFERENCE)
    schemas = schema.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(components)
    schema["components"]["securitySchemes"] = SECURITY_SCHEMES
    for (path, method), operation in operations.items():
        schema["paths"].setdefault(path, {})[method] = _rendered(path, method, operation)
    for (path, method), statuses in refusals.items():
        known = schema["paths"][path][method]
        known["responses"].update(_problems((*statuses, 405, 503)))
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            operation["tags"] = [path.split("/")[3]]
            operation["operationId"] = _id(path, method)
    schema["paths"] = dict(sorted(schema["paths"].items()))
    return schema


def _rendered(path: str, method: str, operation: Operation) -> dict[str, Any]:
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": _of_path(name)}
        for name in [part[1:-1] for part in path.split("/") if part.startswith("{")]
    ]
    for name, shape in (operation.query or {}).items():
        kept = {key: value for key, value in shape.items() if key not in ("description", "required")}
        told = {key: shape[key] for key in ("description", "required") if key in shape}
        parameters.append({"name": name, "in": "query", "schema": kept, **told})
    for name, description in (operation.headers or {}).items():
        parameters.append({"name": name, "in": "header", "schema": {"type": "string"}, "description": description})
    rendered: dict[str, Any] = {"summary": operation.summary, "parameters": parameters}
    if operation.body is not None:
        rendered["requestBody"] = {"required": True, "content": _content(operation.body)}
    answers = {str(status): _answer(shape) for status, shape in operation.answers.items()}
    rendered["responses"] = answers | _problems((*operation.problems, 405, 503))
    rendered["security"] = operation.security
    return rendered


def _of_path(name: str) -> dict[str, str]:
    return {"type": "string", "format": "uuid"} if name.endswith("_id") else {"type": "string"}


def _answer(shape: Any) -> dict[str, Any]:
    return {"description": "Done.", **({"content": _content(shape)} if shape is not None else {})}


def _content(shape: Any) -> dict[str, Any]:
    (schema,), _ = msgspec.json.schema_components([shape], ref_template=REFERENCE)
    return {"application/json": {"schema": schema}}


def _problems(statuses: tuple[int, ...]) -> dict[str, Any]:
    reference = {"application/problem+json": {"schema": {"$ref": REFERENCE.format(name="Problem")}}}
    return {str(status): {"description": TITLES[status], "content": reference} for status in sorted(set(statuses))}


def _id(path: str, method: str) -> str:
    words = path.replace("/api/v1/", "").replace("{", "").replace("}", "").replace("-", "_").split("/")
    return "_".join([*words, method])
