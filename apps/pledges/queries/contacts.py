from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from apps.platform import db

from ..data import GiftContact
from ..states import shown_status
from .tokens import tracking_token

_CONTACTS = """
    SELECT pledge.id AS pledge_id, pledge.donor_id, donor.email, donor.name, donor.language, pledge.campaign_id,
           pledge.campaign_title, pledge.amount, pledge.currency, pledge.captured_amount, pledge.refunded_amount,
           pledge.status, pledge.failure_reason
    FROM pledges_pledge AS pledge JOIN pledges_donor AS donor ON donor.pledge_id = pledge.id
    WHERE pledge.id = ANY(%s)
"""


def gift_contacts(*, pledge_ids: Collection[UUID]) -> dict[UUID, GiftContact]:
    """Whom to write to about these gifts; those of erased people are missing. One query. Does not check permissions."""
    contacts = {}
    for row in db.rows(_CONTACTS, [list(pledge_ids)]):
        captured = row.pop("captured_amount")
        status = shown_status(row.pop("status"), captured=captured, refunded=row["refunded_amount"])
        token = tracking_token(pledge_id=row["pledge_id"])
        contacts[row["pledge_id"]] = GiftContact(**row, status=status, tracking_token=token)
    return contacts
