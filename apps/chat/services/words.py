"""The word filter: whole words, whatever the case, the accents and the invisible characters between their letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence


def fold(text: str) -> str:
    """The text as the filter sees it: compatibility forms taken apart, without format characters, in folded case.

    Combining marks of Latin letters go, those of scripts that spell with them (Bangla) stay.
    """
    apart = unicodedata.normalize("NFKD", text)
    kept = (char for char in apart if unicodedata.category(char) != "Cf" and not "\u0300" <= char <= "\u036f")
    return "".join(kept).casefold()


def holds_any(text: str, words: Sequence[str]) -> bool:
    folded = fold(text)
    return any(
        re.search(rf"(?<!\w){re.escape(fold(word))}(?!\w)", folded) is not None for word in words if fold(word).strip()
    )
