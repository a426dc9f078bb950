"""Following a campaign: signed in with one click, or by e-mail once the address's owner has confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.db import transaction

from apps.outbox import interface as outbox
from apps.platform import clock, db, text
from apps.platform.actors import Actor
from apps.platform.errors import Invalid, NotSignedIn
from apps.platform.ids import new_id

from .. import data
from ..errors import FollowLinkInvalid
from ..events import FollowRequested
from ..models import Follower
from ..queries import get_campaign

SALT = "campaigns.follow"
CONFIRM_WITHIN = timedelta(days=7)
# The link opens for a week; the row waits as long. A second wish of the same address is the same row.
_ASK = """
    INSERT INTO campaigns_follower AS follower (id, campaign_id, email, language, created_at)
    VALUES (%(id)s, %(campaign)s, %(email)s, %(language)s, %(now)s)
    ON CONFLICT (campaign_id, email) WHERE email <> '' DO UPDATE SET language = excluded.language
    RETURNING id, confirmed_at
"""
_BATCH = """
    SELECT id, user_id, email, language FROM campaigns_follower
    WHERE campaign_id = %(campaign)s AND confirmed_at IS NOT NULL AND (%(after)s::uuid IS NULL OR id > %(after)s)
    ORDER BY id LIMIT %(limit)s
"""


def follow(*, campaign_id: UUID, by: Actor) -> None:
    """Follow as somebody who is signed in; twice is once. Raises NotSignedIn, CampaignNotFound."""
    if by.user_id is None:
        raise NotSignedIn
    get_campaign(campaign_id=campaign_id, viewer=by)
    db.execute(
        """INSERT INTO campaigns_follower (id, campaign_id, user_id, email, language, created_at, confirmed_at)
           VALUES (%(id)s, %(campaign)s, %(user)s, '', '', %(now)s, %(now)s) ON CONFLICT (campaign_id, user_id) DO NOTHING""",
        {"id": new_id(), "campaign": campaign_id, "user": by.user_id, "now": clock.now()},
    )


def unfollow(*, campaign_id: UUID, by: Actor) -> None:
    """Follow no longer. Repeating it changes nothing."""
    if by.user_id is not None:
        Follower.objects.filter(campaign_id=campaign_id, user_id=by.user_id).delete()


def is_following(*, campaign_id: UUID, by: Actor) -> bool:
    return by.user_id is not None and Follower.objects.filter(campaign_id=campaign_id, user_id=by.user_id).exists()


def follow_by_email(*, campaign_id: UUID, email: str, viewer: Actor, language: str = "") -> None:
    """Take the wish of an address; nothing is sent but one letter that asks its owner. Says the same for every address.

    Publishes FollowRequested while it is not confirmed. Raises Invalid, CampaignNotFound.
    """
    get_campaign(campaign_id=campaign_id, viewer=viewer)
    try:
        address = text.normalise_email(email)
    except ValueError as error:
        raise Invalid.field("email", "invalid", str(error)) from None
    with transaction.atomic():
        [row] = db.rows(
            _ASK,
            {
                "id": new_id(),
                "campaign": campaign_id,
                "email": address,
                "language": language[:8],
                "now": clock.now(),
            },
        )
        if row["confirmed_at"] is None:
            outbox.publish(FollowRequested(request_id=new_id(), follower_id=row["id"], campaign_id=campaign_id))


def confirm_token(*, follower_id: UUID) -> str:
    """What the letter's link holds: signed, for a week. For that letter alone."""
    return signing.dumps(str(follower_id), salt=SALT)


def confirm_follow(*, token: str) -> UUID:
    """Confirm the address of a letter's link; returns the campaign's id. Twice is once. Raises FollowLinkInvalid."""
    try:
        follower_id = UUID(signing.loads(token, salt=SALT, max_age=CONFIRM_WITHIN))
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        raise FollowLinkInvalid from None
    row = Follower.objects.filter(pk=follower_id).first()
    if row is None:
        raise FollowLinkInvalid
    Follower.objects.filter(pk=follower_id, confirmed_at=None).update(confirmed_at=clock.now())
    return row.campaign_id


def end_follow(*, follower_id: UUID) -> None:
    """Forget a follower and the address. Repeating it changes nothing. Does not check permissions."""
    Follower.objects.filter(pk=follower_id).delete()


def forget_followers(*, user_ids: Sequence[UUID]) -> None:
    """Forget whom these people follow."""
    Follower.objects.filter(user_id__in=list(user_ids)).delete()


def followers_after(*, campaign_id: UUID, after: UUID | None, limit: int = 500) -> list[data.Follower]:
    """Confirmed followers behind an id, in order: a batch of a mailing. One query. Does not check permissions."""
    rows = db.rows(_BATCH, {"campaign": campaign_id, "after": after, "limit": limit})
    return [data.Follower(campaign_id=campaign_id, is_confirmed=True, **row) for row in rows]


def get_followers(*, follower_ids: list[UUID]) -> dict[UUID, data.Follower]:
    """These followers, in one query. Does not check permissions."""
    return {
        row.pk: data.Follower(
            id=row.pk,
            campaign_id=row.campaign_id,
            user_id=row.user_id,
            email=row.email,
            language=row.language,
            is_confirmed=row.confirmed_at is not None,
        )
        for row in Follower.objects.filter(pk__in=follower_ids)
    }


def forget_unconfirmed() -> int:
    """Delete addresses that nobody confirmed within the week. Returns how many."""
    before = clock.now() - CONFIRM_WITHIN
    deleted, _ = Follower.objects.filter(confirmed_at=None, created_at__lt=before).delete()
    return deleted
