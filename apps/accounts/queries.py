from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db.models import F, Q

from apps.platform import clock, db
from apps.platform.actors import DONOR, Actor

from . import data
from .models import ApiKey, AuditEntry, RecoveryCode, SecondFactor, User

REFRESH_LIFE = timedelta(hours=24)


def user_data(user: User) -> data.User:
    roles = frozenset({DONOR, *(granted.role for granted in user.granted.all())})
    return data.User(user.id, user.email, user.name, roles, user.is_active, user.created_at, user.email_verified_at)


def get_users(*, user_ids: Iterable[UUID]) -> dict[UUID, data.User]:
    """The users of these ids, those that exist, in two queries."""
    found = User.objects.filter(pk__in=list(user_ids)).prefetch_related("granted")
    return {user.pk: user_data(user) for user in found}


def get_user(*, user_id: UUID) -> data.User:
    """Raises LookupError for an unknown id."""
    return get_users(user_ids=[user_id])[user_id]


def find_user_by_email(*, email: str) -> data.User | None:
    found = User.objects.filter(email=email.lower()).prefetch_related("granted").first()
    return user_data(found) if found else None


def user_ids_with_role(*, role: str) -> list[UUID]:
    """Everyone who is active and was granted this role, in the order of their ids. One query."""
    return list(User.objects.filter(is_active=True, granted__role=role).order_by("pk").values_list("pk", flat=True))


def actor_of_user(*, user_id: UUID) -> Actor:
    """What this person may do at this moment."""
    return Actor(user_id=user_id, roles=get_user(user_id=user_id).roles)


def has_second_factor(*, user_id: UUID) -> bool:
    """Whether this person signs in with a second factor: one that was set up and confirmed. One query."""
    return SecondFactor.objects.filter(user_id=user_id).exclude(confirmed_at=None).exists()


def second_factor_of(*, user_id: UUID) -> data.SecondFactor | None:
    """This person's second factor, None without one. Two queries."""
    found = SecondFactor.objects.filter(user_id=user_id).exclude(confirmed_at=None).first()
    if found is None or found.confirmed_at is None:
        return None
    return data.SecondFactor(found.confirmed_at, RecoveryCode.objects.filter(user_id=user_id, used_at=None).count())


_SIGNED_IN = """
    SELECT note.id, 'site' AS kind, note.user_agent, note.started_at, note.last_seen_at,
           note.session_key = %(key)s AS is_current
    FROM accounts_sitesession AS note JOIN django_session AS session USING (session_key)
    WHERE note.user_id = %(user)s AND session.expire_date > %(now)s
    UNION ALL
    SELECT family.id, 'api', family.user_agent, family.created_at, max(token.expires_at) - %(life)s, false
    FROM accounts_refreshfamily AS family JOIN accounts_refreshtoken AS token ON token.family_id = family.id
    WHERE family.user_id = %(user)s AND family.dead_at IS NULL
    GROUP BY family.id HAVING bool_or(token.used_at IS NULL AND token.expires_at > %(now)s)
    ORDER BY 6 DESC, 5 DESC LIMIT 100
"""


def list_sessions(*, user_id: UUID, session_key: str | None = None) -> list[data.SignedIn]:
    """Where this person is signed in: the session `session_key` first, then the last used. One query, a hundred at most."""
    wanted = {"user": user_id, "key": session_key or "", "now": clock.now(), "life": REFRESH_LIFE}
    return [data.SignedIn(**row) for row in db.rows(_SIGNED_IN, wanted)]


def list_actions(
    *,
    subject_id: UUID | str | None = None,
    actor_id: UUID | None = None,
    action: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[data.RecordedAction]:
    """Lines of the audit trail, newest first, those below number `before`; one query. Does not check permissions."""
    wanted = {"subject_id": subject_id and str(subject_id), "actor_id": actor_id, "action": action, "seq__lt": before}
    found = AuditEntry.objects.filter(**{name: value for name, value in wanted.items() if value is not None})
    return [
        data.RecordedAction(
            seq=entry.seq,
            at=entry.at,
            actor_kind=entry.actor_kind,
            actor_id=entry.actor_id,
            action=entry.action,
            subject_id=entry.subject_id,
            detail=entry.detail,
            request_id=entry.request_id,
        )
        for entry in found.order_by("-seq")[:limit]
    ]


def list_users(*, search: str = "", role: str = "", before: UUID | None = None, limit: int = 50) -> list[data.User]:
    """People whose name or address holds `search`, who have `role`, newest first, those made before the person `before`.

    Two queries. Does not check permissions.
    """
    found = User.objects.prefetch_related("granted").order_by("-id")
    if search:
        found = found.filter(Q(email__icontains=search) | Q(name__icontains=search))
    if role:
        found = found.filter(granted__role=role)
    if before:
        found = found.filter(id__lt=before)
    return [user_data(user) for user in found[:limit]]


def list_api_keys() -> list[data.KeptApiKey]:
    """All keys, those in force first, newest first; one query. Does not check permissions."""
    return [
        data.KeptApiKey(row.pk, row.name, tuple(row.scopes), row.created_at, row.last_used_at, row.revoked_at)
        for row in ApiKey.objects.order_by(F("revoked_at").asc(nulls_first=True), "-created_at")[:200]
    ]
