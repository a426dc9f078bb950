"""Pictures for campaigns that have none yet: calm layered landscapes, the same for the same seed."""

from __future__ import annotations

import io
import math
import random

from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
# Sky top, sky bottom, light, then hills from far to near.
_PALETTES: dict[str, tuple[Colour, ...]] = {
    "animals": ((255, 214, 170), (255, 241, 222), (255, 250, 235), (214, 158, 110), (172, 116, 78), (110, 72, 52)),
    "arts": ((84, 58, 120), (232, 140, 150), (255, 220, 190), (150, 80, 130), (104, 56, 112), (60, 36, 80)),
    "community": ((255, 190, 140), (255, 232, 196), (255, 246, 224), (226, 130, 96), (178, 88, 78), (108, 58, 66)),
    "education": ((120, 170, 220), (226, 240, 250), (255, 252, 236), (110, 150, 190), (70, 108, 156), (38, 66, 108)),
    "emergency": ((60, 66, 96), (228, 140, 110), (255, 214, 160), (120, 90, 110), (82, 62, 88), (44, 36, 58)),
    "environment": ((150, 206, 190), (238, 248, 226), (255, 255, 236), (112, 172, 140), (64, 128, 104), (30, 82, 72)),
    "health": ((160, 214, 216), (240, 250, 246), (255, 255, 250), (120, 184, 188), (66, 138, 150), (34, 92, 108)),
    "relief": ((110, 140, 170), (236, 214, 190), (255, 240, 214), (140, 140, 150), (96, 104, 124), (52, 62, 84)),
}
WIDTH, HEIGHT = 1600, 900


def draw_cover(*, category: str, seed: str) -> bytes:
    """A JPEG of 1600 by 900 pixels."""
    chance = random.Random(f"{category}:{seed}")  # noqa: S311  a picture, not a secret
    top, bottom, light, *hills = _PALETTES.get(category, _PALETTES["community"])
    picture = _sky(top, bottom)
    _sun(picture, light, chance)
    for depth, colour in enumerate(hills):
        _hill(picture, colour, chance, base=HEIGHT * (0.56 + 0.14 * depth), height=120 - 14 * depth)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()


def _sky(top: Colour, bottom: Colour) -> Image.Image:
    column = Image.new("RGB", (1, HEIGHT))
    for y in range(HEIGHT):
        share = min(1.0, y / (HEIGHT * 0.7))
        column.putpixel((0, y), tuple(round(a + (b - a) * share) for a, b in zip(top, bottom, strict=True)))
    return column.resize((WIDTH, HEIGHT))


def _sun(picture: Image.Image, light: Colour, chance: random.Random) -> None:
    x, y, radius = chance.uniform(0.2, 0.8) * WIDTH, chance.uniform(0.2, 0.42) * HEIGHT, chance.uniform(60, 110)
    glow = Image.new("L", picture.size, 0)
    pen = ImageDraw.Draw(glow)
    pen.ellipse((x - 3 * radius, y - 3 * radius, x + 3 * radius, y + 3 * radius), fill=90)
    glow = glow.filter(ImageFilter.GaussianBlur(90))
    ImageDraw.Draw(glow).ellipse((x - radius, y - radius, x + radius, y + radius), fill=235)
    picture.paste(Image.new("RGB", picture.size, light), mask=glow)


def _hill(picture: Image.Image, colour: Colour, chance: random.Random, *, base: float, height: float) -> None:
    waves = [(chance.uniform(0.6, 3.2), chance.uniform(0, math.tau), height / (n + 1)) for n in range(4)]
    ridge = [
        (x, base + sum(size * math.sin(math.tau * pace * x / WIDTH + phase) for pace, phase, size in waves))
        for x in range(0, WIDTH + 8, 8)
    ]
    ImageDraw.Draw(picture).polygon([*ridge, (WIDTH, HEIGHT), (0, HEIGHT)], fill=colour)
