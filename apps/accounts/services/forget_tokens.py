from django.contrib.sessions.models import Session

from apps.platform import clock, db

from ..models import RefreshFamily

BATCH = 2_000
_NOTES = """
    DELETE FROM accounts_sitesession WHERE id IN (
        SELECT note.id FROM accounts_sitesession AS note
        LEFT JOIN django_session AS session USING (session_key) WHERE session.session_key IS NULL LIMIT %s)
"""


def forget_expired_tokens() -> int:
    """Delete up to 2,000 families in which every token has expired: nothing can come of them. Returns how many."""
    expired = RefreshFamily.objects.exclude(refreshtoken__expires_at__gt=clock.now()).order_by("pk")
    ids = list(expired.values_list("pk", flat=True)[:BATCH])
    RefreshFamily.objects.filter(pk__in=ids).exclude(refreshtoken__expires_at__gt=clock.now()).delete()
    return len(ids)


def forget_ended_sessions() -> int:
    """Delete up to 2,000 sessions of the site that have expired, and what was noted of those that are gone; how many of these."""
    expired = Session.objects.filter(expire_date__lt=clock.now()).order_by("expire_date")
    Session.objects.filter(pk__in=list(expired.values_list("pk", flat=True)[:BATCH])).delete()
    return db.execute(_NOTES, [BATCH])
