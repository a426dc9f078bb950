from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from apps.platform.actors import DONOR, MANAGER, STAFF
from apps.platform.clock import now
from apps.platform.ids import new_id

ROLES = [(DONOR, "donor"), (MANAGER, "campaign manager"), (STAFF, "staff")]


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email=(email or "").lower())


class User(AbstractBaseUser):
    id = models.UUIDField(primary_key=True, default=new_id)
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    email_verified_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now)
    session_salt = models.CharField(max_length=16, default="", db_default="", blank=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(email=Lower("email")), name="accounts_user_email_lower")]

    def get_session_auth_hash(self) -> str:
        """What ties sessions to this person: another password or another salt ends them all."""
        return super().get_session_auth_hash() + self.session_salt

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for each in super().get_session_auth_fallback_hash():
            yield each + self.session_salt


class Role(models.Model):
    """A role that someone has; everyone is a donor without a row."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="granted")
    role = models.CharField(max_length=16, choices=ROLES)
    granted_by = models.UUIDField(null=True)
    granted_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="accounts_role_once"),
            models.CheckConstraint(condition=Q(role__in=[MANAGER, STAFF]), name="accounts_role_known"),
        ]


class RefreshFamily(models.Model):
    """All refresh tokens that descend from one sign-in. One dies with all."""

    id = models.UUIDField(primary_key=True, default=new_id)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    created_at = models.DateTimeField(default=now)
    dead_at = models.DateTimeField(null=True)
    user_agent = models.CharField(max_length=200, default="", db_default="", blank=True)


class RefreshToken(models.Model):
    """A refresh token by the hash of its secret; `used_at` is set once."""

    id = models.UUIDField(primary_key=True, default=new_id)
    family = models.ForeignKey(RefreshFamily, on_delete=models.CASCADE)
    digest = models.BinaryField(unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["family"], condition=Q(used_at__isnull=True), name="accounts_refresh_one_live"
            )
        ]


class SiteSession(models.Model):
    """What is known of a session of the site, beside Django's own row, which decides whether it lives."""

    id = models.UUIDField(primary_key=True, default=new_id)
    session_key = models.CharField(max_length=40, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    user_agent = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField(default=now)
    last_seen_at = models.DateTimeField(default=now)


class ApiKey(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.CharField(max_length=80)
    digest = models.BinaryField(unique=True)
    scopes: Any = models.JSONField(default=list)
    created_at = models.DateTimeField(default=now)
    last_used_at = models.DateTimeField(null=True)  # to the hour: busy keys must not write on every call
    revoked_at = models.DateTimeField(null=True)


class WsTicket(models.Model):
    """A ticket for one websocket, deleted when it is used."""

    digest = models.BinaryField(primary_key=True)
    user_id: Any = models.UUIDField()
    expires_at = models.DateTimeField()


class AuditEntry(models.Model):
    """One line of the audit trail: append-only, chained. A trigger gives `seq` (gapless) and `digest`."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=8)
    actor_id: Any = models.UUIDField(null=True)
    action = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=64)
    detail: Any = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, default="")
    digest = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(actor_kind__in=["user", "api-key", "system"]), name="accounts_audit_kind"
            )
        ]
        indexes = [
            models.Index(fields=["subject_id", "seq"], name="accounts_audit_subject"),
            models.Index(fields=["actor_id", "seq"], name="accounts_audit_actor"),
            models.Index(fields=["action", "seq"], name="accounts_audit_action"),
        ]


class AuditHead(models.Model):
    """The end of the chain; its lock puts writers in line."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField(default=0)
    digest = models.BinaryField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="accounts_audit_one_head")]


class SecondFactor(models.Model):
    """What an authenticator app shares with us. `last_step` is the newest half minute whose code was used; it only rises."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True)
    sealed = models.CharField(max_length=200)
    last_step = models.BigIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    blocked_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sealed__startswith="gAAAA"), name="accounts_secondfactor_sealed")
        ]


class RecoveryCode(models.Model):
    """A code for who lost the app, by its keyed hash; `used_at` is set once."""

    id = models.UUIDField(primary_key=True, default=new_id)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    digest = models.BinaryField(unique=True)
    used_at = models.DateTimeField(null=True)
