"""Telling everyone who follows a campaign: a row first, then followers in batches, each batch in a transaction of its own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

from apps.campaigns import interface as campaigns
from apps.platform import clock, db, wake
from apps.platform.alone import alone
from apps.platform.ids import new_id

from .post_inbox import NewInboxEntry, post_inbox
from .write_letters import NewLetter, write_letters

EXPAND = "notifications.expand_mailings"
BATCH = 500
_OPEN = """
    INSERT INTO notifications_mailing (id, kind, about, campaign_id, data, created_at)
    VALUES (%(id)s, %(kind)s, %(about)s, %(campaign)s, %(data)s::jsonb, %(now)s) ON CONFLICT (kind, about) DO NOTHING
"""
_NEXT = """
    SELECT id, kind, about, campaign_id, data, last_follower FROM notifications_mailing WHERE finished_at IS NULL
    ORDER BY id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
"""
_GO_ON = "UPDATE notifications_mailing SET last_follower = %(last)s, finished_at = %(finished)s WHERE id = %(id)s"


class NewMailing(msgspec.Struct, frozen=True, kw_only=True):
    """`kind` is the inbox kind for followers with an account; those by e-mail alone get letters about updates only."""

    kind: str
    about: UUID
    campaign_id: UUID
    data: dict[str, Any]


def open_mailings(mailings: Sequence[NewMailing]) -> None:
    """Note that followers are to be told, in the caller's transaction; workers do it in batches."""
    for each in mailings:
        db.execute(
            _OPEN,
            {
                "id": new_id(),
                "kind": each.kind,
                "about": each.about,
                "campaign": each.campaign_id,
                "data": msgspec.json.encode(each.data).decode(),
                "now": clock.now(),
            },
        )
    if mailings:
        wake.on_commit(EXPAND)


def expand_mailings(*, batches: int = 40) -> int:
    """Tell up to `batches` batches of followers; returns how many people were told. In one process at a time."""
    told = 0
    with alone(EXPAND) as mine:
        while mine and batches:
            batches -= 1
            with transaction.atomic():
                open_ones = db.rows(_NEXT)
                if not open_ones:
                    break
                told += _tell_batch(open_ones[0])
    return told


def _tell_batch(mailing: dict[str, Any]) -> int:
    followers = campaigns.followers_after(
        campaign_id=mailing["campaign_id"], after=mailing["last_follower"], limit=BATCH
    )
    now = clock.now()
    data = mailing["data"] if isinstance(mailing["data"], dict) else json.loads(mailing["data"])
    post_inbox(
        [
            NewInboxEntry(user_id=each.user_id, kind=mailing["kind"], key=str(mailing["about"]), at=now, data=data)
            for each in followers
            if each.user_id
        ]
    )
    if mailing["kind"] == "update_posted":
        write_letters(
            [
                NewLetter(kind="update", about=mailing["about"], recipient=f"follower:{each.id}")
                for each in followers
                if each.email
            ]
        )
    db.execute(
        _GO_ON,
        {
            "id": mailing["id"],
            "last": followers[-1].id if followers else mailing["last_follower"],
            "finished": None if len(followers) == BATCH else now,
        },
    )
    return len(followers)
