"""Gifts in honour or in memory of somebody, and the message about one to a third person.

A mailed message is a way to write to strangers in our name. So it leaves only when money has arrived and stayed, once, on its
date; without links; few a day to one address; and never again to an address that said no.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from apps.outbox import interface as outbox
from apps.platform import clock, db
from apps.platform.errors import FieldError
from apps.platform.text import clean_line, clean_text, normalise_email

from ..data import MESSAGE_MAX, NAME_MAX, NewDedication
from ..events import DedicationDue
from ..queries.tokens import donor_key

AT_ONCE, A_DAY, AHEAD = 200, 3, timedelta(days=366)
_LINK = re.compile(r"\b(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:/\S*)?\b", re.IGNORECASE)
_INSERT = """
    INSERT INTO pledges_dedication (pledge_id, kind, honoree, is_public, recipient_name, recipient_email, recipient_key, message,
                                    send_on, status)
    SELECT wish.*, CASE recipient_email WHEN '' THEN 'none' ELSE 'waiting' END
    FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::boolean[], %s::text[], %s::text[], %s::text[], %s::text[], %s::date[])
        AS wish(pledge_id, kind, honoree, is_public, recipient_name, recipient_email, recipient_key, message, send_on)
"""
# The row's lock and the state decide who tells; more than A_DAY to one address wait for another day.
_TELL = """
    WITH due AS (
        SELECT dedication.pledge_id, dedication.recipient_key,
               row_number() OVER (PARTITION BY dedication.recipient_key ORDER BY dedication.send_on, dedication.pledge_id) AS place
        FROM pledges_dedication AS dedication JOIN pledges_pledge AS pledge ON pledge.id = dedication.pledge_id
        WHERE dedication.status = 'waiting' AND dedication.send_on <= %(today)s AND pledge.status = 'captured'
          AND pledge.refunded_amount + pledge.refund_reserved < pledge.captured_amount
    ), chosen AS (
        SELECT pledge_id FROM pledges_dedication WHERE status = 'waiting' AND pledge_id IN (
            SELECT pledge_id FROM due WHERE place + (
                SELECT count(*) FROM pledges_dedication AS told
                WHERE told.recipient_key = due.recipient_key AND told.told_at > %(now)s - interval '1 day'
            ) <= %(a_day)s ORDER BY pledge_id LIMIT %(limit)s
        ) FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE pledges_dedication AS dedication SET status = 'told', told_at = %(now)s FROM chosen
    WHERE dedication.pledge_id = chosen.pledge_id AND dedication.status = 'waiting' RETURNING dedication.pledge_id
"""
# What will never be told: the gift failed long ago or went back, or the address said no.
_DROP = """
    UPDATE pledges_dedication AS dedication SET status = 'dropped', recipient_email = '', recipient_name = '', message = ''
    FROM pledges_pledge AS pledge
    WHERE pledge.id = dedication.pledge_id AND dedication.status = 'waiting' AND (
        (pledge.status = 'captured' AND pledge.refunded_amount >= pledge.captured_amount)
        OR (pledge.status <> 'captured' AND dedication.send_on < %(long_ago)s)
        OR EXISTS (SELECT FROM pledges_dedicationrefusal AS refusal WHERE refusal.recipient_key = dedication.recipient_key))
"""
_REFUSE = """
    INSERT INTO pledges_dedicationrefusal (recipient_key, at)
    SELECT recipient_key, %(now)s FROM pledges_dedication WHERE pledge_id = %(pledge)s AND recipient_key <> ''
    ON CONFLICT (recipient_key) DO NOTHING
"""


def today() -> date:
    """In the organisation's time zone."""
    return clock.now().astimezone(ZoneInfo(settings.REPORTS_TIME_ZONE)).date()


def clean_dedication(new: NewDedication) -> tuple[NewDedication, list[FieldError]]:
    """The same with normalised text and without links, and what is wrong with it."""
    faults: list[FieldError] = []
    if new.kind not in ("honour", "memory"):
        faults.append(FieldError("dedication.kind", "invalid", _("Choose in honour or in memory.")))
    values: dict[str, str] = {}
    cleaners = {
        "honoree": lambda value: clean_line(value, NAME_MAX),
        "recipient_name": lambda value: clean_line(value, NAME_MAX),
        "message": lambda value: clean_text(value, MESSAGE_MAX),
        "recipient_email": lambda value: normalise_email(value) if value else "",
    }
    for field, clean in cleaners.items():
        try:
            values[field] = clean(getattr(new, field))
        except ValueError as error:
            faults.append(FieldError(f"dedication.{field}", "invalid", str(error)))
            values[field] = ""
    for field in ("honoree", "recipient_name", "message"):
        values[field] = _LINK.sub("", values[field]).strip()
    if not values["honoree"] and not any(fault.field == "dedication.honoree" for fault in faults):
        faults.append(FieldError("dedication.honoree", "required", _("Say whom the gift is for.")))
    send_on = (new.send_on or today()) if values["recipient_email"] else None
    if send_on and not today() <= send_on <= today() + AHEAD:
        faults.append(FieldError("dedication.send_on", "invalid", _("Choose a day from today to a year from now.")))
    cleaned = replace(
        new,
        honoree=values["honoree"],
        recipient_name=values["recipient_name"],
        recipient_email=values["recipient_email"],
        message=values["message"],
        send_on=send_on,
    )
    return cleaned, faults


def insert_dedications(dedications: Sequence[tuple[UUID, NewDedication]]) -> None:
    """Write them beside their fresh pledges, in the open transaction. No statement where there are none."""
    if not dedications:
        return
    rows = [
        (
            pledge_id,
            new.kind,
            new.honoree,
            new.is_public,
            new.recipient_name,
            new.recipient_email,
            donor_key(new.recipient_email) if new.recipient_email else "",
            new.message if new.recipient_email else "",
            new.send_on,
        )
        for pledge_id, new in dedications
    ]
    db.execute(_INSERT, [list(column) for column in zip(*rows, strict=True)])


def tell_dedications() -> int:
    """Announce the messages whose day has come and whose gift has arrived and stayed; each once. Returns how many."""
    now = clock.now()
    with transaction.atomic():
        db.execute(_DROP, {"long_ago": today() - timedelta(days=30)})
        params = {"today": today(), "now": now, "a_day": A_DAY, "limit": AT_ONCE}
        told = [row["pledge_id"] for row in db.rows(_TELL, params)]
        outbox.publish(*(DedicationDue(pledge_id=each) for each in told))
    return len(told)


def refuse_dedications(*, pledge_id: UUID) -> None:
    """Whoever this message went to wants no more of them, from anybody. Twice is once; for an unknown gift nothing happens."""
    db.execute(_REFUSE, {"pledge": pledge_id, "now": clock.now()})


def forget_dedications(*, pledge_ids: Collection[UUID]) -> None:
    """With the person who gave goes what was written to and about others, in the open transaction."""
    db.execute("DELETE FROM pledges_dedication WHERE pledge_id = ANY(%s)", [list(pledge_ids)])
