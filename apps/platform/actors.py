"""Who asks: the plain value that faces hand to contexts for their permission rules."""

from dataclasses import dataclass
from uuid import UUID

DONOR, MANAGER, STAFF = "donor", "manager", "staff"


@dataclass(frozen=True)
class Actor:
    user_id: UUID | None = None
    roles: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    api_key_id: UUID | None = None

    @property
    def is_anonymous(self) -> bool:
        return self.user_id is None and self.api_key_id is None and not self.roles

    @property
    def is_staff(self) -> bool:
        return STAFF in self.roles

    @property
    def is_manager(self) -> bool:
        return MANAGER in self.roles


ANONYMOUS = Actor()
SYSTEM = Actor(roles=frozenset({STAFF}))
