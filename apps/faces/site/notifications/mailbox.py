"""The mailbox of a demonstration: every mail that this copy sent, for everyone to read. There is none outside of demo mode."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.notifications import interface as notifications

# What came as mail is shown as a mail reader would: its own styles, no scripts, nothing from elsewhere.
LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
)


@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "site/notifications/mailbox.html", {"mails": notifications.list_mailbox()})


@never_cache
@require_safe
def show(request: HttpRequest, mail_id: str) -> HttpResponse:
    return render(request, "site/notifications/mail.html", {"mail": _mail(mail_id)})


@never_cache
@require_safe
def html(request: HttpRequest, mail_id: str) -> HttpResponse:
    response = HttpResponse(_mail(mail_id).html)
    response.headers["Content-Security-Policy"] = LETTER_POLICY
    return response


def _mail(mail_id: str) -> notifications.SentMail:
    mail = notifications.read_mailbox(mail_id=mail_id)
    if mail is None:
        raise Http404
    return mail
