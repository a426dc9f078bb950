"""What lists, plots and exports read. Every table here can be emptied and built anew from what pledges say."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from .data import SAVED_NAME_MAX


class Gift(models.Model):
    """One pledge with all that a list of gifts shows or searches. Nothing here is decided upon, only read."""

    pledge_id = models.UUIDField(primary_key=True)
    campaign_id = models.UUIDField()
    campaign_title = models.CharField(max_length=200)
    donor_id = models.UUIDField(null=True)
    donor_key = models.CharField(max_length=64)
    donor_name = models.CharField(max_length=120, default="", blank=True)
    donor_email = models.CharField(max_length=254, default="", blank=True)
    is_anonymous = models.BooleanField()
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    captured_amount = models.BigIntegerField()
    refunded_amount = models.BigIntegerField()
    status = models.CharField(max_length=20)
    failure_reason = models.CharField(max_length=64, default="", blank=True)
    provider = models.CharField(max_length=20, default="", blank=True)
    reference = models.CharField(max_length=100, default="", blank=True)
    created_at = models.DateTimeField()
    captured_at = models.DateTimeField(null=True)
    is_test = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "reporting_gift"
        indexes = [
            models.Index(F("created_at").desc(), F("pledge_id").desc(), name="reporting_gift_newest"),
            models.Index("campaign_id", F("created_at").desc(), F("pledge_id").desc(), name="reporting_gift_campaign"),
            models.Index("status", F("created_at").desc(), F("pledge_id").desc(), name="reporting_gift_status"),
            models.Index("donor_email", F("created_at").desc(), F("pledge_id").desc(), name="reporting_gift_email"),
            models.Index("donor_key", F("created_at").desc(), F("pledge_id").desc(), name="reporting_gift_donor"),
            models.Index("amount", F("created_at").desc(), F("pledge_id").desc(), name="reporting_gift_amount"),
            models.Index("reference", name="reporting_gift_reference", condition=~Q(reference="")),
            models.Index("captured_at", name="reporting_gift_captured", condition=Q(captured_at__isnull=False)),
            GinIndex(
                OpClass(Upper("donor_name"), name="gin_trgm_ops"),
                OpClass(Upper("donor_email"), name="gin_trgm_ops"),
                name="reporting_gift_search",
            ),
        ]


class DailyTotal(models.Model):
    """A campaign's day in the organisation's time zone: what was promised that day, and what was captured that day and of
    this what was given back since."""

    day = models.DateField()
    campaign_id = models.UUIDField()
    currency = models.CharField(max_length=3)
    pledges = models.BigIntegerField(default=0)
    pledged_amount = models.BigIntegerField(default=0)
    failed = models.BigIntegerField(default=0)
    gifts = models.BigIntegerField(default=0)
    captured_amount = models.BigIntegerField(default=0)
    refunded_amount = models.BigIntegerField(default=0)

    class Meta:
        db_table = "reporting_daily_total"
        constraints = [
            models.UniqueConstraint(fields=["day", "campaign_id", "currency"], name="reporting_daily_total_once")
        ]
        indexes = [models.Index("campaign_id", "day", name="reporting_daily_campaign")]


class CampaignFunnel(models.Model):
    """How many pledges of a campaign stand where, and their money. `refunded` are those that were given back wholly."""

    campaign_id = models.UUIDField()
    currency = models.CharField(max_length=3)
    pledges = models.BigIntegerField(default=0)
    pledged_amount = models.BigIntegerField(default=0)
    pending = models.BigIntegerField(default=0)
    authorized = models.BigIntegerField(default=0)
    captured = models.BigIntegerField(default=0)
    failed = models.BigIntegerField(default=0)
    refunded = models.BigIntegerField(default=0)
    captured_amount = models.BigIntegerField(default=0)
    refunded_amount = models.BigIntegerField(default=0)

    class Meta:
        db_table = "reporting_campaign_funnel"
        constraints = [models.UniqueConstraint(fields=["campaign_id", "currency"], name="reporting_funnel_once")]


class Donor(models.Model):
    """What one donor gave to one campaign (`scope`), or to all of them (the nil id), in one currency; captured gifts only."""

    scope = models.UUIDField()
    donor_key = models.CharField(max_length=64)
    currency = models.CharField(max_length=3)
    donor_name = models.CharField(max_length=120, default="", blank=True)
    donor_email = models.CharField(max_length=254, default="", blank=True)
    gifts = models.BigIntegerField(default=0)
    captured_amount = models.BigIntegerField(default=0)
    refunded_amount = models.BigIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        db_table = "reporting_donor"
        constraints = [models.UniqueConstraint(fields=["scope", "donor_key", "currency"], name="reporting_donor_once")]
        indexes = [
            models.Index("scope", F("last_at").desc(), F("id").desc(), name="reporting_donor_latest"),
            models.Index("scope", F("captured_amount").desc(), F("id").desc(), name="reporting_donor_largest"),
            models.Index("scope", "donor_email", name="reporting_donor_email"),
            GinIndex(
                OpClass(Upper("donor_name"), name="gin_trgm_ops"),
                OpClass(Upper("donor_email"), name="gin_trgm_ops"),
                name="reporting_donor_search",
            ),
        ]


class Due(models.Model):
    """A pledge whose row in `Gift` is to be read anew. Written by the subscription, taken by the refresh."""

    id = models.BigAutoField(primary_key=True)
    pledge_id = models.UUIDField()
    since = models.DateTimeField()

    class Meta:
        db_table = "reporting_due"


class Rebuild(models.Model):
    """A rebuild that is under way: while it is, refreshed pledges are noted in `Missed` as well."""

    name = models.CharField(max_length=40, primary_key=True)
    started_at = models.DateTimeField()

    class Meta:
        db_table = "reporting_rebuild"


class Missed(models.Model):
    """A pledge that moved while the new table was being filled; it is read again before the tables are exchanged."""

    id = models.BigAutoField(primary_key=True)
    pledge_id = models.UUIDField()

    class Meta:
        db_table = "reporting_missed"


class Export(models.Model):
    """A file that somebody asked for: written by a worker in the background, kept for a day, for its owner only."""

    id = models.UUIDField(primary_key=True)
    requested_by_id = models.UUIDField()
    format = models.CharField(max_length=4)
    wanted = models.JSONField()
    status = models.CharField(max_length=8)
    rows_done = models.BigIntegerField(default=0)
    rows_total = models.BigIntegerField(default=0)
    size = models.BigIntegerField(default=0)
    attempts = models.SmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "reporting_export"
        constraints = [
            models.CheckConstraint(condition=Q(format__in=["csv", "xlsx"]), name="reporting_export_format"),
            models.CheckConstraint(
                condition=Q(status__in=["due", "running", "done", "failed", "expired"]), name="reporting_export_status"
            ),
        ]
        indexes = [
            models.Index("requested_by_id", F("created_at").desc(), name="reporting_export_own"),
            models.Index("created_at", name="reporting_export_due", condition=Q(status__in=["due", "running"])),
        ]


class SavedFilter(models.Model):
    """A filter of the list of gifts that a person keeps under a name."""

    id = models.UUIDField(primary_key=True)
    user_id = models.UUIDField()
    name = models.CharField(max_length=SAVED_NAME_MAX)
    wanted = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "reporting_savedfilter"
        constraints = [models.UniqueConstraint(fields=["user_id", "name"], name="reporting_savedfilter_once")]
