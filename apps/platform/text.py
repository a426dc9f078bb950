"""Text from outside: normalised, bounded, free of what can hide or reorder it."""

import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

EMAIL_MAX, LOCAL_PART_MAX = 254, 64  # RFC 5321, 4.5.3.1
# Bidirectional overrides and isolates (Unicode UAX 9) can make a text read as another one.
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean_text(value: str, max_length: int) -> str:
    """NFC, stripped text of several lines. Raises ValueError, with a sentence for people, when it cannot be used."""
    return _clean(value, max_length, allowed="\n\t")


def clean_line(value: str, max_length: int) -> str:
    """Like `clean_text`, for one line."""
    return _clean(value, max_length, allowed="")


def normalise_email(value: str) -> str:
    """The address in lower case. Raises ValueError when it is not a deliverable address."""
    address = clean_line(value, EMAIL_MAX).lower()
    try:
        if len(address.partition("@")[0]) > LOCAL_PART_MAX:
            raise ValidationError("local part")
        validate_email(address)
    except ValidationError:
        raise ValueError("Enter an e-mail address like name@example.org.") from None
    return address


def _clean(value: str, max_length: int, allowed: str) -> str:
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n")).strip()
    if len(text) > max_length:
        raise ValueError(f"Use at most {max_length} characters.")
    for char in text:
        if char in _BIDI:
            raise ValueError("Remove the characters that change the direction of text.")
        if unicodedata.category(char) in ("Cc", "Cs") and char not in allowed:
            raise ValueError("Remove the control characters.")
    return text
