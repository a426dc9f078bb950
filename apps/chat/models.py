from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from apps.platform.clock import now
from apps.platform.ids import new_id

from .data import CAMPAIGN, CLIENT_ID_MAX, REASON_MAX, SUPPORT, TEXT_MAX

SLOW_MAX = 3600


class Room(models.Model):
    """A campaign's room, or the support room of one gift. The row's lock gives out `last_seq` and `version`, so both
    are in the order of commits: who sees version n sees everything below it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=8)
    campaign_id: Any = models.UUIDField()
    pledge_id: Any = models.UUIDField(null=True)
    donor_id: Any = models.UUIDField(null=True, db_index=True)
    guest_id: Any = models.UUIDField(null=True)
    key_hash = models.BinaryField(null=True, unique=True)
    slow_seconds = models.SmallIntegerField(default=0)
    blocked_words: Any = ArrayField(models.CharField(max_length=40), default=list)
    last_seq = models.BigIntegerField(default=0)
    version = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign_id"], condition=Q(kind=CAMPAIGN), name="chat_room_of_campaign"),
            models.UniqueConstraint(fields=["pledge_id"], name="chat_room_of_gift"),
            models.CheckConstraint(
                condition=Q(kind=CAMPAIGN, pledge_id=None, key_hash=None, guest_id=None)
                | Q(kind=SUPPORT, pledge_id__isnull=False, key_hash__isnull=False, guest_id__isnull=False),
                name="chat_room_kind",
            ),
            models.CheckConstraint(condition=Q(slow_seconds__gte=0, slow_seconds__lte=SLOW_MAX), name="chat_room_slow"),
            models.CheckConstraint(condition=Q(last_seq__gte=0, version__gte=F("last_seq")), name="chat_room_counts"),
        ]
        indexes = [models.Index(fields=["campaign_id"], condition=Q(kind=SUPPORT), name="chat_support_of_campaign")]


class Message(models.Model):
    """One message for good: it may be edited while it is young, and end as a tombstone without a text."""

    id = models.UUIDField(primary_key=True, default=new_id)
    room = models.ForeignKey(Room, on_delete=models.PROTECT, db_index=False)
    seq = models.BigIntegerField()
    version = models.BigIntegerField()
    author_id: Any = models.UUIDField()
    side = models.CharField(max_length=8)
    client_id = models.CharField(max_length=CLIENT_ID_MAX)
    text = models.CharField(max_length=TEXT_MAX)
    reply_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, db_index=False)
    mentions: Any = ArrayField(models.UUIDField(), default=list)
    created_at = models.DateTimeField(default=now)
    edited_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    removed_by: Any = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "seq"], name="chat_message_seq"),
            models.UniqueConstraint(fields=["room", "version"], name="chat_message_version"),
            models.UniqueConstraint(fields=["room", "author_id", "client_id"], name="chat_message_once"),
            models.CheckConstraint(
                condition=Q(side__in=["public", "donor", "guest", "team", "staff"]), name="chat_message_side"
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None) & ~Q(text="")
                | Q(removed_at__isnull=False, removed_by__isnull=False, text=""),
                name="chat_message_tombstone",
            ),
        ]
        indexes = [
            models.Index(fields=["room", "author_id", "-seq"], name="chat_message_of_author"),
            models.Index(fields=["author_id", "id"], name="chat_message_by_author", condition=Q(removed_at=None)),
        ]


class ReadMark(models.Model):
    """How far a person has read a room."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, db_index=False)
    person_id: Any = models.UUIDField(db_index=True)
    side = models.CharField(max_length=8)
    seq = models.BigIntegerField()
    version = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "person_id"], name="chat_readmark_once")]
        indexes = [models.Index(fields=["room", "version"], name="chat_readmark_version")]


class Restriction(models.Model):
    """Who may not write in a room: muted until a time, or banned."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, db_index=False)
    person_id: Any = models.UUIDField()
    kind = models.CharField(max_length=4)
    until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=REASON_MAX, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "person_id", "kind"], name="chat_restriction_once"),
            models.CheckConstraint(
                condition=Q(kind="mute", until__isnull=False) | Q(kind="ban", until=None), name="chat_restriction_kind"
            ),
        ]


class Report(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, db_index=False)
    reporter_id: Any = models.UUIDField()
    reason = models.CharField(max_length=REASON_MAX, blank=True, default="")
    created_at = models.DateTimeField(default=now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "reporter_id"], name="chat_report_once")]


class Moderation(models.Model):
    """What the team did in a room; append-only by trigger."""

    room = models.ForeignKey(Room, on_delete=models.PROTECT, db_index=False)
    at = models.DateTimeField(default=now)
    action = models.CharField(max_length=12)
    by_id: Any = models.UUIDField()
    person_id: Any = models.UUIDField(null=True)
    message_id: Any = models.UUIDField(null=True)
    reason = models.CharField(max_length=REASON_MAX, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["room", "-id"], name="chat_moderation_of_room")]


class LiveProcess(models.Model):
    """A process that holds sockets. It renews its life every few seconds; what a dead one left counts no more."""

    id = models.UUIDField(primary_key=True)
    alive_until = models.DateTimeField(db_index=True)


class Presence(models.Model):
    """People of one process in one room: one row each for who is known, one for all others together."""

    room_id: Any = models.UUIDField()
    process = models.ForeignKey(LiveProcess, on_delete=models.CASCADE, db_index=True)
    person_id: Any = models.UUIDField()
    side = models.CharField(max_length=8, blank=True, default="")
    number = models.IntegerField()
    typing_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room_id", "process", "person_id"], name="chat_presence_once"),
            models.CheckConstraint(condition=Q(number__gt=0), name="chat_presence_number"),
        ]
