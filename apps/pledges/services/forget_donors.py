from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from apps.outbox import interface as outbox
from apps.platform import db

from ..events import PledgeDonorForgotten
from .dedications import forget_dedications


def forget_donors(*, user_ids: Sequence[UUID]) -> int:
    """Erase who gave, in the open transaction: names, addresses and messages of these people's gifts, and what
    the team noted about them.

    The gifts, their states and their receipts stay as they are; a receipt shows no name from then on. Publishes
    PledgeDonorForgotten for each gift. Returns how many there were.
    """
    found = db.rows("SELECT id, campaign_id FROM pledges_pledge WHERE donor_id = ANY(%s)", [list(user_ids)])
    gifts = [row["id"] for row in found]
    db.execute(
        """DELETE FROM pledges_historylink
           WHERE donor_key IN (SELECT donor_key FROM pledges_pledge WHERE id = ANY(%s))""",
        [gifts],
    )
    forget_dedications(pledge_ids=gifts)
    db.execute("DELETE FROM pledges_donor WHERE pledge_id = ANY(%s)", [gifts])
    db.execute("UPDATE pledges_note SET body = '' WHERE pledge_id = ANY(%s) AND body <> ''", [gifts])
    db.execute("UPDATE pledges_pledge SET message = '' WHERE id = ANY(%s) AND message <> ''", [gifts])
    outbox.publish(*(PledgeDonorForgotten(pledge_id=row["id"], campaign_id=row["campaign_id"]) for row in found))
    return len(found)
