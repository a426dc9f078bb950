from __future__ import annotations

import logging
import time

from django.db import transaction

from apps.platform import clock, db

from .. import gateway
from .record_facts import Said, Source, lock_payments, record_facts
from .settle import settle

log = logging.getLogger(__name__)
PAGE_SIZE = 100
OVERLAP = 500
"""How far behind the last seen sequence each run begins, so that an entry that showed late is still read; reading
again costs nothing, since facts are a set."""
SECONDS = 120.0

_REMEMBER = """
    INSERT INTO payments_eventcursor AS cursor (provider, after, read_at) VALUES (%s, %s, %s)
    ON CONFLICT (provider) DO UPDATE SET after = greatest(cursor.after, excluded.after), read_at = excluded.read_at
"""


def read_events(*, seconds: float = SECONDS) -> int:
    """Read each provider's event list from where the last run ended and turn it into facts. Returns how many entries.

    Finds webhooks that never came. Talks to the providers: call it outside a transaction. A provider that does not
    answer is left for the next run.
    """
    until = time.monotonic() + seconds
    return sum(_read(provider, until) for provider in gateway.names())


def _read(provider: str, until: float) -> int:
    found = db.rows("SELECT after FROM payments_eventcursor WHERE provider = %s", [provider])
    after = max(0, found[0]["after"] - OVERLAP) if found else 0
    read = 0
    while time.monotonic() < until:
        try:
            page = gateway.provider(provider).list_events(after=after, page_size=PAGE_SIZE)
        except gateway.ProviderUnavailable as error:
            log.warning("event list not read", extra={"provider": provider, "reason": str(error)})
            break
        with transaction.atomic():
            said = [Said(provider, each.statement, Source.EVENTS) for each in page.events if each.statement]
            payments = lock_payments(each.statement.payment_id for each in said)
            _, changed = record_facts(said, payments)
            settle(payments, changed)
            db.execute(_REMEMBER, [provider, page.next_after, clock.now()])
        read += len(page.events)
        if page.next_after <= after or len(page.events) < PAGE_SIZE:
            break
        after = page.next_after
    return read
