"""What pages show of messages: the bell's figure (one row, asked when a template shows it), and in a demonstration the way to
its mailbox."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from apps.notifications import interface as notifications


def bell(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    return {
        "unread": SimpleLazyObject(lambda: notifications.unread_count(user_id=user.pk) if user and user.pk else 0),
        "mailbox_url": reverse("site:mailbox") if settings.DEMO_MODE and settings.HAS_MAILBOX else "",
    }
