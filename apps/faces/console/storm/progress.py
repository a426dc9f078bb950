"""The storm as it goes, for whoever watches: a living table in a terminal, plain lines elsewhere, nothing for machines."""

from __future__ import annotations

from typing import TextIO

from rich.console import Console, Group
from rich.live import Live
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from .figures import headline
from .run import Storm

CIRCUIT = {0.0: "closed", 1.0: "probing", 2.0: "open"}
LINES = 9
PLAIN_EVERY = 5.0


class Display:
    """Call it with the storm, as often as wanted. Use as a context manager."""

    def __init__(self, out: TextIO, *, is_silent: bool = False) -> None:
        self._console = Console(file=out, highlight=False)
        is_living = self._console.is_terminal and not is_silent
        self._live = Live(console=self._console, refresh_per_second=8, transient=True) if is_living else None
        self._is_silent = is_silent
        self._told = 0
        self._said_at = 0.0

    @property
    def is_living(self) -> bool:
        return self._live is not None

    def __enter__(self) -> Display:
        if self._live:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live:
            self._live.stop()

    def __call__(self, storm: Storm) -> None:
        if self._live:
            self._live.update(self._picture(storm))
        elif not self._is_silent:
            self._say(storm)

    def finish(self, storm: Storm) -> None:
        """What a plain reader has not been told yet."""
        if not self._live and not self._is_silent:
            self._say(storm)

    def _say(self, storm: Storm) -> None:
        for each in storm.outcome.story[self._told :]:
            self._console.print(f"{each.at:6.1f} s  {each.what}", soft_wrap=True, markup=False)
        self._told = len(storm.outcome.story)
        if storm.clock() - self._said_at >= PLAIN_EVERY:
            self._said_at = storm.clock()
            figures = "  ".join(f"{name} {value}" for name, value in _figures(storm))
            self._console.print(f"{storm.clock():6.1f} s  {storm.phase}: {figures}", soft_wrap=True, markup=False)

    def _picture(self, storm: Storm) -> Panel:
        table = Table.grid(padding=(0, 3))
        table.add_row(*(Text(name, style="dim") for name, _ in _figures(storm)))
        table.add_row(*(Text(value, style="bold") for _, value in _figures(storm)))
        story = [
            Text(f"{each.at:6.1f} s  {each.what}", style="red" if each.is_fault else "")
            for each in storm.outcome.story[-LINES:]
        ]
        bar = ProgressBar(total=storm.order.donors, completed=storm.journal.done, width=None)
        title = f"The winter night, replayed: {storm.phase} · seed {storm.order.seed} · {storm.clock():.0f} s"
        return Panel(Group(bar, Text(), table, Text(), *story), title=title, border_style="cyan")


def _figures(storm: Storm) -> list[tuple[str, str]]:
    http = headline(storm.journal.answers())
    last = storm.watcher.samples[-1] if storm.watcher.samples else None
    found = [
        ("donors served", f"{storm.journal.done}/{storm.order.donors}"),
        ("answers/s", f"{http['answers_per_second']}"),
        ("p50", f"{http['p50_ms']} ms"),
        ("p99", f"{http['p99_ms']} ms"),
    ]
    if last:
        found += [
            ("outbox lag", f"{last.lag:.1f} s"),
            ("facts waiting", f"{last.pending:.0f}"),
            ("bank calls waiting", f"{last.due:.0f}"),
            ("circuit", CIRCUIT.get(last.circuit, "?")),
        ]
    if storm.waiting:
        found.append(("gifts open", str(storm.waiting["gifts"])))
    return found
