from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from apps.platform import db

_NAMES = """
    SELECT donor.pledge_id, donor.name FROM pledges_donor AS donor JOIN pledges_pledge AS pledge ON pledge.id = donor.pledge_id
    WHERE donor.pledge_id = ANY(%(ids)s) AND NOT pledge.is_anonymous AND donor.name <> ''
"""


def public_names(*, pledge_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names that donors show with these gifts, in one query. Who gave anonymously, without a name, or was erased is
    not in it."""
    return {row["pledge_id"]: row["name"] for row in db.rows(_NAMES, {"ids": list(pledge_ids)})}
