"""Small plots as SVG, drawn here: no script, no library, and the same figures stand in a table beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, HEIGHT, GAP, FLOOR = 640, 160, 2, 2


@dataclass(frozen=True)
class Bar:
    """One bar: its label and what it stands for, as people read it, and its height as a number."""

    label: str
    value: int
    shown: str


def bars(points: Sequence[Bar], *, title: str) -> SafeString:
    """A bar plot. Its colours come from the style sheet, its text alternative is `title`; the table tells the rest."""
    top = max((point.value for point in points), default=0) or 1
    width = WIDTH / max(1, len(points))
    drawn = format_html_join(
        "",
        '<rect class="plot__bar{}" x="{}" y="{}" width="{}" height="{}" rx="2"><title>{}: {}</title></rect>',
        (
            (
                "" if point.value else " plot__bar--none",
                f"{place * width + GAP / 2:.1f}",
                f"{HEIGHT - _height(point.value, top):.1f}",
                f"{max(1.0, width - GAP):.1f}",
                f"{_height(point.value, top):.1f}",
                point.label,
                point.shown,
            )
            for place, point in enumerate(points)
        ),
    )
    return format_html(
        '<svg class="plot" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>',
        WIDTH,
        HEIGHT,
        title,
        drawn,
    )


def _height(value: int, top: int) -> float:
    return FLOOR + max(0, value) / top * (HEIGHT - FLOOR)
