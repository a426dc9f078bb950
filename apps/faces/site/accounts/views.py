"""Pages of one's own account: forms, sessions and redirects. Passwords and roles are the business of the context."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth import views as django_views
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts import interface as accounts
from apps.faces.shared.limits import Limit, client_address
from apps.faces.site.errors import page
from apps.platform.errors import Refused, TooManyRequests

from . import forms
from .entering import enter_or_ask, session_user

SIGN_UPS = Limit(burst=20, per_second=1 / 10)
RESETS_PER_ADDRESS = Limit(burst=20, per_second=1 / 30)
RESETS_PER_ACCOUNT = Limit(burst=3, per_second=1 / 600)
read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@sensitive_post_parameters("password")
@read_or_write
def sign_in(request: HttpRequest) -> HttpResponse:
    form = forms.SignInForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and (user := form.sign_in(request)):
        return enter_or_ask(request, user.id)
    return _page(request, "site/accounts/sign_in.html", form)


@never_cache
@sensitive_post_parameters("password")
@read_or_write
def sign_up(request: HttpRequest) -> HttpResponse:
    form = forms.SignUpForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _within(form, SIGN_UPS, client_address(request)) and (user := form.register()):
        return enter_or_ask(request, user.id)
    return _page(request, "site/accounts/sign_up.html", form)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@never_cache
@login_required
@read_or_write
def profile(request: HttpRequest) -> HttpResponse:
    person = accounts.get_user(user_id=_signed_in(request))
    form = forms.ProfileForm(request.POST if request.method == "POST" else None, initial={"name": person.name})
    if form.is_valid() and _done(form, partial(accounts.rename, user_id=person.id, **form.cleaned_data)):
        messages.success(request, _("Your name was saved."))
        return redirect("site:profile")
    return _page(request, "site/accounts/profile.html", form, person=person)


@never_cache
@sensitive_post_parameters("old_password", "password")
@login_required
@read_or_write
def change_password(request: HttpRequest) -> HttpResponse:
    form = forms.PasswordForm(request.POST if request.method == "POST" else None)
    user_id = _signed_in(request)
    if form.is_valid() and _done(form, partial(accounts.change_password, user_id=user_id, **form.cleaned_data)):
        update_session_auth_hash(request, session_user(user_id))  # this session goes on, every other one ends
        messages.success(request, _("Your password was changed. You are signed out everywhere else."))
        return redirect("site:profile")
    return _page(request, "site/accounts/password.html", form)


@login_required
@require_POST
@page
def ask_verification(request: HttpRequest) -> HttpResponse:
    RESETS_PER_ACCOUNT.take(f"verify {_signed_in(request)}")
    accounts.request_verification(user_id=_signed_in(request))
    messages.success(request, _("The link is on its way to your mailbox."))
    return redirect("site:profile")


@never_cache
@read_or_write
@page
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """Scanners of mail open links; a button confirms."""
    if request.method == "POST":
        accounts.verify_email(token=token)
        messages.success(request, _("Thank you: this address is yours."))
        return redirect("site:profile")
    response = render(request, "site/accounts/verify.html")
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@never_cache
@read_or_write
def request_reset(request: HttpRequest) -> HttpResponse:
    """Says the same, after the same work, for known and unknown addresses; the link goes out by mail."""
    form = forms.ResetRequestForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _within(form, RESETS_PER_ADDRESS, client_address(request)):
        email = form.cleaned_data["email"].lower()
        if _within(form, RESETS_PER_ACCOUNT, email):
            accounts.request_password_reset(email=email)
            return redirect("site:password-reset-sent")
    return _page(request, "site/accounts/reset.html", form)


@never_cache
@require_http_methods(["GET", "HEAD"])
def reset_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "site/accounts/reset_sent.html")


class Reset(django_views.PasswordResetConfirmView):
    """Django keeps the link's token in the session and out of the address of the page with the form."""

    form_class = forms.ResetForm  # type: ignore[assignment]
    template_name = "site/accounts/reset_confirm.html"
    success_url = reverse_lazy("site:sign-in")

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        messages.success(self.request, _("Your password was changed. Sign in with the new one."))
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


def _signed_in(request: HttpRequest) -> UUID:
    assert request.user.pk, "only for views behind login_required"
    return request.user.pk


def _within(form: forms.AccountForm, limit: Limit, key: str) -> bool:
    return _done(form, partial(limit.take, key))


def _done(form: forms.AccountForm, effect: partial[Any]) -> bool:
    try:
        effect()
    except Refused as refused:
        form.take_refusal(refused)
        return False
    return True


def _page(request: HttpRequest, template: str, form: forms.AccountForm, **context: Any) -> HttpResponse:
    """The form, with what was typed and what is wrong with it; 422 once something is."""
    goal = request.POST.get("next") or request.GET.get("next", "")
    status = 422 if form.is_bound else 200
    response = render(request, template, {"form": form, "next": goal, **context}, status=status)
    return _refused(response, form.refusal) if isinstance(form.refusal, TooManyRequests) else response


def _refused(response: HttpResponse, refused: TooManyRequests) -> HttpResponse:
    response.status_code = 429
    response.headers["Retry-After"] = str(refused.retry_after or 1)
    return response
