"""What a second person says about a payout. Nobody decides what they asked for; the database refuses it, too."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.accounts import interface as accounts
from apps.outbox import interface as outbox
from apps.platform import clock, wake
from apps.platform.actors import Actor
from apps.platform.errors import Forbidden, Invalid

from .. import data
from ..errors import OwnPayout, PayoutDecided, PayoutNotFound
from ..events import PayoutApproved, PayoutDeclined
from ..models import Payout
from ..queries.payouts import get_payout, payout_data
from ..states import MOVES, Status
from .request import fact_of, note_of, refusal_of

SEND = "payouts.send"


def approve_payout(*, payout_id: UUID, by: Actor, note: str = "") -> data.Payout:
    """Let the money go: the bank is called soon. Staff other than who asked.

    Raises PayoutNotFound, Forbidden, OwnPayout, PayoutDecided, NotCovered (money went back meanwhile), Invalid.
    """
    return _decide(payout_id, by, Status.APPROVED, note, due_at=clock.now())


def decline_payout(*, payout_id: UUID, by: Actor, note: str) -> data.Payout:
    """Refuse, and say why. Staff other than who asked. Raises as `approve_payout`."""
    if not note.strip():
        raise Invalid.field("note", "required", _("Say why, for whoever asked."))
    return _decide(payout_id, by, Status.DECLINED, note, ended_at=clock.now())


def withdraw_payout(*, payout_id: UUID, by: Actor) -> data.Payout:
    """Take back what was asked for and not yet decided. Who asked for it. Raises PayoutNotFound, Forbidden, PayoutDecided."""
    found = get_payout(payout_id=payout_id, viewer=by)
    if by.user_id != found.requested_by_id:
        raise Forbidden(_("Only who asked for it takes it back."))
    return _move(payout_id, by, Status.WITHDRAWN, "", ended_at=clock.now())


def _decide(payout_id: UUID, by: Actor, target: Status, note: str, **times: object) -> data.Payout:
    found = get_payout(payout_id=payout_id, viewer=by)
    if not by.is_staff or by.user_id is None:
        raise Forbidden(_("Only staff decide about payouts."))
    if by.user_id == found.requested_by_id:
        raise OwnPayout
    return _move(payout_id, by, target, note_of(note), **times)


def _move(payout_id: UUID, by: Actor, target: Status, note: str, **times: object) -> data.Payout:
    try:
        with transaction.atomic():
            moved = Payout.objects.filter(pk=payout_id, status__in=MOVES.sources_of(target)).update(
                status=target, decided_by_id=by.user_id, decided_at=clock.now(), decision_note=note, **times
            )
            row = Payout.objects.filter(pk=payout_id).first()
            if row is None:
                raise PayoutNotFound
            if not moved:
                raise PayoutDecided
            if target == Status.APPROVED:
                outbox.publish(PayoutApproved(**fact_of(row)))
                wake.on_commit(SEND)
            elif target == Status.DECLINED:
                outbox.publish(PayoutDeclined(**fact_of(row)))
            verb = {Status.APPROVED: "approve", Status.DECLINED: "decline", Status.WITHDRAWN: "withdraw"}[target]
            detail = {"campaign": row.campaign_id, "amount": row.amount, "currency": row.currency}
            accounts.record_action(by=by, action=f"payout.{verb}", subject_id=payout_id, detail=detail)
    except IntegrityError as error:
        raise refusal_of(error) from None
    return payout_data(row)
