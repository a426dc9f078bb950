"""The test suite: real PostgreSQL and Valkey, cheap password hashes, mail in memory, nobody woken behind a test's back."""

import os

os.environ.setdefault("SECRET_KEY", "test-only-secret-key-0123456789abcdef0123456789")
os.environ.setdefault("JWT_SIGNING_KEY", "test-only-jwt-key-0123456789abcdef0123456789abc")
os.environ.setdefault("TRACKING_TOKEN_KEY", "test-only-tracking-key-0123456789abcdef012345")
os.environ.setdefault("BANK_API_KEY", "cfa_test_bank_key_0123456789abcdef0123456789")
os.environ.setdefault("BANK_WEBHOOK_SECRET", "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
os.environ.setdefault("DEMO_MODE", "on")

from .base import *  # noqa: E402, F403
from .base import DATABASES, GUARD, INSTALLED_APPS, STORAGES  # noqa: E402

RATE_LIMITS = False
GUARD |= {"ON": False, "IN_BACKGROUND": False}
WAKE_WORKERS = False
GROUP_COMMIT = False
HOT_PAGE_SECONDS = 0.0
PASSWORD_HASHERS = ["careforall.settings.hashers.QuickArgon2"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
ALLOWED_HOSTS = ["*"]
DATABASES.pop("replica", None)  # its tests make one of their own
for _database in DATABASES.values():
    _database["TEST"] = {"NAME": "test_" + str(_database["NAME"])}
    _database["CONN_MAX_AGE"] = 0
INSTALLED_APPS = [*INSTALLED_APPS, "django_migration_linter"]
