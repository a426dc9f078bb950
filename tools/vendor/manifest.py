"""Writes static/vendor/MANIFEST: the SHA-256 of every vendored file, which tests/faces/site/test_static.py checks."""

from __future__ import annotations

import hashlib
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[2] / "static" / "vendor"


def manifest() -> str:
    files = sorted(file for file in VENDOR.rglob("*") if file.is_file() and file.name != "MANIFEST")
    lines = (f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.relative_to(VENDOR)}\n" for file in files)
    return "".join(lines)


if __name__ == "__main__":
    (VENDOR / "MANIFEST").write_text(manifest())
