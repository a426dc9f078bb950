"""Rooms come to be when somebody first enters them."""

from __future__ import annotations

import base64
import hmac
from uuid import UUID

from django.conf import settings

from apps.campaigns import interface as campaigns
from apps.campaigns.errors import CampaignNotFound
from apps.platform import db
from apps.platform.actors import SYSTEM
from apps.platform.ids import new_id
from apps.pledges import interface as pledges

from ..data import CAMPAIGN, SUPPORT, Place, Visitor
from ..errors import RoomNotFound
from ..models import Room
from ..queries.access import key_hash, place_in
from ..queries.rooms import read_name

KEY_LENGTH = 32
_OPEN_CAMPAIGN = """
    INSERT INTO chat_room (id, kind, campaign_id, slow_seconds, blocked_words, last_seq, version, created_at)
    VALUES (%(id)s, 'campaign', %(campaign)s, 0, '{}', 0, 0, now()) ON CONFLICT DO NOTHING
"""
_OPEN_SUPPORT = """
    INSERT INTO chat_room (id, kind, campaign_id, pledge_id, donor_id, guest_id, key_hash, slow_seconds, blocked_words,
                           last_seq, version, created_at)
    VALUES (%(id)s, 'support', %(campaign)s, %(pledge)s, %(donor)s, %(guest)s, %(key)s, 0, '{}', 0, 0, now())
    ON CONFLICT DO NOTHING
"""


def enter(*, name: str, visitor: Visitor) -> Place:
    """The visitor's standing in `campaign:<id>` or `support:<id>`; a public campaign's room is opened by its first visitor.

    Raises RoomNotFound for no such room and for one that is not this visitor's, alike.
    """
    kind, room_or_campaign = read_name(name)
    if kind == SUPPORT:
        row = Room.objects.filter(pk=room_or_campaign, kind=SUPPORT).first()
    else:
        row = Room.objects.filter(campaign_id=room_or_campaign, kind=CAMPAIGN).first()
        if row is None:
            _require_visible(room_or_campaign, visitor)
            db.execute(_OPEN_CAMPAIGN, {"id": new_id(), "campaign": room_or_campaign})
            row = Room.objects.get(campaign_id=room_or_campaign, kind=CAMPAIGN)
    if row is None:
        raise RoomNotFound
    return place_in(row, visitor)


def open_support_room(*, tracking_token: str) -> str:
    """The key of the support room of the gift behind a tracking token; repeating it gives the same one.

    Raises PledgeNotFound for wrong and unknown tokens. The key opens the room for whoever holds it; its hash is stored.
    """
    pledge_id = pledges.follow_gift(tracking_token=tracking_token).pledge_id
    gift = pledges.get_pledge(pledge_id=pledge_id, viewer=SYSTEM)
    key = support_key(pledge_id=pledge_id)
    params = {"id": new_id(), "campaign": gift.campaign_id, "pledge": pledge_id, "donor": gift.donor_id}
    db.execute(_OPEN_SUPPORT, params | {"guest": new_id(), "key": key_hash(key)})
    return key


def support_key(*, pledge_id: UUID) -> str:
    """The key of a gift's support room: 192 bits that only the server can derive, for its link in mails to the donor."""
    digest = hmac.digest(settings.TRACKING_TOKEN_KEY.encode(), b"support:" + pledge_id.bytes, "sha256")
    return base64.urlsafe_b64encode(digest).decode()[:KEY_LENGTH]


def _require_visible(campaign_id: UUID, visitor: Visitor) -> None:
    try:
        campaigns.get_campaign(campaign_id=campaign_id, viewer=visitor.actor)
    except CampaignNotFound:
        raise RoomNotFound from None
