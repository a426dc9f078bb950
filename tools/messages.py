"""Keeps locale/ in step with the strings that code and templates mark: `make messages`. Needs Babel and Django, no gettext.

Adding a language: `python -m tools.messages fr`, translate locale/fr/LC_MESSAGES/django.po, run it again, add it to LANGUAGES.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
KEYWORDS = dict.fromkeys(("_", "_lazy", "gettext", "gettext_lazy", "gettext_noop", "say", "N_"))
PLURALS = dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2))
_STRING = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
_CALL = re.compile(rf"\b(n?gettext|_)\(({_STRING})(?:, ({_STRING}))?")
# No moment in it: the same strings give the same bytes.
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)

Message = str | tuple[str, str]


def marked() -> Iterator[Message]:
    """Every string that is marked for translation, twice where it stands twice."""
    for file in _files("apps/**/*.py", "careforall/**/*.py"):
        for _, message, _, _ in extract_from_file("python", file, keywords={**KEYWORDS, **PLURALS}):
            yield tuple(message[:2]) if isinstance(message, tuple) else message  # type: ignore[misc]
    for file in _files("templates/**/*.html", "templates/**/*.txt"):
        for name, one, many in _CALL.findall(templatize(file.read_text())):
            yield (ast.literal_eval(one), ast.literal_eval(many)) if name == "ngettext" else ast.literal_eval(one)


def _files(*patterns: str) -> list[Path]:
    found = (file for pattern in patterns for file in ROOT.glob(pattern))
    return sorted(found)


def catalog_of(language: str) -> Catalog:
    """The stored catalogue, with new strings added empty and strings that nobody marks left out."""
    fresh = Catalog(locale=language, project="CareForAll", charset="utf-8", creation_date=EPOCH, revision_date=EPOCH)
    fresh.fuzzy = False
    fresh.header_comment = "# CareForAll. `make messages` collects new strings and names those without words."
    fresh.last_translator = fresh.language_team = "CareForAll"
    known = read_po(BytesIO(file.read_bytes()), locale=language) if (file := po_file(language)).exists() else Catalog()
    for message in sorted(set(marked()), key=str):
        before = known.get(message if isinstance(message, str) else message[0])
        fresh.add(message, before.string if before else None)
    return fresh


def po_bytes(catalog: Catalog) -> bytes:
    out = BytesIO()
    write_po(out, catalog, width=0, no_location=True, sort_output=True)
    return out.getvalue()


def mo_bytes(catalog: Catalog) -> bytes:
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def po_file(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def missing(catalog: Catalog) -> list[Message]:
    return [each.id for each in catalog if each.id and not (all(each.string) if each.pluralizable else each.string)]  # type: ignore[misc,arg-type]


def main(languages: list[str]) -> None:
    settings.configure(USE_I18N=True)
    for language in languages:
        catalog, file = catalog_of(language), po_file(language)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(po_bytes(catalog))
        file.with_suffix(".mo").write_bytes(mo_bytes(catalog))
        for message in missing(catalog):
            sys.stdout.write(f"{language}: no words for {message!r}\n")


if __name__ == "__main__":
    main(sys.argv[1:] or [each.name for each in LOCALE.iterdir() if each.is_dir()])
