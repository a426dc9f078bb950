from django.db import models
from django.db.models import F, Q

from apps.platform.money import MAX_AMOUNT

from .data import JOB_ACTIONS, MESSAGE_MAX, NAME_MAX, NOTE_MAX, REASON_MAX
from .states import JobStatus, RefundStatus, Status


class Pledge(models.Model):
    """A promise to give, and what became of its money. Says nothing about the person; see Donor."""

    id = models.UUIDField(primary_key=True)
    campaign_id = models.UUIDField()  # the constraint to campaigns_campaign is in SQL: the ORM cannot cross
    campaign_title = models.CharField(max_length=200)
    donor_id = models.UUIDField(null=True)
    donor_key = models.CharField(max_length=64)
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    cover_amount = models.BigIntegerField(default=0, db_default=0)  # of `amount`, for the provider's fee
    captured_amount = models.BigIntegerField(default=0)
    refunded_amount = models.BigIntegerField(default=0)
    refund_reserved = models.BigIntegerField(default=0)
    charged_back_amount = models.BigIntegerField(default=0)
    status = models.CharField(max_length=16, default=Status.PENDING)
    failure_reason = models.CharField(max_length=64, default="", blank=True)
    capture = models.CharField(max_length=16)
    requested = models.CharField(max_length=8, default="", blank=True)
    is_anonymous = models.BooleanField(default=False)
    message = models.CharField(max_length=MESSAGE_MAX, default="", blank=True)
    moves = models.SmallIntegerField(default=1)
    is_test = models.BooleanField(default=False, db_default=False)
    caller_scope = models.CharField(max_length=64)
    idempotency_key = models.CharField(max_length=255, null=True)  # noqa: DJ001  no key is NULL, and NULLs never collide
    fingerprint = models.BinaryField()
    tracking_hash = models.BinaryField(unique=True)
    created_at = models.DateTimeField()
    captured_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "pledges_pledge"
        constraints = [
            models.CheckConstraint(name="pledges_p1_amount", condition=Q(amount__gt=0, amount__lte=MAX_AMOUNT)),
            models.CheckConstraint(
                name="pledges_p1_cover", condition=Q(cover_amount__gte=0, cover_amount__lt=F("amount"))
            ),
            models.CheckConstraint(name="pledges_p1_currency", condition=Q(currency__regex="^[A-Z]{3}$")),
            models.CheckConstraint(
                name="pledges_p2_money",
                condition=Q(
                    refunded_amount__gte=0,
                    refund_reserved__gte=0,
                    charged_back_amount__gte=0,
                    captured_amount__gte=F("refunded_amount") + F("refund_reserved") + F("charged_back_amount"),
                    captured_amount__lte=F("amount"),
                ),
            ),
            models.CheckConstraint(
                name="pledges_p3_state_and_money",
                condition=Q(status=Status.CAPTURED, captured_amount__gt=0, captured_at__isnull=False)
                | Q(
                    status__in=[Status.PENDING, Status.AUTHORIZED, Status.FAILED],
                    captured_amount=0,
                    captured_at__isnull=True,
                ),
            ),
            models.UniqueConstraint(name="pledges_p6_one_intent", fields=["caller_scope", "idempotency_key"]),
        ]
        indexes = [
            models.Index("donor_id", F("id").desc(), name="pledges_own_history", condition=Q(donor_id__isnull=False)),
            models.Index("donor_key", F("id").desc(), name="pledges_of_address"),
            models.Index("campaign_id", F("id").desc(), name="pledges_of_campaign"),
            models.Index(
                "campaign_id",
                F("captured_at").desc(),
                F("id").desc(),
                name="pledges_wall",
                condition=Q(status=Status.CAPTURED, refunded_amount__lt=F("captured_amount")),
            ),
        ]


class Donor(models.Model):
    """The person behind a pledge. Erasing someone deletes these rows and leaves the books whole."""

    pledge = models.OneToOneField(Pledge, on_delete=models.PROTECT, primary_key=True)
    email = models.CharField(max_length=254)
    name = models.CharField(max_length=NAME_MAX, default="", blank=True)
    language = models.CharField(max_length=8, default="", db_default="", blank=True)  # in which the gift was given

    class Meta:
        db_table = "pledges_donor"


class StateChange(models.Model):
    """One move of one pledge; append-only by trigger, `seq` counts from 1 without gaps."""

    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, db_index=False)
    seq = models.SmallIntegerField()
    source = models.CharField(max_length=16, default="", blank=True)
    target = models.CharField(max_length=16)
    reason = models.CharField(max_length=64, default="", blank=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "pledges_statechange"
        constraints = [
            models.UniqueConstraint(name="pledges_p5_once", fields=["pledge", "seq"]),
            models.CheckConstraint(name="pledges_p5_from_one", condition=Q(seq__gte=1)),
        ]


class Refund(models.Model):
    """Money on its way back. `is_reserved` when asked for here (it holds `refund_reserved` until it ends), else the provider
    told us; `counted_at` is when it entered the pledge's amounts, which may be later than its success."""

    id = models.UUIDField(primary_key=True)
    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT)
    amount = models.BigIntegerField()
    reason = models.CharField(max_length=REASON_MAX, default="", blank=True)
    status = models.CharField(max_length=16, default=RefundStatus.PENDING)
    is_reserved = models.BooleanField()
    transaction = models.CharField(max_length=100, null=True, unique=True)  # noqa: DJ001  unknown until it succeeded
    requested_by_id = models.UUIDField(null=True)
    needs_approval = models.BooleanField(default=False, db_default=False)
    approved_by_id = models.UUIDField(null=True)
    declined_by_id = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=REASON_MAX, default="", db_default="", blank=True)
    created_at = models.DateTimeField()
    counted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "pledges_refund"
        constraints = [
            models.CheckConstraint(name="pledges_refund_amount", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="pledges_refund_status", condition=Q(status__in=list(RefundStatus))),
            models.CheckConstraint(
                name="pledges_refund_counted_once_done",
                condition=Q(counted_at__isnull=True) | Q(status=RefundStatus.SUCCEEDED),
            ),
            models.CheckConstraint(
                name="pledges_refund_two_people",
                condition=Q(approved_by_id__isnull=True) | ~Q(approved_by_id=F("requested_by_id")),
            ),
            models.CheckConstraint(
                name="pledges_refund_approved",
                condition=Q(needs_approval=False)
                | Q(status__in=[RefundStatus.AWAITING, RefundStatus.FAILED])
                | Q(approved_by_id__isnull=False),
            ),
            models.CheckConstraint(
                name="pledges_refund_awaiting",
                condition=~Q(status=RefundStatus.AWAITING)
                | Q(needs_approval=True, approved_by_id__isnull=True, declined_by_id__isnull=True),
            ),
        ]
        indexes = [
            models.Index("id", name="pledges_refund_waiting", condition=Q(status=RefundStatus.AWAITING)),
            models.Index(
                "pledge",
                name="pledges_refund_uncounted",
                condition=Q(status=RefundStatus.SUCCEEDED, counted_at__isnull=True),
            ),
            models.Index(
                "pledge", name="pledges_refund_under_way", condition=Q(is_reserved=True, counted_at__isnull=True)
            ),
        ]


class IdempotencyRecord(models.Model):
    """The stored answer to a request about an existing pledge, in the transaction of its effect."""

    caller_scope = models.CharField(max_length=64)
    key = models.CharField(max_length=255)
    fingerprint = models.BinaryField()
    status = models.SmallIntegerField(null=True)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "pledges_idempotencyrecord"
        constraints = [models.UniqueConstraint(name="pledges_e1_one_effect", fields=["caller_scope", "key"])]


class Figure(models.Model):
    """Running figures for /metrics, so that a scrape never counts millions of rows."""

    name = models.CharField(max_length=40)
    label = models.CharField(max_length=16)
    value = models.BigIntegerField(default=0)

    class Meta:
        db_table = "pledges_figure"
        constraints = [models.UniqueConstraint(name="pledges_figure_once", fields=["name", "label"])]


class ReceiptCounter(models.Model):
    """The last number of each series (a calendar year, UTC). Its row is locked while numbers are given out."""

    series = models.CharField(max_length=8, primary_key=True)
    last = models.BigIntegerField(default=0)

    class Meta:
        db_table = "pledges_receiptcounter"
        constraints = [models.CheckConstraint(name="pledges_receiptcounter_counts_up", condition=Q(last__gte=0))]


class Receipt(models.Model):
    """What was acknowledged for a captured gift, with a copy of all it must keep saying; append-only by trigger.

    The donor's name is the one of Donor, so that erasing a person reaches receipts too. `code` is random: it opens the
    page that confirms the receipt, which names nobody."""

    pledge = models.OneToOneField(Pledge, on_delete=models.PROTECT, primary_key=True)
    code = models.UUIDField(unique=True)
    series = models.CharField(max_length=8)
    number = models.BigIntegerField()
    campaign_title = models.CharField(max_length=200)
    organizer = models.CharField(max_length=120)
    issuer = models.CharField(max_length=120)
    issuer_details = models.CharField(max_length=300, default="", blank=True)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    given_at = models.DateTimeField()
    issued_at = models.DateTimeField()

    class Meta:
        db_table = "pledges_receipt"
        constraints = [
            models.UniqueConstraint(name="pledges_receipt_numbered_once", fields=["series", "number"]),
            models.CheckConstraint(name="pledges_receipt_numbered_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(name="pledges_receipt_amount", condition=Q(amount__gt=0)),
        ]


class HistoryLink(models.Model):
    """A wish to see all gifts of an address. The link that is mailed is derived; here is its hash. Gone after an hour."""

    id = models.UUIDField(primary_key=True)
    email = models.CharField(max_length=254, blank=True)
    donor_key = models.CharField(max_length=64)
    language = models.CharField(max_length=8, default="", blank=True)
    digest = models.BinaryField(unique=True)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "pledges_historylink"


class Dedication(models.Model):
    """In honour or in memory of whom a gift is, and the message about it. `recipient_key` tells addresses apart without naming
    them. Gone with the donor's person."""

    pledge = models.OneToOneField(Pledge, on_delete=models.PROTECT, primary_key=True)
    kind = models.CharField(max_length=8)
    honoree = models.CharField(max_length=NAME_MAX)
    is_public = models.BooleanField(default=False)
    recipient_name = models.CharField(max_length=NAME_MAX, default="", blank=True)
    recipient_email = models.CharField(max_length=254, default="", blank=True)
    recipient_key = models.CharField(max_length=64, default="", blank=True)
    message = models.CharField(max_length=MESSAGE_MAX, default="", blank=True)
    send_on = models.DateField(null=True)
    status = models.CharField(max_length=8)
    told_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "pledges_dedication"
        constraints = [
            models.CheckConstraint(name="pledges_dedication_kind", condition=Q(kind__in=["honour", "memory"])),
            models.CheckConstraint(
                name="pledges_dedication_status", condition=Q(status__in=["none", "waiting", "told", "dropped"])
            ),
            models.CheckConstraint(
                name="pledges_dedication_told",
                condition=Q(status="told", told_at__isnull=False) | (~Q(status="told") & Q(told_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="pledges_dedication_addressed",
                condition=~Q(status="waiting")
                | (Q(recipient_email__gt="", recipient_key__gt="", send_on__isnull=False)),
            ),
        ]
        indexes = [
            models.Index("send_on", name="pledges_dedication_due", condition=Q(status="waiting")),
            models.Index("recipient_key", "told_at", name="pledges_dedication_told_to", condition=Q(status="told")),
        ]


class DedicationRefusal(models.Model):
    """An address that wants no messages about gifts, by its key alone."""

    recipient_key = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "pledges_dedicationrefusal"


class Note(models.Model):
    """What the team wrote down about a gift; append-only by trigger, but that the words go when its donor is erased."""

    id = models.UUIDField(primary_key=True)
    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, db_index=False)
    author_id = models.UUIDField()
    body = models.CharField(max_length=NOTE_MAX, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "pledges_note"
        indexes = [models.Index("pledge", "created_at", name="pledges_notes_of_gift")]


class Job(models.Model):
    """One wish about many gifts: prepared, started by whoever prepared it, then worked off in the background."""

    id = models.UUIDField(primary_key=True)
    action = models.CharField(max_length=20)
    status = models.CharField(max_length=8, default=JobStatus.PREPARED)
    requested_by_id = models.UUIDField()
    total = models.IntegerField()
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "pledges_job"
        constraints = [
            models.CheckConstraint(name="pledges_job_action", condition=Q(action__in=JOB_ACTIONS)),
            models.CheckConstraint(
                name="pledges_job_state",
                condition=Q(status=JobStatus.PREPARED, started_at__isnull=True, finished_at__isnull=True)
                | Q(status=JobStatus.RUNNING, started_at__isnull=False, finished_at__isnull=True)
                | Q(status__in=[JobStatus.DONE, JobStatus.STOPPED], finished_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index("requested_by_id", F("created_at").desc(), name="pledges_job_own"),
            models.Index("started_at", name="pledges_job_running", condition=Q(status=JobStatus.RUNNING)),
        ]


class JobGift(models.Model):
    """A gift of a job and what became of it: written in the transaction of the effect, once."""

    id = models.BigAutoField(primary_key=True)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, db_index=False)
    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, db_index=False)
    outcome = models.CharField(max_length=8, default="", blank=True)
    detail = models.CharField(max_length=200, default="", blank=True)
    at = models.DateTimeField(null=True)

    class Meta:
        db_table = "pledges_jobgift"
        constraints = [
            models.UniqueConstraint(name="pledges_jobgift_once", fields=["job", "pledge"]),
            models.CheckConstraint(
                name="pledges_jobgift_outcome",
                condition=Q(outcome="", at__isnull=True)
                | Q(outcome__in=["done", "refused", "failed"], at__isnull=False),
            ),
        ]
        indexes = [models.Index("job", "id", name="pledges_jobgift_order")]
