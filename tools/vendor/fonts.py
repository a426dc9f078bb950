"""Cuts the site's two font files from Anek Bangla (OFL 1.1): run by `make vendor` in an environment with fonttools and brotli.

anek-latin.woff2 is for pages in English: Latin, weights 400 to 700. anek-bangla.woff2 is for pages in Bangla: one weight,
Bengali with all its conjuncts and basic Latin together, so that either page loads one file.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools import subset
from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

PUNCTUATION = (0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2026, 0x20AC, 0x2212, 0x2009, 0x2032)
LATIN = {*range(0x20, 0x7F), *range(0xA0, 0x100), 0x131, 0x152, 0x153, *PUNCTUATION}
LATIN_FEATURES = ["kern", "liga", "ccmp", "locl", "mark", "mkmk", "calt"]
BANGLA_WEIGHT = 500


def main(package: Path, target: Path) -> None:
    latin, bengali = (package / "files" / f"anek-bangla-{script}-wght-normal.woff2" for script in ("latin", "bengali"))
    variable = instancer.instantiateVariableFont(_cut(latin, LATIN, LATIN_FEATURES), {"wght": (400, 700)})
    _save(variable, target / "anek-latin.woff2")
    everything = set(TTFont(bengali).getBestCmap())
    parts = [_cut(bengali, everything, ["*"]), _cut(latin, LATIN, LATIN_FEATURES)]
    with TemporaryDirectory() as folder:
        files = [f"{folder}/{number}.ttf" for number in range(len(parts))]
        for part, file in zip(parts, files, strict=True):
            instancer.instantiateVariableFont(part, {"wght": BANGLA_WEIGHT}).save(file)
        _save(Merger().merge(files), target / "anek-bangla.woff2")


def _cut(file: Path, letters: set[int], features: list[str]) -> TTFont:
    font = TTFont(file, recalcTimestamp=False)  # the same files give the same bytes
    options = subset.Options(hinting=False, layout_features=features, notdef_outline=True, glyph_names=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=letters & set(font.getBestCmap()))
    cutter.subset(font)
    plain = io.BytesIO()
    font.flavor = None
    font.save(plain)
    plain.seek(0)
    return TTFont(plain, recalcTimestamp=False)


def _save(font: TTFont, file: Path) -> None:
    font.flavor = "woff2"
    font.save(file)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
