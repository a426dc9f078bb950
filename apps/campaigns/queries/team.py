"""Who belongs to a campaign's team, and what each role may do with it."""

from __future__ import annotations

from uuid import UUID

from apps.platform import clock, db
from apps.platform.actors import Actor

from .. import data
from ..data import OWNER, PERMISSIONS
from ..models import Invitation, TeamMember

_ROLE = """
    SELECT CASE WHEN campaign.manager_id = %(user)s THEN 'owner' ELSE (
        SELECT role FROM campaigns_teammember WHERE campaign_id = campaign.id AND user_id = %(user)s) END AS role
    FROM campaigns_campaign AS campaign WHERE campaign.id = %(campaign)s
"""


def may(*, campaign_id: UUID, actor: Actor, what: str) -> bool:
    """Whether the actor may do `what` (SEE, EDIT, RUN, MONEY, MODERATE, TEAM) with the campaign. One query, none for staff."""
    if actor.is_staff:
        return True
    return what in PERMISSIONS.get(role_of(campaign_id=campaign_id, user_id=actor.user_id), frozenset())


def role_of(*, campaign_id: UUID, user_id: UUID | None) -> str:
    """The person's role in the team, empty for none."""
    if user_id is None:
        return ""
    rows = db.rows(_ROLE, {"campaign": campaign_id, "user": user_id})
    return str(rows[0]["role"] or "") if rows else ""


def roles_with(what: str) -> list[str]:
    """The roles that may do `what`, but for the owner, who is no row of the team."""
    return [role for role, allowed in PERMISSIONS.items() if what in allowed and role != OWNER]


def has_teams(*, user_id: UUID) -> bool:
    """Whether this person was taken into some campaign's team."""
    return TeamMember.objects.filter(user_id=user_id).exists()


def list_team(*, campaign_id: UUID) -> list[data.Member]:
    """The team without its owner, in the order in which they came. Does not check permissions."""
    rows = TeamMember.objects.filter(campaign_id=campaign_id).order_by("pk")
    return [data.Member(user_id=row.user_id, role=row.role, added_at=row.added_at) for row in rows]


def open_invitations(*, campaign_id: UUID) -> list[data.Invitation]:
    """Invitations that nobody has accepted yet, the newest first. Does not check permissions."""
    rows = Invitation.objects.filter(
        campaign_id=campaign_id, accepted_at=None, withdrawn_at=None, expires_at__gt=clock.now()
    )
    return [invitation_data(row) for row in rows.order_by("-pk")]


def invitation_of(*, invitation_ids: list[UUID]) -> dict[UUID, data.Invitation]:
    """These invitations, those that still stand, in one query: for their letters. Does not check permissions."""
    rows = Invitation.objects.filter(
        pk__in=invitation_ids, accepted_at=None, withdrawn_at=None, expires_at__gt=clock.now()
    )
    return {row.pk: invitation_data(row) for row in rows}


def invitation_data(row: Invitation) -> data.Invitation:
    return data.Invitation(
        id=row.pk,
        campaign_id=row.campaign_id,
        email=row.email,
        role=row.role,
        invited_by_id=row.invited_by_id,
        expires_at=row.expires_at,
    )
