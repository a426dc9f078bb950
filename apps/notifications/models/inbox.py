from django.db import models
from django.db.models import F, Q


class Inbox(models.Model):
    """One person's inbox: the last number given out and how many entries are unread. Its row is locked while numbers are
    given out, so that they are gapless in the order of commits."""

    user_id = models.UUIDField(primary_key=True)
    last_seq = models.BigIntegerField(default=0)
    unread = models.BigIntegerField(default=0)

    class Meta:
        db_table = "notifications_inbox"
        constraints = [
            models.CheckConstraint(
                condition=Q(unread__gte=0, last_seq__gte=F("unread")), name="notifications_inbox_counts"
            )
        ]


class InboxEntry(models.Model):
    """One thing that one person was told. Holds ids, amounts and titles, never a person's name. `key` names the fact, so
    that it is told once. An entry whose kind the person does not want live is read from the start."""

    id = models.UUIDField(primary_key=True)
    user_id = models.UUIDField()
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    at = models.DateTimeField()
    data = models.JSONField()
    is_live = models.BooleanField()
    in_digest = models.BooleanField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notifications_inboxentry"
        constraints = [
            models.UniqueConstraint(fields=["user_id", "seq"], name="notifications_n1_numbered_once"),
            models.UniqueConstraint(fields=["user_id", "kind", "key"], name="notifications_n1_told_once"),
            models.CheckConstraint(condition=Q(seq__gte=1), name="notifications_n1_from_one"),
        ]
        indexes = [
            models.Index("at", name="notifications_inbox_age"),
            models.Index(
                "user_id", "at", name="notifications_inbox_digest", condition=Q(in_digest=True, read_at__isnull=True)
            ),
            models.Index(
                "user_id", "at", name="notifications_inbox_unheard", condition=Q(in_digest=True, is_live=False)
            ),
        ]


class Preference(models.Model):
    """Where a person wants to hear of one kind; no row means the kind's defaults."""

    user_id = models.UUIDField()
    kind = models.CharField(max_length=40)
    live = models.BooleanField()
    email = models.BooleanField()
    digest = models.BooleanField()

    class Meta:
        db_table = "notifications_preference"
        constraints = [models.UniqueConstraint(fields=["user_id", "kind"], name="notifications_preference_once")]


class Recipient(models.Model):
    """How a person is written to: language, time zone, and the hours (minutes of the local day) in which nothing disturbs."""

    user_id = models.UUIDField(primary_key=True)
    language = models.CharField(max_length=8, default="", blank=True)
    time_zone = models.CharField(max_length=60, default="UTC")
    quiet_from = models.SmallIntegerField(null=True)
    quiet_to = models.SmallIntegerField(null=True)
    digest_on = models.DateField(null=True)

    class Meta:
        db_table = "notifications_recipient"
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | Q(
                    quiet_from__isnull=False,
                    quiet_from__range=(0, 1439),
                    quiet_to__isnull=False,
                    quiet_to__range=(0, 1439),
                ),
                name="notifications_quiet_hours",
            )
        ]
