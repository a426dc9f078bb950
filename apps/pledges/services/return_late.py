"""Money that came after we had given the pledge up: it counts where the campaign still takes gifts, and else goes back."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import transaction

from apps.campaigns import interface as campaigns
from apps.platform import db
from apps.platform.errors import Refused

from ..states import Status
from .move import Moved
from .refund import start_refund

log = logging.getLogger(__name__)
REASON = "captured after it had failed, and the campaign takes no gifts now"
_GIVEN_UP = "SELECT id, campaign_id FROM pledges_pledge WHERE id = ANY(%s::uuid[]) AND status = 'failed'"


def closed_to(captured: Collection[UUID]) -> set[UUID]:
    """Those of the pledges about to be captured that had failed, and whose campaign takes nothing now.

    Locks the campaigns of the others against closing; call it before the pledges are locked.
    """
    given_up = db.rows(_GIVEN_UP, [list(captured)]) if captured else []
    if not given_up:
        return set()
    accepting = campaigns.lock_accepting(campaign_ids=sorted({row["campaign_id"] for row in given_up}))
    return {row["id"] for row in given_up if row["campaign_id"] not in accepting}


def return_late(moved: Sequence[Moved], closed: Collection[UUID]) -> None:
    """Give back in full what was captured late for campaigns that may not take it. Call it once refunds are counted.

    Where the payment refuses (the provider gave the money back already, say) the capture stays, for reconciliation to see.
    """
    for each in moved:
        if each.source == Status.FAILED and each.id in closed:
            try:
                with transaction.atomic():
                    start_refund(pledge_id=each.id, amount=None, reason=REASON, by_id=None)
            except Refused as refused:
                log.error("late capture not given back", extra={"pledge": str(each.id), "code": refused.code})
