"""Covers are drawn anew from the pixels of what was sent; what was sent is never served."""

from __future__ import annotations

import hashlib
import io
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from PIL import Image, ImageOps

from apps.accounts import interface as accounts
from apps.platform import clock
from apps.platform.actors import Actor
from apps.platform.errors import Forbidden

from .. import data
from ..errors import UnusableImage
from ..models import Campaign
from ..queries import get_campaign, may_manage
from .changed import announce_change

MAX_BYTES, MAX_PIXELS, WIDTHS = 8 * 1024 * 1024, 40_000_000, (480, 960, 1600)


def set_cover(*, campaign_id: UUID, by: Actor, image: bytes, focus: tuple[float, float] = (0.5, 0.5)) -> data.Campaign:
    """Use a picture as the cover: cropped to 16:9 around `focus` (from the left and from the top, 0 to 1), without metadata, as
    WebP in three widths. Raises UnusableImage, ValueError for a focus outside the picture."""
    if not all(0 <= each <= 1 for each in focus):
        raise ValueError("the focus is a point of the picture")
    now = get_campaign(campaign_id=campaign_id, viewer=by)
    if not may_manage(now, by):
        raise Forbidden("Only the campaign's manager and staff change its cover.")
    names = [(width, _store(_encode(_open(image), width, focus), width)) for width in WIDTHS]
    with transaction.atomic():
        Campaign.objects.filter(pk=campaign_id).update(cover=names, revision=F("revision") + 1, updated_at=clock.now())
        announce_change(campaign_id)
        accounts.record_action(by=by, action="campaign.set_cover", subject_id=campaign_id)
    return get_campaign(campaign_id=campaign_id, viewer=by)


def _open(image: bytes) -> Image.Image:
    if len(image) > MAX_BYTES:
        raise UnusableImage
    try:
        picture = Image.open(io.BytesIO(image), formats=("JPEG", "PNG", "WEBP"))
        if picture.width * picture.height > MAX_PIXELS:  # known from the header, before a pixel is unpacked
            raise UnusableImage
        return ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise UnusableImage from None


def _encode(picture: Image.Image, width: int, focus: tuple[float, float]) -> bytes:
    out = io.BytesIO()
    fitted = ImageOps.fit(picture, (width, width * 9 // 16), Image.Resampling.LANCZOS, centering=focus)
    fitted.save(out, "WEBP", quality=78, method=4)
    return out.getvalue()


def _store(content: bytes, width: int) -> str:
    name = f"covers/{hashlib.sha256(content).hexdigest()[:32]}-{width}.webp"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(content))
    return name
