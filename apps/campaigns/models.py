from __future__ import annotations

from typing import Any

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from apps.platform.clock import now
from apps.platform.ids import new_id
from apps.platform.money import CURRENCIES, MAX_AMOUNT

from .data import EDITOR, FINANCE, MODERATOR
from .states import Status

CATEGORIES = ("animals", "arts", "community", "education", "emergency", "environment", "health", "relief")


class Campaign(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id)
    slug = models.SlugField(max_length=90, unique=True)
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=280)
    story = models.TextField(max_length=50_000)
    story_html = models.TextField()
    category = models.CharField(max_length=20)
    status = models.CharField(max_length=12, default=Status.DRAFT)
    goal_amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    minimum_amount = models.BigIntegerField()
    maximum_amount = models.BigIntegerField()
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    manager_id: Any = models.UUIDField(db_index=True)
    organizer_name = models.CharField(max_length=120)
    cover: Any = models.JSONField(null=True)
    faq: Any = models.JSONField(default=list, db_default=[])
    milestones: Any = models.JSONField(default=list, db_default=[])
    presets: Any = models.JSONField(default=list, db_default=[])
    thank_you = models.TextField(max_length=1000, default="", db_default="", blank=True)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=list(Status)), name="campaigns_status"),
            models.CheckConstraint(condition=Q(currency__in=sorted(CURRENCIES)), name="campaigns_currency"),
            models.CheckConstraint(condition=Q(category__in=CATEGORIES), name="campaigns_category"),
            models.CheckConstraint(condition=Q(goal_amount__gt=0, goal_amount__lte=MAX_AMOUNT), name="campaigns_goal"),
            models.CheckConstraint(
                condition=Q(
                    minimum_amount__gt=0, maximum_amount__lte=MAX_AMOUNT, minimum_amount__lte=F("maximum_amount")
                ),
                name="campaigns_limits",
            ),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True) | Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="campaigns_schedule",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-created_at", "-id"], name="campaigns_newest"),
            models.Index(fields=["status", "ends_at", "id"], name="campaigns_ending"),
            GinIndex(
                OpClass(Upper("title"), name="gin_trgm_ops"),
                OpClass(Upper("summary"), name="gin_trgm_ops"),
                name="campaigns_search",
            ),
        ]


class CampaignTotals(models.Model):
    """The read model: what was captured and refunded for a campaign, and a version that only rises."""

    campaign = models.OneToOneField(Campaign, primary_key=True, on_delete=models.PROTECT, related_name="totals")
    captured = models.BigIntegerField(default=0)
    refunded = models.BigIntegerField(default=0)
    raised = models.GeneratedField(
        expression=F("captured") - F("refunded"), output_field=models.BigIntegerField(), db_persist=True
    )
    donor_count = models.BigIntegerField(default=0)
    version = models.BigIntegerField(default=0)
    goal_reached_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "campaigns_totals"
        constraints = [
            models.CheckConstraint(
                condition=Q(refunded__gte=0, refunded__lte=F("captured")), name="campaigns_totals_refunded"
            ),
            models.CheckConstraint(condition=Q(donor_count__gte=0, version__gte=0), name="campaigns_totals_counts"),
        ]
        indexes = [models.Index(fields=["-raised", "-campaign"], name="campaigns_totals_raised")]


class Backer(models.Model):
    """How many gifts that still stand a donor has given to a campaign; donors are counted by it, never listed."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, db_index=False)
    donor_key = models.CharField(max_length=64)
    gifts = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "donor_key"], name="campaigns_backer_once"),
        ]


class Update(models.Model):
    """News from the campaign's team. Removed, never destroyed."""

    id = models.UUIDField(primary_key=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, db_index=False)
    author_id: Any = models.UUIDField(null=True)
    title = models.CharField(max_length=120)
    body = models.TextField()
    body_html = models.TextField()
    published_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(F("campaign"), F("id").desc(), name="campaigns_news")]


class Follower(models.Model):
    """Who follows a campaign: an account, or an address by e-mail alone. Deleted when it ends, and with the person."""

    id = models.UUIDField(primary_key=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, db_index=False)
    user_id: Any = models.UUIDField(null=True)
    email = models.CharField(max_length=254, default="", blank=True)
    language = models.CharField(max_length=8, default="", blank=True)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "user_id"], name="campaigns_follower_once"),
            models.UniqueConstraint(
                fields=["campaign", "email"], name="campaigns_follower_address_once", condition=~Q(email="")
            ),
            models.CheckConstraint(
                condition=Q(user_id__isnull=True) & ~Q(email="") | Q(user_id__isnull=False) & Q(email=""),
                name="campaigns_follower_is_one_of_two",
            ),
            models.CheckConstraint(
                condition=Q(user_id__isnull=True) | Q(confirmed_at__isnull=False),
                name="campaigns_follower_account_confirmed",
            ),
        ]
        indexes = [models.Index("campaign", "id", name="campaigns_following")]


class TeamMember(models.Model):
    """Somebody who was taken into a campaign's team. Its owner is the campaign's `manager_id` and no row here."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, db_index=False)
    user_id: Any = models.UUIDField(db_index=True)
    role = models.CharField(max_length=9)
    added_by_id: Any = models.UUIDField()
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "user_id"], name="campaigns_team_once"),
            models.CheckConstraint(condition=Q(role__in=[EDITOR, FINANCE, MODERATOR]), name="campaigns_team_role"),
        ]


class Invitation(models.Model):
    """A role that is offered to an address; the letter's link is derived from its id. The address is emptied when it ends."""

    id = models.UUIDField(primary_key=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, db_index=False)
    email = models.CharField(max_length=254, default="", blank=True)
    role = models.CharField(max_length=9)
    invited_by_id: Any = models.UUIDField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "email"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="campaigns_invitation_once",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[EDITOR, FINANCE, MODERATOR]), name="campaigns_invitation_role"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="campaigns_invitation_one_end",
            ),
        ]
