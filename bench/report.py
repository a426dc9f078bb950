"""What was measured: printed as it comes, and kept in bench/results.json beside the machine that it was measured on."""

from __future__ import annotations

import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "results.json"


def machine() -> dict[str, Any]:
    return {
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 1),
    }


class Report:
    """One line per figure. Measures that were not run keep the figures of an earlier run."""

    def __init__(self) -> None:
        kept = json.loads(FILE.read_text()) if FILE.exists() else {}
        self._results: dict[str, dict[str, Any]] = {each["name"]: each for each in kept.get("results", [])}
        self._machine = machine()

    def note(
        self,
        name: str,
        value: float,
        unit: str,
        *,
        compared_with: str = "",
        reference: float | None = None,
        bar: str = "",
    ) -> None:
        """`reference` is what `compared_with` reached in the same run; the ratio is what to read."""
        ratio = value / reference if reference else None
        self._results[name] = {
            "name": name,
            "value": round(value, 3),
            "unit": unit,
            "compared_with": compared_with,
            "reference": reference and round(reference, 3),
            "ratio": ratio and round(ratio, 3),
            "bar": bar,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": self._machine,
        }
        beside = f"{ratio:.3f} of {compared_with}" if ratio else compared_with
        print(f"{name:<62}{value:>10.1f} {unit:<10} {beside}{f'  (bar {bar})' if bar else ''}", flush=True)

    def write(self) -> None:
        results = [self._results[name] for name in sorted(self._results)]
        FILE.write_text(json.dumps({"results": results}, indent=2) + "\n")
