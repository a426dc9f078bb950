from uuid import UUID

from apps.platform import db


def has_given(*, donor_id: UUID) -> bool:
    """Whether a gift of this signed-in donor was captured before."""
    return bool(db.rows("SELECT FROM pledges_pledge WHERE donor_id = %s AND status = 'captured' LIMIT 1", [donor_id]))
