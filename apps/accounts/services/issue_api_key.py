"""API keys as staff hand them out and take them back."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from apps.platform import clock
from apps.platform.actors import Actor
from apps.platform.errors import Forbidden, Invalid, NotFound
from apps.platform.text import clean_line

from .. import data
from ..models import ApiKey
from .keys import create_api_key
from .record_action import record_action

SCOPES = ("bank",)
NAME_MAX = 80


def issue_api_key(*, by: Actor, name: str, scopes: Collection[str]) -> tuple[data.ApiKey, str]:
    """A new key and its plain text, which is shown this once. Staff only: raises Forbidden; Invalid."""
    if not by.is_staff:
        raise Forbidden("Only staff make API keys.")
    try:
        name = clean_line(name, NAME_MAX)
    except ValueError as error:
        raise Invalid.field("name", "invalid", str(error)) from None
    if not name:
        raise Invalid.field("name", "required", "Say what the key is for.")
    if unknown := set(scopes) - set(SCOPES):
        raise Invalid.field("scopes", "unknown-choice", f"There is no scope {', '.join(sorted(unknown))}.")
    with transaction.atomic():
        made, plain = create_api_key(name=name, scopes=scopes)
        record_action(by=by, action="api_key.issue", subject_id=made.id, detail={"scopes": sorted(scopes)})
    return made, plain


def revoke_api_key(*, by: Actor, key_id: UUID) -> None:
    """Make a key worthless from now on; repeating it changes nothing. Staff only. Raises Forbidden, NotFound."""
    if not by.is_staff:
        raise Forbidden("Only staff revoke API keys.")
    with transaction.atomic():
        if ApiKey.objects.filter(pk=key_id, revoked_at=None).update(revoked_at=clock.now()):
            record_action(by=by, action="api_key.revoke", subject_id=key_id)
        elif not ApiKey.objects.filter(pk=key_id).exists():
            raise NotFound("There is no such key.")
