from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from apps.platform import db

from ..data import DedicationLetter

# Asked when the letter leaves: what went back, or was said no to meanwhile, is not sent.
_LETTERS = """
    SELECT dedication.pledge_id, dedication.kind, dedication.honoree, dedication.recipient_name, dedication.recipient_email,
           dedication.message, pledge.campaign_id, pledge.campaign_title, coalesce(donor.language, '') AS language,
           CASE WHEN pledge.is_anonymous THEN '' ELSE coalesce(donor.name, '') END AS donor_name
    FROM pledges_dedication AS dedication JOIN pledges_pledge AS pledge ON pledge.id = dedication.pledge_id
    LEFT JOIN pledges_donor AS donor ON donor.pledge_id = pledge.id
    WHERE dedication.pledge_id = ANY(%s) AND dedication.status = 'told' AND dedication.recipient_email <> ''
      AND pledge.status = 'captured' AND pledge.refunded_amount + pledge.refund_reserved < pledge.captured_amount
      AND NOT EXISTS (SELECT FROM pledges_dedicationrefusal AS refusal WHERE refusal.recipient_key = dedication.recipient_key)
"""


def dedication_letters(*, pledge_ids: Collection[UUID]) -> dict[UUID, DedicationLetter]:
    """The messages about these gifts that may leave now. One query. The amount of a gift is nobody's business here."""
    return {row["pledge_id"]: DedicationLetter(**row) for row in db.rows(_LETTERS, [list(pledge_ids)])}
