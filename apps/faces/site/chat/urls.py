"""Chat's pages: the same room under three addresses, the desk beside a campaign."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import desk, views
from .here import BESIDE, BY_LINK, LISTED


def _room(prefix: str, kind: str) -> list[URLPattern]:
    given = {"kind": kind}
    return [
        path(prefix, views.room, given, name=kind),
        path(f"{prefix}messages.json", views.messages, given, name=f"{kind}-messages"),
        path(f"{prefix}removals/", views.remove, given, name=f"{kind}-removals"),
        path(f"{prefix}reports/", views.report, given, name=f"{kind}-reports"),
        path(f"{prefix}restrictions/", desk.restrict, given, name=f"{kind}-restrictions"),
        path(f"{prefix}desk/", desk.desk, given, name=f"{kind}-desk"),
        path(f"{prefix}desk/releases/", desk.release, given, name=f"{kind}-releases"),
        path(f"{prefix}desk/pace/", desk.pace, given, name=f"{kind}-pace"),
        path(f"{prefix}desk/words/", desk.words, given, name=f"{kind}-words"),
        path(f"{prefix}desk/kept/", desk.keep, given, name=f"{kind}-kept"),
    ]


urlpatterns = [
    *_room("campaigns/<slug:slug>/chat/", BESIDE),
    *_room("support/<str:key>/", BY_LINK),
    path("conversations/", views.conversations, name="conversations"),
    *_room("conversations/<uuid:room_id>/", LISTED),
    path("donations/<str:token>/support/", views.ask_the_team, name="ask-the-team"),
]
