from __future__ import annotations

from uuid import UUID

from django.db import transaction

from apps.accounts import interface as accounts
from apps.outbox import interface as outbox
from apps.platform.actors import Actor
from apps.platform.ids import new_id

from ..errors import NobodyToWriteTo, ReceiptNotFound
from ..events import ReceiptRequested
from ..queries.pledges import require_managed
from ..queries.receipts import receipts_of


def resend_receipt(*, pledge_id: UUID, by: Actor) -> None:
    """Have the receipt written to its donor once more. For the campaign's managers and staff.

    Publishes ReceiptRequested; one line in the audit trail. Raises PledgeNotFound, Forbidden, ReceiptNotFound,
    NobodyToWriteTo when the donor's address is not known any more.
    """
    with transaction.atomic():
        pledge = require_managed(pledge_id=pledge_id, actor=by)
        if pledge_id not in receipts_of(pledge_ids=[pledge_id]):
            raise ReceiptNotFound
        if not pledge.donor_email:
            raise NobodyToWriteTo
        outbox.publish(ReceiptRequested(pledge_id=pledge_id, request_id=new_id()))
        accounts.record_action(by=by, action="pledge.resend_receipt", subject_id=pledge_id)
