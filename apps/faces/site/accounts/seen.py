"""Notes where people are signed in: every few minutes at most, so that looking at pages writes nothing."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from apps.accounts import interface as accounts
from apps.platform import clock

SEEN = "seen"
NOTED_EVERY = 300  # seconds


class SeenMiddleware:
    """Inside the sessions' and the sign-in's middleware. The session itself remembers when it was noted last, and under
    which key: signing in and a new password change that."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.session.is_empty() and request.user.is_authenticated:
            _note(request)
        return response


def _note(request: HttpRequest) -> None:
    now, key = int(clock.now().timestamp()), request.session.session_key
    at, known = request.session.get(SEEN) or (0, "")
    if key is None or (known == key and now - at < NOTED_EVERY):
        return
    assert request.user.pk, "signed in"
    accounts.note_session(session_key=key, user_id=request.user.pk, user_agent=request.headers.get("User-Agent", ""))
    request.session[SEEN] = (now, key)
