"""What the team sees of a room beside its messages."""

from __future__ import annotations

from apps.platform import clock, db
from apps.platform.errors import Forbidden

from .. import data
from ..data import Desk, Place
from ..models import Moderation, Restriction, Room
from .messages import as_messages
from .people import people

TRAIL = 50
_REPORTED = """
    SELECT message.*, message.reply_to_id, reported.reason, reported.at AS reported_at, reported.number
    FROM (
        SELECT message_id, min(report.created_at) AS at, count(*) AS number, (array_agg(report.reason ORDER BY report.id))[1] AS reason
        FROM chat_report AS report JOIN chat_message AS message ON message.id = report.message_id
        WHERE message.room_id = %s AND report.closed_at IS NULL GROUP BY 1
    ) AS reported JOIN chat_message AS message ON message.id = reported.message_id
    ORDER BY reported.at
"""


def read_desk(*, place: Place) -> Desk:
    """Open reports by message, restrictions in force, the last fifty lines of the trail. Raises Forbidden off the team."""
    if not place.is_team:
        raise Forbidden("Only the campaign's team sees this.")
    room = Room.objects.get(pk=place.room.id)
    reported = db.rows(_REPORTED, [room.pk])
    reports = [
        data.Report(message.id, message, row["reason"], row["reported_at"], row["number"])
        for row, message in zip(reported, as_messages(reported), strict=True)
    ]
    held = [each for each in Restriction.objects.filter(room=room) if each.until is None or each.until > clock.now()]
    lines = list(Moderation.objects.filter(room=room).order_by("-id")[:TRAIL])
    asked = {each.person_id for each in held} | {line.by_id for line in lines} | {line.person_id for line in lines}
    names = people(known={(person_id, "public") for person_id in asked if person_id}, rooms=[room])
    return Desk(
        reports=tuple(reports),
        restrictions=tuple(
            data.Restriction(names[each.person_id, "public"], each.kind, each.until, each.reason) for each in held
        ),
        trail=tuple(
            data.ModerationEntry(
                line.at,
                line.action,
                names[line.by_id, "public"].name,
                names[line.person_id, "public"].name if line.person_id else "",
                line.message_id,
                line.reason,
            )
            for line in lines
        ),
    )
