"""The application may be wrong; the row must still be refused. Each bad write is raw SQL."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from apps.campaigns import interface as campaigns
from apps.chat import interface as chat
from apps.platform import db
from apps.platform.actors import Actor
from apps.platform.audits import checks
from apps.platform.ids import new_id

from .support import ask_the_team, room_of, visitor, write

pytestmark = pytest.mark.django_db
INSERT = """
    INSERT INTO chat_message (id, room_id, seq, version, author_id, side, client_id, text, mentions, created_at)
    SELECT %(id)s, room_id, %(seq)s, %(version)s, author_id, 'public', %(client_id)s, %(text)s, '{}', now()
    FROM chat_message WHERE id = %(like)s
"""


def refused(sql: str, params: Any, constraint: str) -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        db.execute(sql, params)
    assert error.value.__cause__.diag.constraint_name == constraint  # type: ignore[union-attr]


@pytest.fixture
def message(campaign: campaigns.Campaign, bob: Actor) -> chat.Message:
    return write(room_of(campaign).room.id, bob, client_id="c1")


def another(like: chat.Message, **changes: Any) -> dict[str, Any]:
    values = {"id": new_id(), "like": like.id, "seq": 2, "version": 2, "client_id": "c2", "text": "x"}
    return values | changes


def test_an_honest_insert_is_taken(message: chat.Message) -> None:
    """The control."""
    assert db.execute(INSERT, another(message)) == 1


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"seq": 1}, "chat_message_seq"),
        ({"version": 1}, "chat_message_version"),
        ({"client_id": "c1"}, "chat_message_once"),
        ({"text": ""}, "chat_message_tombstone"),
    ],
)
def test_messages_are_unique_and_have_a_text(message: chat.Message, changes: dict[str, Any], constraint: str) -> None:
    refused(INSERT, another(message, **changes), constraint)


@pytest.mark.parametrize(
    "change", ["seq = 9", "author_id = room_id", "text = 'y'", "created_at = now() - interval '1 day'"]
)
def test_a_message_keeps_its_place_and_author(message: chat.Message, change: str) -> None:
    refused(
        f"UPDATE chat_message SET {change}, version = version + (%s <> 'text = ''y''')::int",
        [change],
        "chat_message_keeps",
    )
    refused("DELETE FROM chat_message", None, "chat_message_keeps")


def test_a_tombstone_is_final(message: chat.Message, bob: Actor) -> None:
    chat.remove_message(room_id=message.room_id, visitor=visitor(bob), message_id=message.id)
    refused(
        "UPDATE chat_message SET text = 'x', removed_at = NULL, removed_by = NULL, version = 9",
        None,
        "chat_message_keeps",
    )


def test_numbers_of_a_room_and_marks_of_readers_only_rise(message: chat.Message, bob: Actor) -> None:
    chat.mark_read(room_id=message.room_id, visitor=visitor(bob), up_to=message.id)
    for change in ("last_seq = 0", "version = 1", "last_seq = 3, version = 3"):
        refused(f"UPDATE chat_room SET {change}", None, "chat_room_counts_up")
    refused("UPDATE chat_readmark SET seq = 0", None, "chat_readmark_rises")


def test_the_trail_is_append_only(message: chat.Message, alice: Actor) -> None:
    chat.ban(room_id=message.room_id, visitor=visitor(alice), message_id=message.id)
    refused("UPDATE chat_moderation SET reason = 'x'", None, "chat_moderation_append_only")
    refused("DELETE FROM chat_moderation", None, "chat_moderation_append_only")


def test_one_room_a_campaign_and_a_gift(message: chat.Message, campaign: campaigns.Campaign) -> None:
    support, _ = ask_the_team(campaign)
    copy = """INSERT INTO chat_room (id, kind, campaign_id, pledge_id, guest_id, key_hash, slow_seconds, blocked_words, last_seq,
              version, created_at) SELECT gen_random_uuid(), kind, campaign_id, pledge_id, guest_id, %s, 0, '{}', 0, 0, now()
              FROM chat_room WHERE id = %s"""
    refused(copy, [None, message.room_id], "chat_room_of_campaign")
    refused(copy, [b"other", support], "chat_room_of_gift")
    refused(copy, [None, support], "chat_room_kind")


def audit(code: str) -> list[dict[str, Any]]:
    (check,) = (each for each in checks() if each.code == code and "chat_" in each.sql)
    return db.rows(check.sql)


def test_the_audit_sees_a_gap_and_a_silent_removal(message: chat.Message, bob: Actor, alice: Actor) -> None:
    other = write(message.room_id, bob)
    chat.remove_message(room_id=message.room_id, visitor=visitor(alice), message_id=other.id)
    assert audit("N2") == audit("N3") == []
    db.execute(
        "UPDATE chat_message SET text = '', removed_at = now(), removed_by = %s, version = 9 WHERE id = %s",
        [UUID(int=7), message.id],
    )
    db.execute("UPDATE chat_room SET last_seq = last_seq + 1, version = version + 1")
    assert len(audit("N2")) == len(audit("N3")) == 1
