from django.db import models
from django.db.models import F, Q

from apps.platform.money import MAX_AMOUNT

from .data import NAME_MAX
from .states import MonthStatus, PlanStatus, TryStatus


class Plan(models.Model):
    """A gift of every month. Says nothing about the person; see Giver. `next_on` is a date of the organisation's time zone, set
    while the plan is active; `noticed_for` is the date that was announced, `noticed_on` when. `day` is wished: in shorter months
    it is the last one."""

    id = models.UUIDField(primary_key=True)
    campaign_id = models.UUIDField()
    campaign_title = models.CharField(max_length=200)
    donor_id = models.UUIDField(null=True)
    donor_key = models.CharField(max_length=64)
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    cover_amount = models.BigIntegerField(default=0, db_default=0)  # of `amount`, for the provider's fee
    day = models.SmallIntegerField()
    next_on = models.DateField(null=True)
    noticed_for = models.DateField(null=True)
    noticed_on = models.DateField(null=True)
    status = models.CharField(max_length=8, default=PlanStatus.STARTING)
    reason = models.CharField(max_length=16, default="", blank=True)
    provider = models.CharField(max_length=20)
    approval_id = models.UUIDField(unique=True)
    is_anonymous = models.BooleanField(default=False)
    access_hash = models.BinaryField(unique=True)
    notes = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "recurring_plan"
        constraints = [
            models.CheckConstraint(name="recurring_plan_amount", condition=Q(amount__gt=0, amount__lte=MAX_AMOUNT)),
            models.CheckConstraint(
                name="recurring_plan_cover", condition=Q(cover_amount__gte=0, cover_amount__lt=F("amount"))
            ),
            models.CheckConstraint(name="recurring_plan_day", condition=Q(day__gte=1, day__lte=31)),
            models.CheckConstraint(name="recurring_plan_status", condition=Q(status__in=list(PlanStatus))),
            models.CheckConstraint(
                name="recurring_plan_next",
                condition=Q(status=PlanStatus.ACTIVE, next_on__isnull=False)
                | (~Q(status=PlanStatus.ACTIVE) & Q(next_on__isnull=True)),
            ),
            models.CheckConstraint(
                name="recurring_plan_ended",
                condition=Q(status=PlanStatus.ENDED, ended_at__isnull=False)
                | (~Q(status=PlanStatus.ENDED) & Q(ended_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index("next_on", name="recurring_plan_due", condition=Q(status=PlanStatus.ACTIVE)),
            models.Index("campaign_id", name="recurring_plan_of_campaign", condition=~Q(status=PlanStatus.ENDED)),
            models.Index("donor_id", name="recurring_plan_of_donor", condition=Q(donor_id__isnull=False)),
            models.Index("donor_key", name="recurring_plan_of_address"),
        ]


class Giver(models.Model):
    """The person behind a plan. Erasing someone deletes these rows."""

    plan = models.OneToOneField(Plan, on_delete=models.PROTECT, primary_key=True)
    email = models.CharField(max_length=254)
    name = models.CharField(max_length=NAME_MAX, default="", blank=True)
    language = models.CharField(max_length=8, default="", blank=True)

    class Meta:
        db_table = "recurring_giver"


class Month(models.Model):
    """A calendar month of a plan that has its gift, or shall have none. `month` is its first day. One row each, for ever: so
    nothing is taken twice, whoever tries."""

    id = models.UUIDField(primary_key=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, db_index=False)
    month = models.DateField()
    due_on = models.DateField()
    status = models.CharField(max_length=8)
    retry_on = models.DateField(null=True)

    class Meta:
        db_table = "recurring_month"
        constraints = [
            models.UniqueConstraint(name="recurring_month_once", fields=["plan", "month"]),
            models.CheckConstraint(name="recurring_month_first_day", condition=Q(month__day=1)),
            models.CheckConstraint(name="recurring_month_status", condition=Q(status__in=list(MonthStatus))),
            models.CheckConstraint(
                name="recurring_month_retry",
                condition=Q(status=MonthStatus.WAITING, retry_on__isnull=False)
                | (~Q(status=MonthStatus.WAITING) & Q(retry_on__isnull=True)),
            ),
        ]
        indexes = [models.Index("retry_on", name="recurring_month_again", condition=Q(retry_on__isnull=False))]


class Try(models.Model):
    """One pledge for one month. The next is made only when the one before has failed."""

    pledge_id = models.UUIDField(primary_key=True)
    month = models.ForeignKey(Month, on_delete=models.PROTECT, db_index=False)
    number = models.SmallIntegerField()
    amount = models.BigIntegerField()
    status = models.CharField(max_length=8, default=TryStatus.PENDING)
    reason = models.CharField(max_length=64, default="", blank=True)
    made_on = models.DateField()

    class Meta:
        db_table = "recurring_try"
        constraints = [
            models.UniqueConstraint(name="recurring_try_once", fields=["month", "number"]),
            models.UniqueConstraint(name="recurring_try_one_paid", fields=["month"], condition=Q(status="captured")),
            models.UniqueConstraint(
                name="recurring_try_one_under_way", fields=["month"], condition=Q(status="pending")
            ),
            models.CheckConstraint(name="recurring_try_amount", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="recurring_try_status", condition=Q(status__in=list(TryStatus))),
        ]


class Note(models.Model):
    """What happened to a plan, in order and for ever; append-only by trigger. Letters about a plan are written from these."""

    id = models.UUIDField(primary_key=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, db_index=False)
    seq = models.IntegerField()
    what = models.CharField(max_length=20)
    data = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        db_table = "recurring_note"
        constraints = [
            models.UniqueConstraint(name="recurring_note_once", fields=["plan", "seq"]),
            models.CheckConstraint(name="recurring_note_from_one", condition=Q(seq__gte=1)),
        ]
