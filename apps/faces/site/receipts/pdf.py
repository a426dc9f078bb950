"""A receipt as PDF, by Typst: about 5 ms a document once the fonts are loaded, drawn when asked and kept for a while."""

from __future__ import annotations

import io
import json
import threading
from collections import OrderedDict
from typing import Any

import segno
from django.conf import settings
from django.utils.translation import get_language

from .paper import Paper

FOLDER = settings.BASE_DIR / "templates" / "receipts"
KEPT = 200
_kept: OrderedDict[tuple[Any, ...], bytes] = OrderedDict()
_one_at_a_time = threading.Lock()  # the compiler is shared between threads


def pdf_of(paper: Paper) -> bytes:
    """The document in the current language. What it says is in its key, so that a refund makes it anew."""
    key = (paper, get_language())
    with _one_at_a_time:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
        drawn = _draw(paper)
        _kept[key] = drawn
        if len(_kept) > KEPT:
            _kept.popitem(last=False)
        return drawn


def statement_pdf(given: dict[str, Any]) -> bytes:
    """An annual statement in the current language; not kept, since few ask twice."""
    with _one_at_a_time:
        return _compile("statement.typ", "statement", given | {"language": get_language() or "en"})


def qr_svg(text: str) -> str:
    """The text as a QR code, an SVG that scales."""
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2)
    return out.getvalue().decode()


def _draw(paper: Paper) -> bytes:
    given = {
        "title": paper.title,
        "number": paper.number,
        "issuer": paper.issuer,
        "details": paper.details,
        "rows": [[label, value, is_strong] for label, value, is_strong in paper.rows],
        "stamp": paper.stamp,
        "confirm": paper.confirm,
        "url": paper.confirm_url,
        "qr": qr_svg(paper.confirm_url),
        "language": get_language() or "en",
    }
    return _compile("receipt.typ", "receipt", given)


def _compile(template: str, name: str, given: dict[str, Any]) -> bytes:
    import typst  # 20 MB that only the first PDF of a process needs

    drawn = typst.compile(
        str(FOLDER / template),
        font_paths=[str(FOLDER / "fonts")],
        ignore_system_fonts=True,
        sys_inputs={name: json.dumps(given)},
    )
    return bytes(drawn)
