from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class User:
    id: UUID
    email: str
    name: str
    roles: frozenset[str]
    is_active: bool
    created_at: datetime


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
