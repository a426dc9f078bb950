from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.accounts import interface as accounts
from apps.accounts.errors import EmailTaken, InvalidCredentials, InvalidSecondFactor, SecondFactorExists
from apps.faces.shared import sign_ins
from apps.platform.errors import Refused, TooManyRequests

WORDS = {
    EmailTaken: _("There is an account with this address already. Sign in, or reset the password."),
    InvalidCredentials: _("The e-mail address or the password is wrong."),
    InvalidSecondFactor: _("This code is wrong or was used before. Wait for the next one, or use a recovery code."),
    SecondFactorExists: _("There is a second factor already. Turn it off first to set up another app."),
    TooManyRequests: _("Too many attempts. Wait a little and try again."),
}


class AccountForm(forms.Form):
    """A form that shows a context's refusal beside the field it is about, and leads the eye to the first error."""

    refusal: Refused | None = None

    def take_refusal(self, refused: Refused) -> None:
        self.refusal = refused
        for each in refused.fields:
            self.add_error(each.field if each.field in self.fields else None, each.detail)
        if not refused.fields:
            self.add_error(None, WORDS.get(type(refused), refused.detail))

    def full_clean(self) -> None:
        super().full_clean()
        for name in list(self.errors)[:1]:
            if name in self.fields:
                self.fields[name].widget.attrs["autofocus"] = True


def _email(**attrs: Any) -> forms.EmailField:
    return forms.EmailField(label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs=attrs))


def _password(label: Any, autocomplete: str, help_text: Any = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, max_length=1024, strip=False, widget=widget, help_text=help_text)


def _new_password() -> forms.CharField:
    return _password(_("New password"), "new-password", _("Eight characters or more. A short sentence is good."))


class SignInForm(AccountForm):
    email = _email(autocomplete="username")
    password = _password(_("Password"), "current-password")

    def sign_in(self, request: HttpRequest) -> accounts.User | None:
        """The person whose credentials these are; None, with the reason on the form, when they are not."""
        try:
            return sign_ins.authenticate(request, **self.cleaned_data)
        except Refused as refused:
            self.take_refusal(refused)
            return None


class SignUpForm(AccountForm):
    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = _email(autocomplete="email")
    password = _password(_("Password"), "new-password", _("Eight characters or more. A short sentence is good."))

    def register(self) -> accounts.User | None:
        """The new donor; None, with the reason on the form, when that was refused."""
        try:
            return accounts.register(**self.cleaned_data)
        except EmailTaken:
            self.add_error("email", WORDS[EmailTaken])
        except Refused as refused:
            self.take_refusal(refused)
        return None


class ProfileForm(AccountForm):
    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))


class PasswordForm(AccountForm):
    old_password = _password(_("Current password"), "current-password")
    password = _new_password()


class ResetRequestForm(AccountForm):
    email = _email(autocomplete="email")


class ResetForm(AccountForm):
    """The new password at the end of a reset link."""

    password = _new_password()

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "password" in cleaned:
            try:
                accounts.check_password_rules(password=cleaned["password"], user_id=self.user.pk)
            except Refused as refused:
                self.take_refusal(refused)
        return cleaned

    def save(self) -> Any:
        accounts.set_password(user_id=self.user.pk, password=self.cleaned_data["password"])
        return self.user


def _code(help_text: Any) -> forms.CharField:
    attrs = {"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
    return forms.CharField(label=_("Code"), max_length=64, widget=forms.TextInput(attrs=attrs), help_text=help_text)


class BeginForm(AccountForm):
    password = _password(_("Your password"), "current-password")


class CodeForm(AccountForm):
    code = _code(_("The six digits that your app shows now, or one of your recovery codes."))


class FirstCodeForm(AccountForm):
    code = _code(_("The six digits that the app shows now."))


class DisableForm(AccountForm):
    password = _password(_("Your password"), "current-password")
    code = _code(_("The six digits that your app shows now, or one of your recovery codes."))


class EraseForm(AccountForm):
    password = _password(_("Your password"), "current-password")
    understood = forms.BooleanField(label=_("I understand that this cannot be undone."))
