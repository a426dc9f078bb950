"""In which language a caller of the API would like to be written to."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import translation


def preferred_language(request: HttpRequest) -> str:
    """The best of our languages by Accept-Language; empty where the caller does not say."""
    if not request.META.get("HTTP_ACCEPT_LANGUAGE"):
        return ""
    return translation.get_language_from_request(request)
