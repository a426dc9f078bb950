"""The bank's statement of transfers is read line by line and laid beside our payouts."""

from __future__ import annotations

import logging

from django.db import transaction

from apps.platform import clock, db

from .. import gateway
from ..gateway import Answer, Line, Outcome
from .send import record

log = logging.getLogger(__name__)
PAGE_SIZE = 100
_KEEP = """
    INSERT INTO payouts_statementline (seq, transfer, reference, account, amount, currency, status, at, read_at)
    VALUES (%(seq)s, %(id)s, %(reference)s, %(account)s, %(amount)s, %(currency)s, %(status)s, %(created_at)s, %(now)s)
    ON CONFLICT DO NOTHING
"""
# Proven: the bank says the same of it, in every term.
_AGREE = """
    UPDATE payouts_payout AS payout SET reconciled_at = %(now)s
    FROM payouts_statementline AS line
    WHERE line.reference = payout.id AND payout.reconciled_at IS NULL AND payout.status IN ('paid', 'failed')
      AND (payout.account, payout.amount, payout.currency) = (line.account, line.amount, line.currency)
      AND CASE payout.status WHEN 'paid' THEN line.status = 'succeeded' AND payout.transfer = line.transfer
                             ELSE line.status = 'declined' END
"""


def reconcile() -> int:
    """Read the bank's statement from the last line that is known, end what it proves, mark what agrees.

    Returns how many lines were read. Calls the bank: outside a transaction. Lines are numbered without gaps, so that none
    shows late. A payout whose answer was lost ends here.
    """
    read = 0
    while True:
        after = db.rows("SELECT coalesce(max(seq), 0) AS seq FROM payouts_statementline")[0]["seq"]
        try:
            lines = gateway.bank().statement(after=after, page_size=PAGE_SIZE)
        except gateway.BankUnavailable as error:
            log.warning("the bank's statement was not read", extra={"reason": str(error)})
            return read
        for line in lines:
            _keep(line)
        read += len(lines)
        if len(lines) < PAGE_SIZE:
            db.execute(_AGREE, {"now": clock.now()})
            return read


def _keep(line: Line) -> None:
    with transaction.atomic():
        values = {name: getattr(line, name) for name in line.__struct_fields__}
        db.execute(_KEEP, values | {"now": clock.now()})
        if line.status == "succeeded" and _is_ours(line):
            record(line.reference, Answer(outcome=Outcome.DONE, transfer=line.id))


def _is_ours(line: Line) -> bool:
    terms = [line.reference, line.account, line.amount, line.currency]
    return bool(
        db.rows(
            "SELECT FROM payouts_payout WHERE id = %s AND account = %s AND amount = %s AND currency = %s "
            "AND status = 'sending'",
            terms,
        )
    )
