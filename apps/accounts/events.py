from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from apps.platform.events import Event


@dataclass(frozen=True, kw_only=True)
class UserRegistered(Event):
    type: ClassVar[str] = "user.registered"
    user_id: UUID


@dataclass(frozen=True, kw_only=True)
class RoleGranted(Event):
    type: ClassVar[str] = "user.role_granted"
    user_id: UUID
    role: str
    by_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class RoleRevoked(Event):
    type: ClassVar[str] = "user.role_revoked"
    user_id: UUID
    role: str
    by_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class UserDeactivated(Event):
    type: ClassVar[str] = "user.deactivated"
    user_id: UUID
    by_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class UserErased(Event):
    """A person asked to be forgotten: whoever keeps something under this id lets go of what names them."""

    type: ClassVar[str] = "user.erased"
    user_id: UUID


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(Event):
    """`change_id` is None in facts of before it was told."""

    type: ClassVar[str] = "user.password_changed"
    user_id: UUID
    change_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class RefreshTokenReplayed(Event):
    """A refresh token came a second time: it may be stolen, its family is dead."""

    type: ClassVar[str] = "user.refresh_token_replayed"
    user_id: UUID
    family_id: UUID


@dataclass(frozen=True, kw_only=True)
class PasswordResetRequested(Event):
    """Somebody asked to reset the password of an address; `user_id` is None when nobody has an account with it."""

    type: ClassVar[str] = "user.password_reset_requested"
    request_id: UUID
    user_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class VerificationRequested(Event):
    """A person wants the link that verifies the account's address once more."""

    type: ClassVar[str] = "user.verification_requested"
    request_id: UUID
    user_id: UUID


@dataclass(frozen=True, kw_only=True)
class SecondFactorChanged(Event):
    """`change` is `enabled`, `disabled`, `codes_renewed` or `recovery_code_used`; `by_id` is None for the system."""

    type: ClassVar[str] = "user.second_factor_changed"
    change_id: UUID
    user_id: UUID
    change: str
    by_id: UUID | None
