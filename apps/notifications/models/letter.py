from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform

from ..states import LetterStatus


class Letter(models.Model):
    """One e-mail to one person about one thing, written in the transaction that handles the fact. It holds no address and no
    name: both are asked for when it is sent, so that erasing a person reaches letters that wait."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=40)
    about = models.UUIDField()
    recipient = models.CharField(max_length=80)
    data = models.JSONField()
    priority = models.SmallIntegerField()
    status = models.CharField(max_length=8, default=LetterStatus.WAITING)
    attempts = models.SmallIntegerField(default=0)
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        db_table = "notifications_letter"
        constraints = [
            models.UniqueConstraint(fields=["kind", "about", "recipient"], name="notifications_letter_once"),
            models.CheckConstraint(condition=Q(status__in=list(LetterStatus)), name="notifications_letter_status"),
            models.CheckConstraint(
                condition=Q(status=LetterStatus.WAITING, ended_at__isnull=True)
                | (~Q(status=LetterStatus.WAITING) & Q(ended_at__isnull=False)),
                name="notifications_letter_ended",
            ),
        ]
        indexes = [
            models.Index("priority", "due_at", name="notifications_letter_due", condition=Q(status="waiting")),
            models.Index(
                KeyTextTransform("pledge", "data"),
                name="notifications_letter_gift",
                condition=Q(data__has_key="pledge"),
            ),
            models.Index("ended_at", name="notifications_letter_age", condition=Q(ended_at__isnull=False)),
        ]


class Bounce(models.Model):
    """An address that took no mail, known by a keyed hash alone. Nothing but what its owner asks for is sent there."""

    address_hash = models.BinaryField(primary_key=True)
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        db_table = "notifications_bounce"


class QuietGift(models.Model):
    """A gift about whose conversation its giver, who has no account, wants no letters."""

    pledge_id = models.UUIDField(primary_key=True)

    class Meta:
        db_table = "notifications_quietgift"
