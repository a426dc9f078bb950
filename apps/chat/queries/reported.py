"""How many messages wait for somebody's decision, by campaign."""

from __future__ import annotations

from uuid import UUID

from apps.campaigns import interface as campaigns
from apps.platform import db
from apps.platform.actors import Actor

_REPORTED = """
    SELECT room.campaign_id, count(DISTINCT message.id) AS number
    FROM chat_report AS report JOIN chat_message AS message ON message.id = report.message_id
    JOIN chat_room AS room ON room.id = message.room_id
    WHERE report.closed_at IS NULL AND message.removed_at IS NULL AND room.kind = 'campaign'
      AND (%(all)s OR room.campaign_id = ANY(%(own)s))
    GROUP BY 1 ORDER BY 2 DESC LIMIT %(limit)s
"""


def reported_messages(*, viewer: Actor, limit: int = 10) -> dict[UUID, int]:
    """Reported messages that nobody has decided about, in the rooms of the campaigns that the viewer moderates; for staff in
    all. At most two queries."""
    if viewer.user_id is None:
        return {}
    own = [] if viewer.is_staff else campaigns.managed_campaign_ids(user_id=viewer.user_id, what=campaigns.MODERATE)
    rows = db.rows(_REPORTED, {"all": viewer.is_staff, "own": own, "limit": limit})
    return {row["campaign_id"]: row["number"] for row in rows}
