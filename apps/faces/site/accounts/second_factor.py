"""The second factor: set up, prove at sign-in and again before what matters, renew codes, turn off."""

from __future__ import annotations

import io
from datetime import timedelta
from functools import partial
from uuid import UUID

import segno
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from apps.accounts import interface as accounts
from apps.accounts.errors import InvalidCredentials
from apps.faces.shared import second_factor, sign_ins
from apps.platform import clock
from apps.platform.actors import Actor
from apps.platform.errors import Refused

from . import forms
from .entering import ENTRY, enter, go_on, own_address, session_user
from .views import _done, _page, _signed_in, read_or_write

ENTRY_LIFE = timedelta(minutes=10)
GOAL = "second_factor_goal"


@never_cache
@sensitive_post_parameters("code")
@read_or_write
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The second step of signing in: the password was right within the last ten minutes, and has not changed since."""
    waiting = request.session.get(ENTRY) or {}
    user = session_user(UUID(waiting["user"])) if waiting else None
    is_late = not waiting or clock.now().timestamp() - waiting["at"] > ENTRY_LIFE.total_seconds()
    if user is None or is_late or user.get_session_auth_hash() != waiting["hash"]:
        request.session.pop(ENTRY, None)
        messages.warning(request, _("Please sign in once more."))
        return redirect("site:sign-in")
    form = forms.CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _done(form, partial(accounts.prove_second_factor, user_id=user.pk, **form.cleaned_data)):
        goal = waiting["next"]
        enter(request, user)
        second_factor.mark(request)
        return go_on(request, goal)
    return _page(request, "site/accounts/second_factor/sign_in.html", form)


@never_cache
@sensitive_post_parameters("code")
@login_required
@read_or_write
def prove(request: HttpRequest) -> HttpResponse:
    """Once more, before something that matters; then on to `next`."""
    form = forms.CodeForm(request.POST if request.method == "POST" else None)
    user_id = _signed_in(request)
    if not accounts.has_second_factor(user_id=user_id):
        return redirect("site:second-factor")
    if form.is_valid() and _done(form, partial(accounts.prove_second_factor, user_id=user_id, **form.cleaned_data)):
        second_factor.mark(request)
        return go_on(request, request.POST.get("next", ""))
    return _page(request, "site/accounts/second_factor/prove.html", form)


@never_cache
@sensitive_post_parameters("password")
@login_required
@read_or_write
def show(request: HttpRequest) -> HttpResponse:
    """Whether there is one; without one, the password begins to set it up."""
    user_id = _signed_in(request)
    form = forms.BeginForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _knows_password(request, form) and _done(form, partial(_begin, request, user_id)):
        return redirect("site:second-factor-enrolment")
    known = accounts.second_factor_of(user_id=user_id)
    return _page(request, "site/accounts/second_factor/show.html", form, factor=known)


@never_cache
@sensitive_post_parameters("code")
@login_required
@read_or_write
def enrolment(request: HttpRequest) -> HttpResponse:
    """The secret as a QR code and as text, until a first code of the app proves that it arrived there."""
    user_id = _signed_in(request)
    waiting = accounts.pending_second_factor(user_id=user_id)
    if waiting is None:
        return redirect("site:second-factor")
    form = forms.FirstCodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and (codes := _confirmed(form, user_id)):
        update_session_auth_hash(request, session_user(user_id))  # this session goes on, every other one has ended
        second_factor.mark(request)
        return _codes(request, codes, goal=request.session.pop(GOAL, ""))
    secret = " ".join(waiting.secret[at : at + 4] for at in range(0, len(waiting.secret), 4))
    return _page(
        request, "site/accounts/second_factor/enrolment.html", form, secret=secret, qr=_qr(waiting.uri), uri=waiting.uri
    )


@never_cache
@sensitive_post_parameters("code")
@login_required
@read_or_write
def renew_codes(request: HttpRequest) -> HttpResponse:
    user_id = _signed_in(request)
    if not accounts.has_second_factor(user_id=user_id):
        return redirect("site:second-factor")
    form = forms.CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _done(form, partial(accounts.prove_second_factor, user_id=user_id, **form.cleaned_data)):
        second_factor.mark(request)
        return _codes(request, accounts.renew_recovery_codes(user_id=user_id))
    return _page(request, "site/accounts/second_factor/codes_ask.html", form)


@never_cache
@sensitive_post_parameters("password", "code")
@login_required
@read_or_write
def disable(request: HttpRequest) -> HttpResponse:
    user_id = _signed_in(request)
    if not accounts.has_second_factor(user_id=user_id):
        return redirect("site:second-factor")
    form = forms.DisableForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _knows_password(request, form):
        code = form.cleaned_data["code"]
        if _done(form, partial(accounts.prove_second_factor, user_id=user_id, code=code)):
            accounts.disable_second_factor(user_id=user_id, by=Actor(user_id=user_id))
            update_session_auth_hash(request, session_user(user_id))
            request.session.pop(second_factor.MARK, None)
            messages.success(request, _("The second factor is off. You are signed out everywhere else."))
            return redirect("site:second-factor")
    return _page(request, "site/accounts/second_factor/disable.html", form)


def _begin(request: HttpRequest, user_id: UUID) -> None:
    accounts.begin_second_factor(user_id=user_id)
    request.session[GOAL] = own_address(request, request.POST.get("next", ""))


def _confirmed(form: forms.AccountForm, user_id: UUID) -> tuple[str, ...]:
    try:
        return accounts.confirm_second_factor(user_id=user_id, code=form.cleaned_data["code"])
    except Refused as refused:
        form.take_refusal(refused)
        return ()


def _knows_password(request: HttpRequest, form: forms.AccountForm) -> bool:
    """Whether the password is this person's; guesses here are throttled like guesses at sign-in."""
    email = accounts.get_user(user_id=_signed_in(request)).email
    try:
        sign_ins.authenticate(request, email=email, password=form.cleaned_data["password"])
    except InvalidCredentials:
        form.add_error("password", _("This is not your password."))
        return False
    except Refused as refused:
        form.take_refusal(refused)
        return False
    return True


def _codes(request: HttpRequest, codes: tuple[str, ...], goal: str = "") -> HttpResponse:
    """Shown in this answer alone: they are kept as hashes."""
    goal = goal or reverse("site:second-factor")
    return render(request, "site/accounts/second_factor/codes.html", {"codes": codes, "goal": goal})


def _qr(uri: str) -> str:
    drawing = io.BytesIO()
    segno.make(uri, error="m").save(
        drawing, kind="svg", border=2, dark="#1d1e4e", light="#fff", xmldecl=False, svgns=True, omitsize=True
    )
    return mark_safe(drawing.getvalue().decode())  # noqa: S308  drawn here, of an address of ours
