from __future__ import annotations

import io
import random
import struct
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from apps.campaigns import interface as campaigns
from apps.campaigns.errors import CampaignNotFound, UnusableImage
from apps.campaigns.services.cover import _open
from apps.platform.actors import ANONYMOUS, Actor
from apps.platform.errors import Forbidden

from .support import campaign_in, draft_of, picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def stored(campaign: campaigns.Campaign) -> dict[int, bytes]:
    assert campaign.cover
    files = {width: url.split("/media/", 1)[1] for width, url in campaign.cover.sources}
    return {width: default_storage.open(name).read() for width, name in files.items()}


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("size", [(1200, 900), (300, 2000), (1, 1)])
def test_a_picture_becomes_three_wide_webps(alice: Actor, form: str, size: tuple[int, int]):
    campaign = draft_of(alice)
    shown = campaigns.set_cover(campaign_id=campaign.id, by=alice, image=picture(form, size))
    files = stored(shown)
    assert list(files) == [480, 960, 1600]
    for width, content in files.items():
        with Image.open(io.BytesIO(content)) as image:
            assert (image.format, image.size) == ("WEBP", (width, width * 9 // 16))
    assert shown.cover
    assert shown.cover.url == shown.cover.sources[-1][1]
    assert shown.revision == campaign.revision + 1


def test_where_and_with_what_it_was_taken_is_gone(alice: Actor):
    exif = Image.Exif()
    exif[0x010F] = "Secret camera"
    exif[0x8825] = {1: "N", 2: (23.0, 42.0, 0.0)}
    sent = picture("JPEG", exif=exif, comment=b"Secret comment")
    assert b"Secret" in sent
    for content in stored(campaigns.set_cover(campaign_id=draft_of(alice).id, by=alice, image=sent)).values():
        assert b"Secret" not in content
        with Image.open(io.BytesIO(content)) as image:
            assert not dict(image.getexif())
            assert not {"exif", "xmp", "icc_profile"} & image.info.keys()


def _bomb() -> bytes:
    """A PNG of 60,000 by 60,000 pixels in a few bytes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "image",
    [
        b"",
        b"hello",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        picture("GIF"),
        picture("BMP"),
        picture("TIFF"),
        picture("JPEG")[:400],
        picture("PNG")[:400],
        picture("WEBP")[:100],
        _bomb(),
        b"\xff" * (8 * 1024 * 1024 + 1),
    ],
    ids=["empty", "text", "svg", "gif", "bmp", "tiff", "cut-jpeg", "cut-png", "cut-webp", "bomb", "too-large"],
)
def test_what_is_no_usable_picture_is_refused_and_nothing_is_kept(alice: Actor, settings, image: bytes):
    campaign = draft_of(alice)
    with pytest.raises(UnusableImage):
        campaigns.set_cover(campaign_id=campaign.id, by=alice, image=image)
    assert campaigns.get_campaign(campaign_id=campaign.id, viewer=alice).cover is None
    assert not list(Path(settings.MEDIA_ROOT).rglob("*.webp"))


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow's, about metadata that we throw away
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_damaged_pictures_are_used_or_refused_but_never_crash(form: str):
    exif = Image.Exif()
    exif[0x0112] = 6
    sound = picture(form, (60, 40), exif=exif)
    chance = random.Random(form)
    for _ in range(300):
        damaged = bytearray(sound)
        for _ in range(chance.randint(1, 6)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        with suppress(UnusableImage):
            _open(bytes(damaged))


def test_only_the_manager_and_staff_set_it(alice: Actor, bob: Actor, charlie: Actor, sam: Actor):
    draft, active = draft_of(alice), campaign_in("active", alice)
    for stranger in (ANONYMOUS, bob, charlie):
        with pytest.raises(CampaignNotFound):
            campaigns.set_cover(campaign_id=draft.id, by=stranger, image=picture())
        with pytest.raises(Forbidden):
            campaigns.set_cover(campaign_id=active.id, by=stranger, image=picture())
    assert campaigns.set_cover(campaign_id=active.id, by=sam, image=picture()).cover


@pytest.mark.parametrize("category", campaigns.CATEGORIES)
def test_drawn_covers_are_the_same_each_time_and_differ_by_seed(category: str):
    drawn = campaigns.draw_cover(category=category, seed="a")
    assert drawn == campaigns.draw_cover(category=category, seed="a")
    assert drawn != campaigns.draw_cover(category=category, seed="b")
    with Image.open(io.BytesIO(drawn)) as image:
        assert image.width / image.height == pytest.approx(16 / 9, rel=0.01)
