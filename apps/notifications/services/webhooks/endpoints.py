"""Endpoints of integrations: campaign managers are told of their own campaigns, staff of the whole platform if they want."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.accounts import interface as accounts
from apps.platform import clock, text
from apps.platform.actors import Actor
from apps.platform.errors import FieldError, Forbidden, Invalid
from apps.platform.ids import new_id

from ... import data
from ...data import EVENT_TYPES
from ...errors import EndpointNotFound, TooManyEndpoints
from ...gateway.webhooks import refuse_address
from ...models import Endpoint
from .secrets import OVERLAP, secret_of

MOST = 20
EDITABLE = frozenset({"url", "description", "event_types", "is_active"})


def create_endpoint(
    *, by: Actor, url: str, event_types: Iterable[str] = EVENT_TYPES, description: str = "", covers_all: bool = False
) -> tuple[data.Endpoint, str]:
    """A new endpoint and its secret, which is shown this once. Managers and staff only; `covers_all` staff only.

    Raises Forbidden, Invalid, TooManyEndpoints.
    """
    if by.user_id is None or not (by.is_manager or by.is_staff):
        raise Forbidden("Only campaign managers and staff have webhook endpoints.")
    if covers_all and not by.is_staff:
        raise Forbidden("Only staff are told of every campaign.")
    values = _checked({"url": url, "event_types": list(event_types), "description": description})
    with transaction.atomic():
        # Counting and adding are one step for one person: the lock is the person's own.
        mine = Endpoint.objects.select_for_update(no_key=True).filter(owner_id=str(by.user_id)).order_by("pk")
        if len(mine) >= MOST:
            raise TooManyEndpoints
        row = Endpoint.objects.create(
            id=new_id(), owner_id=by.user_id, covers_all=covers_all, created_at=clock.now(), **values
        )
        accounts.record_action(by=by, action="webhook_endpoint.create", subject_id=row.pk)
    return endpoint_data(row), secret_of(row.pk, row.secret_version)


def get_endpoint(*, endpoint_id: UUID, by: Actor) -> data.Endpoint:
    """For its owner and staff. Raises EndpointNotFound for everyone else."""
    return endpoint_data(_visible(endpoint_id, by))


def list_endpoints(*, by: Actor) -> list[data.Endpoint]:
    """The caller's own, newest first; staff see everyone's."""
    rows = Endpoint.objects.order_by("-pk")
    if not by.is_staff:
        rows = rows.filter(owner_id=str(by.user_id))
    return [endpoint_data(row) for row in rows[:500]]


def edit_endpoint(*, endpoint_id: UUID, by: Actor, changes: Mapping[str, Any]) -> data.Endpoint:
    """Change some of url, description, event_types, is_active; switching it on again forgives its failures.

    Raises EndpointNotFound, Invalid.
    """
    wanted = {name: value for name, value in changes.items() if name in EDITABLE}
    with transaction.atomic():
        row = _visible(endpoint_id, by, lock=True)
        values = _checked({"url": row.url, "event_types": row.event_types, "description": row.description} | wanted)
        for name, value in values.items():
            setattr(row, name, value)
        if values.get("is_active"):
            row.disabled_at = row.failing_since = None
        row.save()
        accounts.record_action(by=by, action="webhook_endpoint.edit", subject_id=row.pk)
    return endpoint_data(row)


def delete_endpoint(*, endpoint_id: UUID, by: Actor) -> None:
    """Gone with its deliveries. Raises EndpointNotFound."""
    with transaction.atomic():
        _visible(endpoint_id, by, lock=True).delete()
        accounts.record_action(by=by, action="webhook_endpoint.delete", subject_id=endpoint_id)


def rotate_secret(*, endpoint_id: UUID, by: Actor) -> str:
    """A new secret, shown this once; for 24 hours deliveries are signed with the old one as well. Raises EndpointNotFound."""
    with transaction.atomic():
        row = _visible(endpoint_id, by, lock=True)
        row.secret_version += 1
        row.old_secret_until = clock.now() + OVERLAP
        row.save(update_fields=["secret_version", "old_secret_until"])
        accounts.record_action(by=by, action="webhook_endpoint.rotate_secret", subject_id=row.pk)
    return secret_of(row.pk, row.secret_version)


def endpoint_data(row: Endpoint) -> data.Endpoint:
    return data.Endpoint(
        id=row.pk,
        owner_id=row.owner_id,
        covers_all=row.covers_all,
        url=row.url,
        description=row.description,
        event_types=tuple(row.event_types),
        is_active=row.is_active,
        failing_since=row.failing_since,
        disabled_at=row.disabled_at,
        created_at=row.created_at,
    )


def _visible(endpoint_id: UUID, by: Actor, *, lock: bool = False) -> Endpoint:
    rows = Endpoint.objects.select_for_update(no_key=True) if lock else Endpoint.objects.all()
    row = rows.filter(pk=endpoint_id).first()
    if row is None or by.user_id is None or not (by.is_staff or row.owner_id == by.user_id):
        raise EndpointNotFound
    return row


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    wrong = []
    if len(values["url"]) > 500 or (why := refuse_address(values["url"])):
        wrong.append(FieldError("url", "invalid", why if len(values["url"]) <= 500 else "Use at most 500 characters."))
    types = values["event_types"]
    if not types or any(each not in EVENT_TYPES for each in types):
        wrong.append(FieldError("event_types", "unknown-choice", f"Choose some of: {', '.join(EVENT_TYPES)}."))
    try:
        values["description"] = text.clean_line(values["description"], 200)
    except ValueError as error:
        wrong.append(FieldError("description", "invalid", str(error)))
    if wrong:
        raise Invalid(fields=tuple(wrong))
    return values | {"event_types": sorted(set(types), key=EVENT_TYPES.index)}
