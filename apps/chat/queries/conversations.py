"""The support rooms of someone's list: their own as a donor, their campaigns' as the team, all of them as staff."""

from __future__ import annotations

from apps.campaigns import interface as campaigns
from apps.platform import db
from apps.platform.actors import Actor

from ..data import Conversation
from ..models import Room
from .access import room_data
from .people import donor_name

MOST = 100
_LIST = """
    SELECT room.id, last.text, last.created_at, (
        SELECT count(*) FROM chat_message AS message
        WHERE message.room_id = room.id AND message.removed_at IS NULL AND message.author_id <> %(user)s
          AND (message.side IN ('donor', 'guest')) <> (room.donor_id IS NOT DISTINCT FROM %(user)s)
          AND message.seq > coalesce((SELECT max(mark.seq) FROM chat_readmark AS mark WHERE mark.room_id = room.id
              AND (mark.side IN ('donor', 'guest')) = (room.donor_id IS NOT DISTINCT FROM %(user)s)), 0)
    ) AS unread
    FROM chat_room AS room CROSS JOIN LATERAL (
        SELECT text, created_at FROM chat_message WHERE room_id = room.id ORDER BY seq DESC LIMIT 1
    ) AS last
    WHERE room.kind = 'support' AND (%(all)s OR room.donor_id = %(user)s OR room.campaign_id = ANY(%(campaigns)s))
    ORDER BY last.created_at DESC LIMIT %(limit)s
"""


def list_conversations(*, viewer: Actor) -> list[Conversation]:
    """Support rooms in which something was written, the newest first, at most a hundred.

    `unread` counts for the viewer's side: what one of the team has read is read for the whole team.
    """
    if viewer.user_id is None:
        return []
    managed = campaigns.managed_campaign_ids(user_id=viewer.user_id, what=campaigns.MODERATE)
    params = {"user": viewer.user_id, "all": viewer.is_staff, "campaigns": managed, "limit": MOST}
    found = db.rows(_LIST, params)
    rooms = Room.objects.in_bulk([row["id"] for row in found])
    titles = campaigns.get_campaigns(campaign_ids={room.campaign_id for room in rooms.values()})
    return [
        Conversation(
            room=room_data(room := rooms[row["id"]]),
            campaign_title=titles[room.campaign_id].title,
            donor_name=donor_name(room),
            last_text=row["text"],
            last_at=row["created_at"],
            unread=row["unread"],
        )
        for row in found
    ]
