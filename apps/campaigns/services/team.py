"""The campaign's team: people are invited by letter, take a role, and leave it. One line of the audit trail for each step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.accounts import interface as accounts
from apps.outbox import interface as outbox
from apps.platform import clock, text
from apps.platform.actors import Actor
from apps.platform.errors import Forbidden, Invalid, NotFound, NotSignedIn
from apps.platform.ids import new_id

from .. import data
from ..data import OWNER, PERMISSIONS, TEAM
from ..errors import AlreadyInTeam, InvitationForAnother, InvitationInvalid
from ..events import TeamInvited
from ..models import Campaign, Invitation, TeamMember
from ..queries import get_campaign, may_manage
from ..queries.team import invitation_data

SALT = "campaigns.invitation"
LIFE = timedelta(days=7)
ROLES = tuple(role for role in PERMISSIONS if role != OWNER)


def invite_member(*, campaign_id: UUID, by: Actor, email: str, role: str) -> data.Invitation:
    """Offer a role to an address, for a week; its letter goes out. Inviting again replaces what was offered before.

    For the owner and staff. Raises CampaignNotFound, Forbidden, Invalid, AlreadyInTeam. Publishes TeamInvited.
    """
    campaign = _led(campaign_id, by)
    try:
        address = text.normalise_email(email)
    except ValueError as error:
        raise Invalid.field("email", "invalid", str(error)) from None
    if role not in ROLES:
        raise Invalid.field("role", "unknown-choice", _("Choose one of the roles."))
    known = accounts.find_user_by_email(email=address)
    if known and (known.id == campaign.manager_id or _is_member(campaign_id, known.id)):
        raise AlreadyInTeam
    now = clock.now()
    assert by.user_id  # _led
    with transaction.atomic():
        Campaign.objects.select_for_update(no_key=True).get(pk=campaign_id)  # one offer to an address at a time
        _end(campaign_id=campaign_id, email=address)
        made = Invitation.objects.create(
            id=new_id(),
            campaign_id=campaign_id,
            email=address,
            role=role,
            invited_by_id=by.user_id,
            created_at=now,
            expires_at=now + LIFE,
        )
        outbox.publish(TeamInvited(invitation_id=made.pk, campaign_id=campaign_id))
        _record(by, "invite", campaign_id, {"role": role, "invitation": made.pk})
    return invitation_data(made)


def withdraw_invitation(*, invitation_id: UUID, by: Actor) -> UUID:
    """Take an offer back; returns the campaign's id. Twice is once. Raises InvitationInvalid, Forbidden."""
    row = Invitation.objects.filter(pk=invitation_id).first()
    if row is None:
        raise InvitationInvalid
    _led(row.campaign_id, by)
    with transaction.atomic():
        if _end(pk=invitation_id):
            _record(by, "withdraw_invitation", row.campaign_id, {"role": row.role, "invitation": invitation_id})
    return row.campaign_id


def invitation_token(*, invitation_id: UUID) -> str:
    """What the letter's link holds: signed, for a week. For that letter alone."""
    return signing.dumps(str(invitation_id), salt=SALT)


def read_invitation(*, token: str) -> data.Invitation:
    """The offer behind a letter's link. Raises InvitationInvalid."""
    try:
        invitation_id = UUID(signing.loads(token, salt=SALT, max_age=LIFE))
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        raise InvitationInvalid from None
    row = Invitation.objects.filter(pk=invitation_id, accepted_at=None, withdrawn_at=None).first()
    if row is None or row.expires_at <= clock.now():
        raise InvitationInvalid
    return invitation_data(row)


def accept_invitation(*, token: str, by: Actor) -> UUID:
    """Join the team with the account that has the invited address; returns the campaign's id.

    Raises InvitationInvalid, NotSignedIn, InvitationForAnother.
    """
    offer = read_invitation(token=token)
    if by.user_id is None:
        raise NotSignedIn
    if accounts.get_user(user_id=by.user_id).email != offer.email:
        raise InvitationForAnother
    try:
        with transaction.atomic():
            taken = Invitation.objects.filter(pk=offer.id, accepted_at=None, withdrawn_at=None).update(
                accepted_at=clock.now(), email=""
            )
            if not taken:
                raise InvitationInvalid
            TeamMember.objects.create(
                campaign_id=offer.campaign_id,
                user_id=by.user_id,
                role=offer.role,
                added_by_id=offer.invited_by_id,
                added_at=clock.now(),
            )
            _record(by, "join", offer.campaign_id, {"role": offer.role, "invitation": offer.id})
    except IntegrityError as error:
        if "campaigns_team_once" not in str(error):
            raise
        raise AlreadyInTeam from None
    return offer.campaign_id


def change_role(*, campaign_id: UUID, user_id: UUID, role: str, by: Actor) -> None:
    """Give a member another role. For the owner and staff. Raises CampaignNotFound, Forbidden, Invalid, NotFound."""
    _led(campaign_id, by)
    if role not in ROLES:
        raise Invalid.field("role", "unknown-choice", _("Choose one of the roles."))
    with transaction.atomic():
        row = TeamMember.objects.select_for_update(no_key=True).filter(campaign_id=campaign_id, user_id=user_id).first()
        if row is None:
            raise NotFound
        if row.role != role:
            row.role = role
            row.save(update_fields=["role"])
            _record(by, "change_role", campaign_id, {"role": role, "user": user_id})


def remove_member(*, campaign_id: UUID, user_id: UUID, by: Actor) -> None:
    """Take somebody out of the team, or leave it. For the owner, staff, and oneself. Twice is once.

    Raises CampaignNotFound, Forbidden.
    """
    if by.user_id != user_id:
        _led(campaign_id, by)
    with transaction.atomic():
        if TeamMember.objects.filter(campaign_id=campaign_id, user_id=user_id).delete()[0]:
            _record(by, "leave" if by.user_id == user_id else "remove", campaign_id, {"user": user_id})


def forget_members(*, user_ids: Sequence[UUID]) -> None:
    """Take erased people out of all teams."""
    TeamMember.objects.filter(user_id__in=list(user_ids)).delete()


def forget_addresses() -> int:
    """Empty the addresses of invitations that were never answered. Returns how many."""
    return _end(expires_at__lte=clock.now())


def _led(campaign_id: UUID, by: Actor) -> data.Campaign:
    campaign = get_campaign(campaign_id=campaign_id, viewer=by)
    if by.user_id is None or not may_manage(campaign, by, TEAM):
        raise Forbidden(_("Only the campaign's owner and staff do this."))
    return campaign


def _is_member(campaign_id: UUID, user_id: UUID) -> bool:
    return TeamMember.objects.filter(campaign_id=campaign_id, user_id=user_id).exists()


def _end(**which: object) -> int:
    rows = Invitation.objects.filter(accepted_at=None, withdrawn_at=None, **which)
    return rows.update(withdrawn_at=clock.now(), email="")


def _record(by: Actor, verb: str, campaign_id: UUID, detail: dict[str, object]) -> None:
    accounts.record_action(by=by, action=f"team.{verb}", subject_id=campaign_id, detail=detail)
