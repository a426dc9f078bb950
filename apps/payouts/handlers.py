from collections.abc import Sequence

from apps.platform.events import BULK, subscribe
from apps.pledges.events import PledgeRefunded

from .services import note_refunds


@subscribe("payouts.note_refunds", PledgeRefunded, lane=BULK)
def keep_late_refunds(events: Sequence[PledgeRefunded]) -> None:
    note_refunds.note_refunds(facts=events)
