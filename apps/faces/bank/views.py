"""Name an account, see what is asked, say yes or no, go back. No rules here, and nothing of the platform's."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.template.loader import get_template
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST, require_safe

from apps.bank import interface as bank
from apps.bank.errors import ConsentAnswered, OtherVisitor, UnknownAccount
from apps.faces.shared.amounts import money, time_of_day
from apps.faces.shared.limits import Limit, client_address
from apps.faces.shared.problems import STATUS
from apps.platform.errors import Refused

from .asked import Asked, read

COOKIE = "bank_visit"
ANSWERS = Limit(burst=30, per_second=0.5)
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'self'{merchant}"
)
View = Callable[[HttpRequest, Asked, str], HttpResponse]


def counter(view: View) -> Callable[..., HttpResponse]:
    """Read the signed address, speak the visitor's language, show refusals as pages, and set the policy and the cookie."""

    @wraps(view)
    def wrapper(request: HttpRequest, asked: str) -> HttpResponse:
        visitor = request.COOKIES.get(COOKIE, "") or secrets.token_urlsafe(24)
        with translation.override(translation.get_language_from_request(request)):
            merchant = ""
            try:
                wanted = read(asked)
                merchant = f" {wanted.origin}"
                bank.ask_consent(reference=wanted.reference, amount=wanted.amount, currency=wanted.currency)
                request.token = asked  # type: ignore[attr-defined]
                response = view(request, wanted, visitor)
            except Refused as refused:
                response = _page(request, {"refused": refused}, status=STATUS[refused.kind])
        response.headers["Content-Security-Policy"] = POLICY.format(merchant=merchant)
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Robots-Tag"] = "noindex"
        response.set_cookie(
            COOKIE,
            visitor,
            max_age=3600,
            path="/bank/",
            httponly=True,
            samesite="Lax",
            secure=settings.CSRF_COOKIE_SECURE,
        )
        return response

    return never_cache(csrf_protect(wrapper))


@require_safe
@counter
def show(request: HttpRequest, asked: Asked, visitor: str) -> HttpResponse:
    return _asked(request, asked, visitor)


@require_POST
@counter
def account(request: HttpRequest, asked: Asked, visitor: str) -> HttpResponse:
    ANSWERS.take(client_address(request))
    number = request.POST.get("account", "").strip()
    try:
        bank.name_account(reference=asked.reference, account=number, visitor=visitor)
    except UnknownAccount:
        return _asked(request, asked, visitor, typed=number, status=422)
    except ConsentAnswered:
        pass  # the page says so
    return HttpResponseRedirect(reverse("bank:consent", args=[request.token]))  # type: ignore[attr-defined]


@require_POST
@counter
def yes(request: HttpRequest, asked: Asked, visitor: str) -> HttpResponse:
    """Twice is once: the second time there is nothing left to answer, and the way back is the same."""
    ANSWERS.take(client_address(request))
    try:
        bank.give_consent(reference=asked.reference, visitor=visitor)
    except UnknownAccount:
        return _asked(request, asked, visitor, typed="", status=422)
    except ConsentAnswered:
        pass
    return _back(asked)


@require_POST
@counter
def no(request: HttpRequest, asked: Asked, visitor: str) -> HttpResponse:
    ANSWERS.take(client_address(request))
    with suppress(ConsentAnswered):
        bank.refuse_consent(reference=asked.reference, visitor=visitor)
    return _back(asked)


def _asked(
    request: HttpRequest, asked: Asked, visitor: str, *, typed: str | None = None, status: int = 200
) -> HttpResponse:
    consent = bank.ask_consent(reference=asked.reference, amount=asked.amount, currency=asked.currency)
    if not bank.is_visitor(reference=asked.reference, visitor=visitor):
        raise OtherVisitor
    context = {
        "asked": asked,
        "consent": consent,
        "amount": money(asked.amount, asked.currency),
        "ending": consent.account[-4:],
        "typed": typed,
        "until": time_of_day(consent.expires_at),
        "token": request.token,  # type: ignore[attr-defined]
        "test_accounts": bank.TEST_ACCOUNTS if settings.DEMO_MODE else {},
    }
    return _page(request, context, status=status)


def _back(asked: Asked) -> HttpResponse:
    return HttpResponseRedirect(asked.return_url)


def _page(request: HttpRequest, context: dict[str, Any], *, status: int) -> HttpResponse:
    """Without the platform's context processors: this page knows no session."""
    template = get_template("bank/consent.html")
    return HttpResponse(template.render(context | {"csrf_token": get_token(request)}), status=status)
