"""Refusals: named, with a stable code and a kind. Faces turn kinds into HTTP in one table; nothing here knows HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar


class Kind(Enum):
    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not-found"
    CONFLICT = "conflict"
    DECLINED = "declined"
    TOO_LARGE = "too-large"
    UNPROCESSABLE = "unprocessable"
    TOO_MANY = "too-many"
    UNAVAILABLE = "unavailable"
    FAILED = "failed"


@dataclass(frozen=True)
class FieldError:
    """One thing wrong with one field; `field` is a dotted path such as `donor.email`."""

    field: str
    code: str
    detail: str


class Refused(Exception):
    """Base of every refusal. Subclasses set `code`, `kind` and `title`; an instance may add a detail for the caller."""

    code: ClassVar[str] = "refused"
    kind: ClassVar[Kind] = Kind.CONFLICT
    title: ClassVar[str] = "The request was refused."

    def __init__(
        self, detail: str = "", *, fields: tuple[FieldError, ...] = (), retry_after: int | None = None, **extra: Any
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.fields = tuple(fields)
        self.retry_after = retry_after
        self.extra = extra


class Invalid(Refused):
    """Input that cannot be used; `fields` say what and why."""

    code = "validation-error"
    kind = Kind.INVALID
    title = "Some of what was sent cannot be used."

    @classmethod
    def field(cls, field: str, code: str, detail: str) -> Invalid:
        return cls(fields=(FieldError(field, code, detail),))


class InvalidTransition(Refused):
    code = "invalid-transition"
    kind = Kind.CONFLICT
    title = "This move is not possible from the current state."


class NotFound(Refused):
    code = "not-found"
    kind = Kind.NOT_FOUND
    title = "There is nothing here."


class Forbidden(Refused):
    code = "forbidden"
    kind = Kind.FORBIDDEN
    title = "You may not do this."


class NotSignedIn(Refused):
    code = "not-authenticated"
    kind = Kind.UNAUTHENTICATED
    title = "Sign in to do this."


class TooManyRequests(Refused):
    code = "too-many-requests"
    kind = Kind.TOO_MANY
    title = "Too many requests. Wait a moment and try again."
