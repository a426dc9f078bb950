from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class User:
    id: UUID
    email: str
    name: str
    roles: frozenset[str]
    is_active: bool
    created_at: datetime
    email_verified_at: datetime | None = None


@dataclass(frozen=True)
class TokenPair:
    """A short-lived access token and the refresh token that replaces both, once."""

    access: str
    refresh: str


@dataclass(frozen=True)
class ApiKey:
    id: UUID
    name: str
    scopes: frozenset[str]


@dataclass(frozen=True)
class RecordedAction:
    """A line of the audit trail. `actor_id` is a user's or an API key's id by `actor_kind`, None for the system."""

    seq: int
    at: datetime
    actor_kind: str
    actor_id: UUID | None
    action: str
    subject_id: str
    detail: dict[str, Any]
    request_id: str


@dataclass(frozen=True)
class ResetLink:
    """The two parts of a password reset link. Secret: it sets a password."""

    uid: str
    token: str


@dataclass(frozen=True)
class KeptApiKey:
    """A key as staff see it: never its plain text. `last_used_at` is to the hour."""

    id: UUID
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True)
class SignedIn:
    """Somewhere a person is signed in: a session of the site (`kind` is `site`) or an app that holds tokens (`api`)."""

    id: UUID
    kind: str
    user_agent: str
    started_at: datetime
    last_seen_at: datetime
    is_current: bool = False


@dataclass(frozen=True)
class Enrolment:
    """What an authenticator app is given, as text and as the address of its QR code. Secret: it makes valid codes."""

    secret: str
    uri: str


@dataclass(frozen=True)
class SecondFactor:
    """A second factor that is on, and how many recovery codes are left."""

    confirmed_at: datetime
    codes_left: int
