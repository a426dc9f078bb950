from __future__ import annotations

from uuid import UUID

from apps.accounts import interface as accounts

from ..models import Message, Room

LOOK_BACK, MOST = 300, 10


def find_mentions(*, room: Room, author_id: UUID, manager_id: UUID, message: str) -> list[UUID]:
    """Whom `@Display Name` in a text means: the campaign's manager and those who wrote lately, nobody else, so that
    nobody can be called into a room they never came to. The longest name wins. No query where there is no `@`."""
    if "@" not in message:
        return []
    recent = Message.objects.filter(room=room, seq__gt=room.last_seq - LOOK_BACK).exclude(side="guest")
    known = set(recent.values_list("author_id", flat=True)) | {manager_id}
    found = accounts.get_users(user_ids=known - {author_id})
    names = sorted(
        ((user.name.casefold(), user.id) for user in found.values() if user.name), key=lambda each: -len(each[0])
    )
    rest, mentioned = message.casefold(), []
    for name, user_id in names:
        if f"@{name}" in rest:
            rest = rest.replace(f"@{name}", " ")
            mentioned.append(user_id)
    return mentioned[:MOST]
