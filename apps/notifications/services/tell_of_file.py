from __future__ import annotations

from datetime import datetime
from uuid import UUID

from .write_letters import NewLetter, write_letters


def tell_of_file(*, user_id: UUID, file_id: UUID, until: datetime) -> None:
    """Write to a person, in the open transaction and once per file, that a file they asked for can be fetched until then."""
    data = {"until": until.isoformat()}
    write_letters([NewLetter(kind="file_ready", about=file_id, recipient=f"user:{user_id}", data=data)])
