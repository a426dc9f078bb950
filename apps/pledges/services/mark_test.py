from __future__ import annotations

from uuid import UUID

from django.db import transaction

from apps.accounts import interface as accounts
from apps.outbox import interface as outbox
from apps.platform import db
from apps.platform.actors import Actor

from ..events import PledgeMarked
from ..queries.pledges import require_managed

_MARK = (
    "UPDATE pledges_pledge SET is_test = %(is_test)s WHERE id = %(id)s AND is_test <> %(is_test)s RETURNING campaign_id"
)


def mark_as_test(*, pledge_id: UUID, by: Actor, is_test: bool) -> bool:
    """Say that a gift was made to try something out, or that it was not after all. Totals keep it: its money was moved.

    For the campaign's managers and staff; returns whether anything changed, and only then leaves one line in the audit
    trail and publishes PledgeMarked. Raises PledgeNotFound, Forbidden.
    """
    with transaction.atomic():
        require_managed(pledge_id=pledge_id, actor=by)
        moved = db.rows(_MARK, {"id": pledge_id, "is_test": is_test})
        if moved:
            campaign_id = moved[0]["campaign_id"]
            outbox.publish(PledgeMarked(pledge_id=pledge_id, campaign_id=campaign_id, is_test=is_test))
            action = "pledge.mark_test" if is_test else "pledge.unmark_test"
            accounts.record_action(by=by, action=action, subject_id=pledge_id)
    return bool(moved)
