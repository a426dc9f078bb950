"""The bell's figure, for every page of somebody who is signed in: one row of one table, asked when the template shows it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from apps.notifications import interface as notifications


def bell(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    return {"unread": SimpleLazyObject(lambda: notifications.unread_count(user_id=user.pk) if user and user.pk else 0)}
