"""Facts become deliveries: one row per event and endpoint that may know it and wants it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from apps.accounts import interface as accounts
from apps.campaigns import interface as campaigns
from apps.platform import clock, db, wake
from apps.platform.actors import MANAGER, STAFF
from apps.platform.ids import new_id

from ...models import Endpoint

SEND = "notifications.send_webhooks"
_QUEUE = """
    INSERT INTO notifications_webhookdelivery (id, endpoint_id, type, key, payload, created_at, started_at, due_at, attempts, last_error)
    SELECT id, endpoint_id, type, key, payload, %(now)s, %(now)s, %(now)s, 0, ''
    FROM unnest(%(ids)s::uuid[], %(endpoints)s::uuid[], %(types)s::text[], %(keys)s::text[], %(payloads)s::jsonb[])
        AS new(id, endpoint_id, type, key, payload)
    ON CONFLICT (endpoint_id, key) DO NOTHING
"""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What an endpoint is told: `key` names the fact, so that each endpoint is told once."""

    type: str
    key: str
    campaign_id: UUID
    body: dict[str, Any]


def queue_messages(messages: Sequence[Message]) -> int:
    """Queue each message for every endpoint whose owner may know of that campaign now. Returns how many deliveries are new.

    One query when nobody has endpoints, four else.
    """
    endpoints = list(Endpoint.objects.filter(is_active=True).values("id", "owner_id", "covers_all", "event_types"))
    if not endpoints:
        return 0
    owners = accounts.get_users(user_ids={each["owner_id"] for each in endpoints})
    managers = {
        campaign_id: campaign.manager_id
        for campaign_id, campaign in campaigns.get_campaigns(
            campaign_ids={each.campaign_id for each in messages}
        ).items()
    }
    pairs = []
    for message in messages:
        for endpoint in endpoints:
            owner = owners.get(endpoint["owner_id"])
            if owner is None or not owner.is_active or message.type not in endpoint["event_types"]:
                continue
            is_own = MANAGER in owner.roles and managers.get(message.campaign_id) == owner.id
            if is_own or (endpoint["covers_all"] and STAFF in owner.roles):
                pairs.append((endpoint["id"], message))
    return write_deliveries(pairs)


def write_deliveries(pairs: Sequence[tuple[UUID, Message]]) -> int:
    if not pairs:
        return 0
    written = db.execute(
        _QUEUE,
        {
            "now": clock.now(),
            "ids": [new_id() for _ in pairs],
            "endpoints": [endpoint_id for endpoint_id, _ in pairs],
            "types": [message.type for _, message in pairs],
            "keys": [message.key for _, message in pairs],
            "payloads": [msgspec.json.encode(message.body).decode() for _, message in pairs],
        },
    )
    wake.on_commit(SEND)
    return written
