from __future__ import annotations

from uuid import UUID

from django.db import transaction

from ..errors import PlanNotFound
from ..queries.plans import plans_of_gifts
from .note import note


def mail_plan_link(*, pledge_id: UUID) -> None:
    """Have the link to the plan of this gift mailed to its donor, and to nobody else. Raises PlanNotFound."""
    found = plans_of_gifts(pledge_ids=[pledge_id]).get(pledge_id)
    if found is None:
        raise PlanNotFound
    with transaction.atomic():
        note(found.plan_id, "link")
