"""News of a campaign, written by its team: sanitised Markdown, shown on its page and mailed to its followers."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from apps.accounts import interface as accounts
from apps.outbox import interface as outbox
from apps.platform import clock, text
from apps.platform.actors import Actor
from apps.platform.cursors import decode_cursor, encode_cursor
from apps.platform.errors import FieldError, Forbidden, Invalid, InvalidTransition
from apps.platform.ids import new_id

from .. import data
from ..errors import UpdateNotFound
from ..events import CampaignUpdatePosted
from ..models import Update
from ..queries import get_campaign, may_manage
from ..states import PUBLIC
from .changed import announce_change
from .story import render_story

TITLE_MAX, BODY_MAX = 120, 20_000


def post_update(*, campaign_id: UUID, by: Actor, title: str, body: str) -> data.Update:
    """Publish news. The campaign's manager and staff, of a campaign that is public.

    Publishes CampaignUpdatePosted. Raises CampaignNotFound, Forbidden, InvalidTransition, Invalid.
    """
    campaign = _managed(campaign_id, by)
    if campaign.status not in PUBLIC:
        raise InvalidTransition(f"A campaign that is {campaign.status} has no readers for news.")
    title, body = _checked(title, body)
    now = clock.now()
    with transaction.atomic():
        row = Update.objects.create(
            id=new_id(),
            campaign_id=campaign_id,
            author_id=by.user_id,
            title=title,
            body=body,
            body_html=render_story(body),
            published_at=now,
        )
        outbox.publish(
            CampaignUpdatePosted(
                update_id=row.pk,
                campaign_id=campaign_id,
                manager_id=campaign.manager_id,
                title=title,
                slug=campaign.slug,
            )
        )
        announce_change(campaign_id)
        accounts.record_action(by=by, action="campaign_update.post", subject_id=row.pk)
    return _data(row)


def edit_update(
    *, campaign_id: UUID, update_id: UUID, by: Actor, title: str | None = None, body: str | None = None
) -> data.Update:
    """Correct news; nobody is mailed again. Raises UpdateNotFound, CampaignNotFound, Forbidden, Invalid."""
    with transaction.atomic():
        row = _row(campaign_id, update_id)
        _managed(campaign_id, by)
        row.title, row.body = _checked(row.title if title is None else title, row.body if body is None else body)
        row.body_html, row.edited_at = render_story(row.body), clock.now()
        row.save(update_fields=["title", "body", "body_html", "edited_at"])
        announce_change(row.campaign_id)
        accounts.record_action(by=by, action="campaign_update.edit", subject_id=row.pk)
    return _data(row)


def preview_update(*, campaign_id: UUID, by: Actor, title: str, body: str) -> data.Update:
    """How this news would look; nothing is kept. Raises CampaignNotFound, Forbidden, Invalid."""
    _managed(campaign_id, by)
    title, body = _checked(title, body)
    return data.Update(
        id=new_id(),
        campaign_id=campaign_id,
        title=title,
        body=body,
        body_html=render_story(body),
        published_at=clock.now(),
        edited_at=None,
    )


def remove_update(*, campaign_id: UUID, update_id: UUID, by: Actor) -> None:
    """Take news off the page; letters that wait are dropped. Raises UpdateNotFound, CampaignNotFound, Forbidden."""
    with transaction.atomic():
        row = _row(campaign_id, update_id)
        _managed(campaign_id, by)
        row.removed_at = clock.now()
        row.save(update_fields=["removed_at"])
        announce_change(row.campaign_id)
        accounts.record_action(by=by, action="campaign_update.remove", subject_id=row.pk)


def list_updates(
    *, campaign_id: UUID, viewer: Actor, cursor: str | None = None, page_size: int = 20
) -> tuple[tuple[data.Update, ...], str | None]:
    """A campaign's news, newest first, and the cursor of what follows. Raises CampaignNotFound, Invalid."""
    get_campaign(campaign_id=campaign_id, viewer=viewer)
    rows = Update.objects.filter(campaign_id=campaign_id, removed_at=None)
    if cursor:
        rows = rows.filter(pk__lt=_before(cursor))
    found = list(rows.order_by("-pk")[: page_size + 1])
    shown = found[:page_size]
    following = encode_cursor(shown[-1].pk) if len(found) > page_size else None
    return tuple(_data(row) for row in shown), following


def latest_updates(*, campaign_id: UUID, limit: int = 2) -> list[data.Update]:
    """A campaign's newest news, in one query. Does not check permissions."""
    rows = Update.objects.filter(campaign_id=campaign_id, removed_at=None).order_by("-pk")[:limit]
    return [_data(row) for row in rows]


def get_updates(*, update_ids: list[UUID]) -> dict[UUID, data.Update]:
    """These news, those that were not removed, in one query. Does not check permissions."""
    return {row.pk: _data(row) for row in Update.objects.filter(pk__in=update_ids, removed_at=None)}


def _managed(campaign_id: UUID, by: Actor) -> data.Campaign:
    campaign = get_campaign(campaign_id=campaign_id, viewer=by)
    if not may_manage(campaign, by):
        raise Forbidden("Only the campaign's manager and staff write its news.")
    return campaign


def _row(campaign_id: UUID, update_id: UUID) -> Update:
    rows = Update.objects.select_for_update(no_key=True)
    row = rows.filter(pk=update_id, campaign_id=campaign_id, removed_at=None).first()
    if row is None:
        raise UpdateNotFound
    return row


def _checked(title: str, body: str) -> tuple[str, str]:
    wrong = []
    try:
        title = text.clean_line(title, TITLE_MAX)
    except ValueError as error:
        wrong.append(FieldError("title", "invalid", str(error)))
    try:
        body = text.clean_text(body, BODY_MAX)
    except ValueError as error:
        wrong.append(FieldError("body", "invalid", str(error)))
    wrong += [
        FieldError(field, "required", "Write something here.")
        for field, value in (("title", title), ("body", body))
        if not value and not any(each.field == field for each in wrong)
    ]
    if wrong:
        raise Invalid(fields=tuple(wrong))
    return title, body


def _before(cursor: str) -> UUID:
    try:
        return UUID(decode_cursor(cursor, 1)[0])
    except (ValueError, TypeError, AttributeError):
        raise Invalid.field("cursor", "invalid", "Use a cursor from `next`, unchanged.") from None


def _data(row: Update) -> data.Update:
    return data.Update(
        id=row.pk,
        campaign_id=row.campaign_id,
        title=row.title,
        body=row.body,
        body_html=row.body_html,
        published_at=row.published_at,
        edited_at=row.edited_at,
    )
