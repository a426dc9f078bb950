"""Pledges for those who may see them: the donor, the campaign's managers, staff. For everyone else there are none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from apps.campaigns import interface as campaigns
from apps.platform import db
from apps.platform.actors import Actor

from ..data import Page, Pledge
from ..errors import Forbidden, PledgeNotFound
from ..states import shown_status
from .keyset import order, page_of, read_cursor

_COLUMNS = """
    pledge.id, pledge.campaign_id, pledge.campaign_title, pledge.donor_id, pledge.amount, pledge.currency,
    pledge.captured_amount, pledge.refunded_amount, pledge.status, pledge.failure_reason, pledge.capture, pledge.is_anonymous,
    pledge.message, pledge.is_test, pledge.created_at, pledge.captured_at, coalesce(donor.name, '') AS donor_name,
    coalesce(donor.email, '') AS donor_email
"""
_ONE = f"""
    SELECT {_COLUMNS} FROM pledges_pledge AS pledge LEFT JOIN pledges_donor AS donor ON donor.pledge_id = pledge.id
    WHERE pledge.id = %s
"""  # noqa: S608  composed of constants


class _Edge(msgspec.Struct):
    id: UUID


def get_pledge(*, pledge_id: UUID, viewer: Actor) -> Pledge:
    """One pledge, for its donor, the campaign's managers and staff. Raises PledgeNotFound for everyone else."""
    found = db.rows(_ONE, [pledge_id])
    if not found:
        raise PledgeNotFound
    pledge = _pledge(found[0])
    if not _is_donor(pledge, viewer) and not manages(campaign_id=pledge.campaign_id, actor=viewer):
        raise PledgeNotFound
    return pledge


def require_managed(*, pledge_id: UUID, actor: Actor) -> Pledge:
    """The pledge, for managers of its campaign and staff. Raises PledgeNotFound, and Forbidden for its donor."""
    pledge = get_pledge(pledge_id=pledge_id, viewer=actor)
    if not manages(campaign_id=pledge.campaign_id, actor=actor):
        raise Forbidden
    return pledge


def require_managed_all(*, pledge_ids: Sequence[UUID], actor: Actor) -> None:
    """Raises PledgeNotFound unless the actor may handle each of these pledges. Two queries, however many."""
    rows = db.rows("SELECT id, campaign_id FROM pledges_pledge WHERE id = ANY(%s)", [list(pledge_ids)])
    if {row["id"] for row in rows} != set(pledge_ids):
        raise PledgeNotFound
    own = campaigns.managed_campaign_ids(user_id=actor.user_id) if actor.user_id and not actor.is_staff else []
    if not actor.is_staff and any(row["campaign_id"] not in own for row in rows):
        raise PledgeNotFound


def manages(*, campaign_id: UUID, actor: Actor) -> bool:
    """Whether the actor may handle the campaign's pledges: its owner, those of its team who look after money, staff."""
    return campaigns.may_handle_money(campaign_id=campaign_id, actor=actor)


def list_pledges(
    *, viewer: Actor, campaign_id: UUID | None = None, cursor: str | None = None, page_size: int = 20
) -> Page[Pledge]:
    """The viewer's own pledges, or a campaign's for its managers and staff; newest first. One query for the page.

    Raises CampaignNotFound for a campaign the viewer cannot see, Forbidden for one that others manage, Invalid for a cursor.
    """
    direction, edge = read_cursor(cursor, _Edge)
    if campaign_id is not None:
        campaign = campaigns.get_campaign(campaign_id=campaign_id, viewer=viewer)
        if not manages(campaign_id=campaign.id, actor=viewer):
            raise Forbidden
        scope, owner = "pledge.campaign_id = %(owner)s", campaign.id
    elif viewer.user_id is not None:
        scope, owner = "pledge.donor_id = %(owner)s", viewer.user_id
    else:
        return Page(results=[], next_cursor=None, previous_cursor=None)
    beyond = f"AND pledge.id {direction} %(edge)s" if edge else ""
    rows = db.rows(
        f"""SELECT {_COLUMNS} FROM pledges_pledge AS pledge LEFT JOIN pledges_donor AS donor ON donor.pledge_id = pledge.id
            WHERE {scope} {beyond} ORDER BY pledge.id {order(direction)} LIMIT %(limit)s""",  # noqa: S608  constants only
        {"owner": owner, "edge": edge.id if edge else None, "limit": page_size + 1},
    )
    return page_of(
        rows,
        direction=direction,
        is_first=edge is None,
        page_size=page_size,
        edge=lambda row: _Edge(row["id"]),
        item=_pledge,
    )


def _is_donor(pledge: Pledge, viewer: Actor) -> bool:
    return viewer.user_id is not None and pledge.donor_id == viewer.user_id


def _pledge(row: dict[str, Any]) -> Pledge:
    known = {key: value for key, value in row.items() if key not in ("status", "is_anonymous")}
    status = shown_status(row["status"], captured=row["captured_amount"], refunded=row["refunded_amount"])
    return Pledge(**known, status=status, anonymous=row["is_anonymous"])
