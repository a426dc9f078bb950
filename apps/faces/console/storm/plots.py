"""Small plots as SVG, drawn here: no script, no file from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 920, 190
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 22, 26
Point = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """A series; `style` is a CSS class of the page."""

    name: str
    points: Sequence[Point]
    style: str = "a"
    is_step: bool = False


def plot(title: str, lines: Sequence[Line], *, until: float, marks: Sequence[tuple[float, str]], unit: str = "") -> str:
    """One plot over the storm's seconds, with a numbered mark where something was done to the system."""
    top = max((y for line in lines for _, y in line.points), default=0.0) or 1.0
    summary = "; ".join(
        f"{line.name}: at most {_short(max((y for _, y in line.points), default=0.0))}{unit}" for line in lines
    )
    parts = [
        f'<figure><figcaption>{escape(title)}</figcaption><svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(title)}. {escape(summary)}">'
    ]
    for share in (0.0, 0.5, 1.0):
        y = _y(top * share, top)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(
            f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{_short(top * share)}{escape(unit)}</text>'
        )
    for seconds in _ticks(until):
        x = _x(seconds, until)
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - 8}" text-anchor="middle">{seconds:.0f} s</text>')
    for number, (at, what) in enumerate(marks, start=1):
        x = _x(at, until)
        parts.append(
            f'<g class="mark"><title>{escape(what)}</title><line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>'
            f'<text x="{x:.1f}" y="{TOP - 8}" text-anchor="middle">{number}</text></g>'
        )
    parts += [f'<polyline class="{line.style}" points="{_path(line, until, top)}"/>' for line in lines if line.points]
    parts.append("</svg>")
    if len(lines) > 1:
        parts.append(
            '<p class="legend">'
            + " ".join(f'<span class="{each.style}">{escape(each.name)}</span>' for each in lines)
            + "</p>"
        )
    return "".join([*parts, "</figure>"])


def _path(line: Line, until: float, top: float) -> str:
    found: list[str] = []
    before: float | None = None
    for at, value in line.points:
        if line.is_step and before is not None:
            found.append(f"{_x(at, until):.1f},{_y(before, top):.1f}")
        found.append(f"{_x(at, until):.1f},{_y(value, top):.1f}")
        before = value
    return " ".join(found)


def _x(at: float, until: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * min(at / max(until, 0.001), 1.0)


def _y(value: float, top: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top


def _ticks(until: float) -> list[float]:
    step = next((each for each in (1, 2, 5, 10, 20, 30, 60, 120, 300) if until / each <= 10), 600)
    return [float(each) for each in range(0, int(until) + 1, step)]


def _short(value: float) -> str:
    if value >= 10_000:
        return f"{value / 1000:.0f}k"
    return f"{value:.0f}" if value >= 10 else f"{value:.2g}"
