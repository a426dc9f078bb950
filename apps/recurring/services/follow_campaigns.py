"""What a campaign's pause, end or return means for its plans."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from apps.platform import db

from .note import note_all
from .stop import end, pause


def pause_of_campaigns(*, campaign_ids: Collection[UUID]) -> None:
    """Plans of paused campaigns take nothing, and their donors decide whether they go on afterwards."""
    note_all(pause(_plans(campaign_ids, ("active",)), "campaign"), "campaign_paused")


def end_of_campaigns(*, campaign_ids: Collection[UUID]) -> None:
    """Plans of closed campaigns end for good."""
    note_all(end(_plans(campaign_ids, ("starting", "active", "paused")), "campaign"), "campaign_ended")


def back_of_campaigns(*, campaign_ids: Collection[UUID]) -> None:
    """Those whose plans paused with a campaign are told that it takes gifts again. Nothing resumes by itself."""
    note_all(_plans(campaign_ids, ("paused",), reason="campaign"), "campaign_back")


def _plans(campaign_ids: Collection[UUID], statuses: Sequence[str], reason: str | None = None) -> list[UUID]:
    rows = db.rows(
        """SELECT id FROM recurring_plan WHERE campaign_id = ANY(%s) AND status = ANY(%s) AND (%s::text IS NULL OR reason = %s)
           ORDER BY id FOR NO KEY UPDATE""",
        [list(campaign_ids), list(statuses), reason, reason],
    )
    return [row["id"] for row in rows]
