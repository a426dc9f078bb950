"""The page of a run: the story, the books, the plots. One file that opens anywhere."""

from __future__ import annotations

from html import escape
from pathlib import Path

from .figures import latency, per_second
from .outcome import Outcome
from .plots import Line, plot

CSS = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")


def page(outcome: Outcome) -> str:
    """HTML of a run."""
    marks = [(each.at, each.what) for each in outcome.story if each.is_fault]
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Storm {escape(outcome.run)}</title><style>{CSS}</style></head><body><main>
<h1>The winter night, replayed</h1>
<p class="soft">{_when(outcome)}</p>
<p class="verdict{"" if outcome.holds else " lost"}">{escape(outcome.verdict)}</p>
{_losses(outcome)}
<h2>Every unit accounted for</h2>{_books(outcome)}
<h2>What was done, and what came of it</h2>{_story(outcome)}
<h2>What it looked like</h2>
<p class="soft">The dashed lines are what was done to the system, numbered as above.</p>
{_plots(outcome, marks)}
<h2>At the webhook door</h2>{_door(outcome)}
<h2>The audit</h2>{_audit(outcome)}
</main></body></html>
"""


def _when(outcome: Outcome) -> str:
    size = f"{outcome.counts['donors']} donors in {outcome.seconds:.0f} seconds"
    return escape(f"{outcome.began_at}, {outcome.url}, seed {outcome.seed}, {size}")


def _losses(outcome: Outcome) -> str:
    return (
        "<ul>" + "".join(f"<li>{escape(loss)}</li>" for loss in outcome.losses[:50]) + "</ul>" if outcome.losses else ""
    )


def _books(outcome: Outcome) -> str:
    rows = "".join(
        f'<tr><th>{escape(name)}</th><td class="n">{escape(value)}</td></tr>' for name, value in outcome.books()
    )
    return f'<div class="scroll"><table>{rows}</table></div>'


def _story(outcome: Outcome) -> str:
    number, items = 0, []
    for each in outcome.story:
        number += each.is_fault
        mark = f"<strong>{number}.</strong> " if each.is_fault else ""
        items.append(f"<li><time>{each.at:6.1f} s</time>{mark}{escape(each.what)}</li>")
    return f'<ul class="story">{"".join(items)}</ul>'


def _plots(outcome: Outcome, marks: list[tuple[float, str]]) -> str:
    samples, until = outcome.samples, outcome.lasted
    return "".join(
        [
            plot("Answers a second", [Line("answers", per_second(outcome.answers))], until=until, marks=marks),
            plot(
                "Time of an answer",
                [
                    Line("half are faster", latency(outcome.answers, 0.5)),
                    Line("99 of 100 are faster", latency(outcome.answers, 0.99), "b"),
                ],
                until=until,
                marks=marks,
                unit=" ms",
            ),
            plot(
                "Age of the oldest fact that waits",
                [Line("lag", [(each.at, each.lag) for each in samples])],
                until=until,
                marks=marks,
                unit=" s",
            ),
            plot(
                "Work that waits",
                [
                    Line("facts and deliveries", [(each.at, each.pending) for each in samples]),
                    Line("calls to the bank", [(each.at, each.due) for each in samples], "b"),
                ],
                until=until,
                marks=marks,
            ),
            plot(
                "Circuit breaker of the bank: 0 closed, 1 probing, 2 open",
                [Line("circuit", [(each.at, each.circuit) for each in samples], "b", is_step=True)],
                until=until,
                marks=marks,
            ),
        ]
    )


def _door(outcome: Outcome) -> str:
    if not outcome.door:
        return "<p>No bad webhook was sent: the bank had told of nothing yet.</p>"
    rows = "".join(
        f'<tr><td>{escape(what)}</td><td class="n">{number}</td></tr>' for what, number in sorted(outcome.door.items())
    )
    return f'<div class="scroll"><table><tr><th>sent</th><th class="n">times</th></tr>{rows}</table></div>'


def _audit(outcome: Outcome) -> str:
    rows = "".join(
        f"<tr><td>{'✓' if each['holds'] else '✗'} {escape(each['code'])}</td><td>{escape(each['title'])}</td>"
        f'<td class="n">{each["seconds"] * 1000:.0f} ms</td></tr>'
        for each in outcome.audit
    )
    return f'<div class="scroll"><table>{rows}</table></div>'
