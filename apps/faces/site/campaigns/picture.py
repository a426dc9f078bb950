"""The picture that travels with a shared link: the campaign's cover, its title, and its progress as it stands."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from PIL import Image, ImageDraw, ImageFont

from apps.campaigns import interface as campaigns

from .cards import Card, lang_of

WIDTH, HEIGHT, EDGE = 1200, 630, 64
COVER_HEIGHT = 286
NIGHT, CLOTH, SOFT, MARIGOLD, MADDER, LATER = "#1d1e4e", "#f5f1ff", "#c3c1e6", "#f7b52f", "#ff7f9c", "#45467a"
DASH, GAP = 21, 6


def draw_picture(campaign: campaigns.Campaign, card: Card) -> bytes:
    """A PNG of 1200 by 630 pixels. Names nobody who gave: only sums and how many."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), NIGHT)
    if cover := _cover(campaign):
        picture.paste(cover, (0, 0))
    pen = ImageDraw.Draw(picture)
    _stitches(pen, COVER_HEIGHT + 8, 100, colour=MARIGOLD, left=0, right=WIDTH, thickness=4)
    y = COVER_HEIGHT + 34
    for line in _wrapped(pen, campaign.title, _font(campaign.title, 50), WIDTH - 2 * EDGE, most=2):
        pen.text((EDGE, y), line, font=_font(line, 50), fill=CLOTH)
        y += 60
    _stitches(pen, HEIGHT - 128, card.bar, colour=MADDER, left=EDGE, right=WIDTH - EDGE, thickness=16)
    raised = f"{card.raised} · {card.percent_text}"
    pen.text((EDGE, HEIGHT - 88), raised, font=_font(raised, 36), fill=MARIGOLD)
    pen.text((WIDTH - EDGE, HEIGHT - 84), "CareForAll", font=_font("", 30), fill=SOFT, anchor="ra")
    out = io.BytesIO()
    picture.quantize(128, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def _cover(campaign: campaigns.Campaign) -> Image.Image | None:
    """The stored cover, cropped to the top of the picture; a campaign without one, or whose file is gone, has none."""
    if campaign.cover is None:
        return None
    name = campaign.cover.url.removeprefix(settings.PUBLIC_URL + settings.MEDIA_URL)
    try:
        with default_storage.open(name) as file, Image.open(file) as found:
            wide = found.convert("RGB").resize((WIDTH, WIDTH * 9 // 16), Image.Resampling.BILINEAR)
    except (OSError, ValueError):
        return None
    top = (wide.height - COVER_HEIGHT) // 2
    return wide.crop((0, top, WIDTH, top + COVER_HEIGHT))


def _stitches(
    pen: ImageDraw.ImageDraw, y: int, percent: int, *, colour: str, left: int, right: int, thickness: int
) -> None:
    sewn = left + (right - left) * percent // 100
    for start in range(left, right, DASH + GAP):
        end = min(start + DASH, right)
        pen.rectangle((start, y, end, y + thickness), fill=LATER if start >= sewn else colour)
        if start < sewn < end:
            pen.rectangle((sewn, y, end, y + thickness), fill=LATER)


def _wrapped(pen: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont, width: int, *, most: int) -> list[str]:
    lines: list[str] = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if pen.textlength(longer, font=font) <= width or not lines[-1]:
            lines[-1] = longer
        elif len(lines) < most:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} …"
            break
    return lines


@lru_cache(maxsize=32)
def _loaded(file: str, size: int) -> ImageFont.FreeTypeFont:
    path = finders.find(f"vendor/fonts/{file}") or settings.STATIC_ROOT / "vendor" / "fonts" / file
    return ImageFont.truetype(str(Path(str(path))), size)


def _font(text: str, size: int) -> ImageFont.FreeTypeFont:
    is_bangla = lang_of(text) == "bn" or any("\u09e6" <= char <= "\u09f3" for char in text)
    return _loaded("anek-bangla.woff2" if is_bangla else "anek-latin.woff2", size)
