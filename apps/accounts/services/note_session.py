from __future__ import annotations

from uuid import UUID

from apps.platform import clock, db
from apps.platform.ids import new_id

_NOTE = """
    INSERT INTO accounts_sitesession (id, session_key, user_id, user_agent, started_at, last_seen_at)
    VALUES (%(id)s, %(key)s, %(user)s, %(agent)s, %(now)s, %(now)s)
    ON CONFLICT (session_key) DO UPDATE SET last_seen_at = EXCLUDED.last_seen_at, user_agent = EXCLUDED.user_agent
        WHERE accounts_sitesession.user_id = EXCLUDED.user_id
"""


def note_session(*, session_key: str, user_id: UUID, user_agent: str) -> None:
    """Note that this session of the site was used now, and by which browser. One statement."""
    agent = "".join(each for each in user_agent if each.isprintable())[:200]
    db.execute(_NOTE, {"id": new_id(), "key": session_key, "user": user_id, "agent": agent, "now": clock.now()})
