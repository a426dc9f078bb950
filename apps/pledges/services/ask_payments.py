"""Capturing and cancelling an authorized pledge: the wish is recorded here, the payment does it, its facts move the pledge."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from apps.accounts import interface as accounts
from apps.payments import interface as payments
from apps.platform import db
from apps.platform.actors import Actor
from apps.platform.errors import Refused

from ..data import Pledge
from ..errors import InvalidTransition
from ..queries.pledges import get_pledge, require_managed

CAPTURE, RELEASE = "capture", "release"
_REQUEST = """
    UPDATE pledges_pledge SET requested = %(wish)s
    WHERE id = %(id)s AND status = 'authorized' AND requested IN ('', %(wish)s)
"""


def capture_pledge(*, pledge_id: UUID, by: Actor) -> Pledge:
    """Ask for the capture of an authorized pledge. For the campaign's managers and staff.

    The pledge is returned as it is now; it becomes captured when the provider has done it. Asking twice is asking once.
    Raises PledgeNotFound, Forbidden, InvalidTransition.
    """
    with transaction.atomic():
        require_managed(pledge_id=pledge_id, actor=by)
        _request(pledge_id, CAPTURE)
        _ask(payments.request_capture, pledge_id)
        accounts.record_action(by=by, action="pledge.capture", subject_id=pledge_id)
        return get_pledge(pledge_id=pledge_id, viewer=by)


def cancel_pledge(*, pledge_id: UUID, by: Actor) -> Pledge:
    """Ask for the release of an authorized pledge's hold. For its donor, the campaign's managers and staff.

    The pledge becomes failed, with the reason `cancelled`, when the provider has let go. Raises PledgeNotFound,
    InvalidTransition.
    """
    with transaction.atomic():
        get_pledge(pledge_id=pledge_id, viewer=by)
        _request(pledge_id, RELEASE)
        _ask(payments.request_release, pledge_id)
        accounts.record_action(by=by, action="pledge.cancel", subject_id=pledge_id)
        return get_pledge(pledge_id=pledge_id, viewer=by)


def _request(pledge_id: UUID, wish: str) -> None:
    if not db.execute(_REQUEST, {"id": pledge_id, "wish": wish}):
        raise InvalidTransition


def _ask(request: object, pledge_id: UUID) -> None:
    try:
        request(reference=pledge_id)  # type: ignore[operator]
    except Refused as refused:
        raise InvalidTransition(refused.detail) from refused
