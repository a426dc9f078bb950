from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.lookups import TrigramWordSimilar
from django.db.models import Count, Q, QuerySet, Value
from django.db.models.expressions import F
from django.db.models.functions import Upper

from apps.accounts import interface as accounts
from apps.platform import clock, db
from apps.platform.actors import Actor
from apps.platform.cursors import decode_cursor, encode_cursor
from apps.platform.errors import Invalid
from apps.platform.replica import may_be_stale

from .. import data
from ..data import EDIT, MONEY, SEE
from ..errors import CampaignNotFound
from ..models import CATEGORIES, Campaign, CampaignTotals
from ..states import PUBLIC, Status
from .team import may, roles_with

NEXT, PREVIOUS = "n", "p"
SITEMAP_MAX = 20_000
SPELT_ALIKE_FROM = 4
ORDERINGS = {
    "-created_at": ("created_at", True),
    "-raised_amount": ("totals__raised", True),
    "ends_at": ("ends_at", False),
}


def campaign_data(row: Campaign) -> data.Campaign:
    totals = row.totals
    raised = totals.captured - totals.refunded
    return data.Campaign(
        id=row.id,
        slug=row.slug,
        title=row.title,
        summary=row.summary,
        story=row.story,
        story_html=row.story_html,
        category=row.category,
        status=str(row.status),
        goal_amount=row.goal_amount,
        currency=row.currency,
        minimum_amount=row.minimum_amount,
        maximum_amount=row.maximum_amount,
        raised_amount=raised,
        donor_count=totals.donor_count,
        totals_version=totals.version,
        revision=row.revision,
        progress=round(raised / row.goal_amount, 4),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        manager_id=row.manager_id,
        organizer_name=row.organizer_name,
        cover=_cover(row.cover),
        created_at=row.created_at,
        updated_at=row.updated_at,
        faq=tuple(data.Question(**each) for each in row.faq),
        milestones=tuple(data.Milestone(**each) for each in row.milestones),
        presets=tuple(row.presets),
        thank_you=row.thank_you,
    )


def may_manage(campaign: data.Campaign, actor: Actor, what: str = EDIT) -> bool:
    """Whether the actor may do `what` with the campaign; asks the database only about people who do not own it."""
    if actor.is_staff or (actor.user_id is not None and actor.user_id == campaign.manager_id):
        return True
    return may(campaign_id=campaign.id, actor=actor, what=what)


def get_campaign(*, campaign_id: UUID | None = None, slug: str | None = None, viewer: Actor) -> data.Campaign:
    """One campaign, in one query. Raises CampaignNotFound, also for what this viewer may not see."""
    where = Q(pk=campaign_id) if campaign_id else Q(slug=slug or "")
    row = Campaign.objects.select_related("totals").filter(where).first()
    if row is None:
        raise CampaignNotFound
    found = campaign_data(row)
    if found.status not in PUBLIC and not may_manage(found, viewer, SEE):
        raise CampaignNotFound
    return found


def get_campaigns(*, campaign_ids: Iterable[UUID]) -> dict[UUID, data.Campaign]:
    """Several by id, in one query. Does not check permissions."""
    return {
        row.id: campaign_data(row)
        for row in Campaign.objects.select_related("totals").filter(pk__in=list(campaign_ids))
    }


@may_be_stale
def list_campaigns(
    *,
    viewer: Actor,
    search: str = "",
    category: str = "",
    status: str = "",
    ordering: str = "-created_at",
    mine: bool = False,
    managed: bool = False,
    cursor: str | None = None,
    page_size: int = 20,
) -> data.Page:
    """A page of public campaigns (with `mine`, of the viewer's own in any state; with `managed`, of those the viewer may
    manage, which for staff are all), in one query, for members of teams in two. Raises Invalid."""
    is_own = mine or (managed and not viewer.is_staff)
    if is_own and viewer.user_id is None:
        return data.Page((), None)
    _known("ordering", ordering, ORDERINGS)
    _known("category", category, ("", *CATEGORIES))
    _known("status", status, ("", *(Status if is_own or viewer.is_staff else PUBLIC)))
    rows = Campaign.objects.select_related("totals")
    if mine and viewer.user_id:
        rows = rows.filter(manager_id=viewer.user_id)
    elif is_own and viewer.user_id:
        rows = rows.filter(_in_team(viewer.user_id))
    if status:
        rows = rows.filter(status=status)
    elif not is_own and not managed:
        rows = rows.filter(status__in=PUBLIC)
    if category:
        rows = rows.filter(category=category)
    if search:
        rows = rows.filter(_matches(search))
    return _page(rows, ordering, cursor, page_size)


@may_be_stale
def count_by_status(*, viewer: Actor) -> dict[str, int]:
    """How many campaigns of each status the viewer may manage; for staff all of them. One query."""
    rows = Campaign.objects.all()
    if not viewer.is_staff:
        if viewer.user_id is None:
            return {}
        rows = rows.filter(_in_team(viewer.user_id))
    return dict(rows.values_list("status").annotate(number=Count("pk")).order_by())


@may_be_stale
def managed_titles(*, viewer: Actor, what: str = MONEY, limit: int = 200) -> dict[UUID, str]:
    """The titles of the newest campaigns with which the viewer may do `what`, for a choice; for staff of all. One small query."""
    rows = Campaign.objects.order_by("-created_at", "-id")
    if not viewer.is_staff:
        if viewer.user_id is None:
            return {}
        rows = rows.filter(_in_team(viewer.user_id, what))
    return dict(rows.values_list("pk", "title")[:limit])


def review_reason(*, campaign_id: UUID) -> str:
    """Why staff last sent the campaign back, empty when they did not. One query. Does not check permissions."""
    told = accounts.list_actions(subject_id=campaign_id, action="campaign.return", limit=1)
    return str(told[0].detail.get("reason", "")) if told else ""


_MANAGED = """
    SELECT id FROM campaigns_campaign WHERE manager_id = %(user)s
    UNION SELECT campaign_id FROM campaigns_teammember WHERE user_id = %(user)s AND role = ANY(%(roles)s)
"""


def managed_campaign_ids(*, user_id: UUID, what: str = MONEY) -> list[UUID]:
    """The campaigns with which this person may do `what`: their own, and those of their teams. One query."""
    return [row["id"] for row in db.rows(_MANAGED, {"user": user_id, "roles": roles_with(what)})]


def is_manager(*, campaign_id: UUID, user_id: UUID | None) -> bool:
    """Whether the campaign is this person's own."""
    return user_id is not None and Campaign.objects.filter(pk=campaign_id, manager_id=user_id).exists()


def may_handle_money(*, campaign_id: UUID, actor: Actor) -> bool:
    """Whether the actor looks after this campaign's money: gifts, refunds, exports, payouts."""
    return may(campaign_id=campaign_id, actor=actor, what=MONEY)


def money_campaign_ids(*, user_id: UUID | None) -> list[UUID]:
    """The campaigns whose money this person looks after. One query."""
    return managed_campaign_ids(user_id=user_id) if user_id else []


def get_totals(*, campaign_ids: Iterable[UUID]) -> dict[UUID, data.MoneyTotals]:
    """The folded totals of these campaigns, in one query. Does not check permissions."""
    rows = CampaignTotals.objects.filter(pk__in=list(campaign_ids)).values_list(
        "campaign_id", "campaign__currency", "captured", "refunded"
    )
    return {row[0]: data.MoneyTotals(*row) for row in rows}


def lock_accepting(*, campaign_ids: Iterable[UUID]) -> dict[UUID, data.AcceptingCampaign]:
    """The campaigns among these that take gifts now, share-locked until the caller's transaction ends, so that closing
    cannot overtake a pledge. Those missing from the result do not accept."""
    found = db.rows(
        """SELECT id, title, slug, currency, minimum_amount, maximum_amount, manager_id FROM campaigns_campaign
           WHERE id = ANY(%(ids)s) AND status = 'active' AND (starts_at IS NULL OR starts_at <= %(now)s)
             AND (ends_at IS NULL OR ends_at > %(now)s)
           ORDER BY id FOR SHARE""",
        {"ids": list(campaign_ids), "now": clock.now()},
    )
    return {row["id"]: data.AcceptingCampaign(**row) for row in found}


def is_public(*, campaign_id: UUID) -> bool:
    return Campaign.objects.filter(pk=campaign_id, status__in=PUBLIC).exists()


def _in_team(user_id: UUID, what: str = SEE) -> Q:
    """By id: an OR across the two tables would read every campaign."""
    return Q(pk__in=managed_campaign_ids(user_id=user_id, what=what))


def _matches(search: str) -> Q:
    """Every word in the title or the summary, as it stands or spelt alike (pg_trgm, in any script; settings say how alike).
    Short words are alike too easily, so they must stand there."""
    words = Q()
    for word in search[:100].split()[:6]:
        found = Q(title__icontains=word) | Q(summary__icontains=word)
        if len(word) >= SPELT_ALIKE_FROM:
            typed = Upper(Value(word))
            found |= Q(TrigramWordSimilar(Upper("title"), typed)) | Q(TrigramWordSimilar(Upper("summary"), typed))
        words &= found
    return words


def _page(rows: QuerySet[Campaign], ordering: str, cursor: str | None, page_size: int) -> data.Page:
    """One page, forward or back from the row that the cursor names; one query."""
    field, descending = ORDERINGS[ordering]
    if field == "ends_at":
        rows = rows.filter(ends_at__isnull=False)
    is_back = False
    if cursor:
        is_back, value, last_id = _edge(cursor, field)
        side = "lt" if descending != is_back else "gt"
        rows = rows.filter(Q(**{f"{field}__{side}": value}) | Q(**{field: value, f"id__{side}": last_id}))
    sort = [F(field).desc(), F("id").desc()] if descending != is_back else [F(field).asc(), F("id").asc()]
    found = list(rows.order_by(*sort)[: page_size + 1])
    has_more = len(found) > page_size
    found = found[:page_size]
    if is_back:
        found.reverse()
    has_next, has_previous = (True, has_more) if is_back else (has_more, cursor is not None)
    return data.Page(
        tuple(campaign_data(row) for row in found),
        encode_cursor(NEXT, _sort_value(found[-1], field), found[-1].id) if found and has_next else None,
        encode_cursor(PREVIOUS, _sort_value(found[0], field), found[0].id) if found and has_previous else None,
    )


def _sort_value(row: Campaign, field: str) -> Any:
    return row.totals.raised if field == "totals__raised" else getattr(row, field).isoformat()


def _edge(cursor: str, field: str) -> tuple[bool, Any, UUID]:
    """Whether the cursor leads back, the sort value and the id of its row."""
    direction, value, row_id = decode_cursor(cursor, 3)
    try:
        if direction not in (NEXT, PREVIOUS):
            raise ValueError
        return direction == PREVIOUS, (int(value) if field == "totals__raised" else _moment(value)), UUID(row_id)
    except (ValueError, TypeError, AttributeError, OverflowError):
        raise Invalid.field("cursor", "invalid", "Use a cursor from `next` or `previous`, unchanged.") from None


def _moment(value: str) -> datetime:
    return datetime.fromisoformat(value).astimezone(UTC)


def _known(field: str, value: str, known: Iterable[str]) -> None:
    if value not in set(known):
        raise Invalid.field(
            field, "unknown-choice", f"Choose one of: {', '.join(sorted(str(each) for each in known if each))}."
        )


def _cover(stored: Any) -> data.Cover | None:
    if not stored:
        return None
    return data.Cover(tuple((int(width), f"{settings.PUBLIC_URL}{settings.MEDIA_URL}{name}") for width, name in stored))


@may_be_stale
def public_sums() -> tuple[data.PublicSum, ...]:
    """What campaigns that the public sees or saw have raised, per currency and category; reads one row per campaign."""
    found = db.rows(
        """SELECT campaign.currency, campaign.category, count(*) AS campaigns, sum(totals.raised)::bigint AS raised_amount,
                  sum(campaign.goal_amount)::bigint AS goal_amount, sum(totals.donor_count)::bigint AS donor_count,
                  count(totals.goal_reached_at) AS reached
           FROM campaigns_campaign AS campaign JOIN campaigns_totals AS totals ON totals.campaign_id = campaign.id
           WHERE campaign.status = ANY(%s) GROUP BY 1, 2 ORDER BY 1, 2""",
        [[str(each) for each in PUBLIC]],
    )
    return tuple(data.PublicSum(**row) for row in found)


@may_be_stale
def public_addresses() -> list[tuple[str, datetime]]:
    """Slug and last change of what the public sees, the newest first, as many as a sitemap may hold."""
    rows = Campaign.objects.filter(status__in=PUBLIC).order_by("-created_at", "-id")
    return list(rows.values_list("slug", "updated_at")[:SITEMAP_MAX])
