"""What no fact announces: deliveries that were given up, and a provider that does not answer. Staff are told once each."""

from __future__ import annotations

from django.db import transaction

from apps.accounts import interface as accounts
from apps.outbox import interface as outbox
from apps.payments import interface as payments
from apps.platform import clock
from apps.platform.actors import STAFF

from .post_inbox import NewInboxEntry, post_inbox


def tell_staff_of_trouble() -> int:
    """Tell every member of staff of new dead deliveries, and once an hour of a provider that is paused.

    Returns how many entries are new.
    """
    number, newest = outbox.dead_deliveries()
    facts: list[tuple[str, str, dict[str, object]]] = []
    if number:
        facts.append(("delivery_dead", str(newest), {"number": number}))
    now = clock.now()
    # A provider that comes and goes is told of once an hour.
    facts += [
        ("provider_stopped", f"{provider}:{now:%Y-%m-%dT%H}", {"provider": provider})
        for provider in payments.stopped_providers()
    ]
    if not facts:
        return 0
    staff = accounts.user_ids_with_role(role=STAFF)
    with transaction.atomic():
        return len(
            post_inbox(
                [
                    NewInboxEntry(user_id=user_id, kind=kind, key=key, at=now, data=dict(told))
                    for kind, key, told in facts
                    for user_id in staff
                ]
            )
        )
