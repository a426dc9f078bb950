"""Puts the icons that the templates use into one sprite, from lucide-static (ISC): run by `make vendor`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

NAMES = """arrow-left arrow-right arrow-up-right badge-check banknote bell book-open calendar check chevron-down chevron-left
chevron-right circle-alert circle-check circle-help circle-x clock code copy download eye eye-off flame hand-heart heart
history hourglass house info key-round landmark languages leaf link list-checks log-out mail menu message-circle minus moon
palette paw-print pencil plus qr-code receipt-text refresh-cw scale search send settings share-2 shield-check siren sparkles
sprout stethoscope sun target tent trash-2 trending-up triangle-alert undo-2 user user-x users wallet x""".split()  # noqa: SIM905  a list of words reads better as words


def main(package: Path, target: Path) -> None:
    symbols = []
    for name in NAMES:
        drawing = (package / "icons" / f"{name}.svg").read_text()
        inside = re.sub(r"\s+", " ", drawing[drawing.index(">", drawing.index("<svg")) + 1 : drawing.index("</svg>")])
        inside = inside.replace("> <", "><").replace(" />", "/>").strip()
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{inside}</symbol>')
    body = "\n".join(symbols)
    target.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg"><!-- lucide, ISC License; see LICENSE.txt -->\n{body}\n</svg>\n'
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
