from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts import interface as accounts
from apps.platform import clock, db
from apps.platform.actors import Actor
from apps.platform.errors import Forbidden, Invalid
from apps.platform.ids import new_id
from apps.platform.text import clean_text

from ..data import NOTE_MAX, Note
from ..queries.pledges import require_managed

_ADD = """
    INSERT INTO pledges_note (id, pledge_id, author_id, body, created_at)
    VALUES (%(id)s, %(pledge_id)s, %(author_id)s, %(body)s, %(created_at)s)
"""


def add_note(*, pledge_id: UUID, by: Actor, body: str) -> Note:
    """Write something down about a gift, for those who manage its campaign; never for its donor. Notes stay as written.

    One line in the audit trail, without the words. Raises PledgeNotFound, Forbidden, Invalid.
    """
    try:
        body = clean_text(body, NOTE_MAX)
    except ValueError as error:
        raise Invalid.field("body", "invalid", str(error)) from None
    if not body:
        raise Invalid.field("body", "required", _("Write something first."))
    if by.user_id is None:
        raise Forbidden
    with transaction.atomic():
        require_managed(pledge_id=pledge_id, actor=by)
        note = Note(id=new_id(), author_id=by.user_id, body=body, created_at=clock.now())
        db.execute(_ADD, {**vars(note), "pledge_id": pledge_id})
        accounts.record_action(by=by, action="pledge.note", subject_id=pledge_id, detail={"note": note.id})
    return note
