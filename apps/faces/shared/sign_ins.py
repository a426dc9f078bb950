"""Guessing passwords is slow: failures are counted per account and address, per account, and per address.

An attempt is paid before the password is looked at, so that parallel guesses cannot slip through, and given back when
it succeeds. The bound per account alone is wide: a stranger should not be able to lock its owner out cheaply.
"""

from __future__ import annotations

from django.http import HttpRequest

from apps.accounts import interface as accounts

from .limits import Limit, client_address

PER_ADDRESS = Limit(burst=60, per_second=1.0)
PER_ACCOUNT_AND_ADDRESS = Limit(burst=10, per_second=1 / 20)
PER_ACCOUNT = Limit(burst=100, per_second=1 / 5)


def authenticate(request: HttpRequest, *, email: str, password: str) -> accounts.User:
    """The user with these credentials. Raises InvalidCredentials, TooManyRequests (alike for unknown accounts)."""
    address, account = client_address(request), email.strip().lower()
    paid = ((PER_ADDRESS, address), (PER_ACCOUNT_AND_ADDRESS, f"{account} {address}"), (PER_ACCOUNT, account))
    for limit, key in paid:
        limit.take(key)
    user = accounts.authenticate(email=email, password=password)
    for limit, key in paid:
        limit.give_back(key)
    return user
