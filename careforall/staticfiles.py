"""Static files as they are served: named by content, and each style sheet of many parts joined into one file.

Sheets are written in small files and read as one: a phone on a slow line pays for each request.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage

BUNDLES = ("css/site.css",)
_IMPORT = re.compile(r'@import url\("([^"]+)"\)(?: layer\(([a-z.]+)\))?;')
_URL = re.compile(r'url\("(?!data:|#|/)([^"]+)"\)')
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


class Storage(ManifestStaticFilesStorage):
    support_js_module_import_aggregation = True

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if not dry_run:
            for name in BUNDLES:
                if name in paths:
                    source, path = paths[name]
                    joined = join(name, lambda part: _read(*paths[part]), _read(source, path))
                    with open(self.path(name), "w", encoding="utf-8") as file:
                        file.write(joined)
                    paths[name] = (self, name)
        yield from super().post_process(paths, dry_run, **options)


def join(name: str, read: Any, sheet: str) -> str:
    """The sheet with its imports in place, without comments. `read` gives the text of a part by its name."""
    folder = posixpath.dirname(name)

    def inline(found: re.Match[str]) -> str:
        part, layer = posixpath.normpath(posixpath.join(folder, found[1])), found[2]
        text = _rebase(read(part), posixpath.dirname(part), folder)
        return f"@layer {layer} {{\n{text}\n}}" if layer else text

    joined = _IMPORT.sub(inline, sheet)
    return re.sub(r"\n\s*\n*", "\n", _COMMENT.sub("", joined)).strip() + "\n"


def _rebase(text: str, from_folder: str, to_folder: str) -> str:
    """Relative addresses in a part, as seen from the folder of the joined sheet."""

    def move(found: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(from_folder, found[1]))
        return f'url("{posixpath.relpath(target, to_folder)}")'

    return _URL.sub(move, text)


def _read(storage: Any, path: str) -> str:
    with storage.open(path) as file:
        return str(file.read().decode("utf-8"))
