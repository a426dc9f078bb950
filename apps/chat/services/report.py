from __future__ import annotations

from uuid import UUID

from django.db import transaction

from apps.outbox import interface as outbox
from apps.platform import clock, db, text
from apps.platform.errors import Invalid
from apps.platform.ids import new_id

from ..data import REASON_MAX, Visitor
from ..errors import MessageNotFound
from ..events import MessageReported
from ..models import Message
from ..queries.access import require_person
from ..queries.rooms import get_place

_REPORT = """
    INSERT INTO chat_report (id, message_id, reporter_id, reason, created_at) VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (message_id, reporter_id) DO NOTHING
"""
_OPEN = "SELECT count(*) AS number FROM chat_report WHERE message_id = %s AND closed_at IS NULL"


def report_message(*, room_id: UUID, visitor: Visitor, message_id: UUID, reason: str = "") -> None:
    """Ask the team to look at a message; once a person and message. Publishes MessageReported for the first open report.

    Raises RoomNotFound, NotSignedIn, MessageNotFound, Invalid.
    """
    place = get_place(room_id=room_id, visitor=visitor)
    person = require_person(place)
    try:
        reason = text.clean_line(reason, REASON_MAX)
    except ValueError as error:
        raise Invalid.field("reason", "invalid", str(error)) from None
    with transaction.atomic():
        row = (
            Message.objects.select_for_update(no_key=True)
            .filter(pk=message_id, room_id=room_id, removed_at=None)
            .first()
        )
        if row is None:
            raise MessageNotFound
        is_new = db.execute(_REPORT, [new_id(), message_id, person.id, reason, clock.now()])
        if is_new and db.rows(_OPEN, [message_id])[0]["number"] == 1:
            outbox.publish(
                MessageReported(
                    room_id=room_id,
                    message_id=message_id,
                    campaign_id=place.room.campaign_id,
                    manager_id=place.manager_id,
                )
            )
