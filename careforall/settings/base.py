"""Settings of every installation; `careforall.settings.env` reads what differs between them."""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _
from kombu import Exchange, Queue

from careforall.logging import configuration

from . import env

BASE_DIR = env.ROOT
env.load_runtime_files()

# Of each key those before it are still known for a while (docs/runbooks/keys.md).
SECRET_KEY = env.text("SECRET_KEY", min_length=32)
SECRET_KEY_FALLBACKS = env.texts("SECRET_KEY_OLD", min_length=32)
JWT_SIGNING_KEY = env.text("JWT_SIGNING_KEY", min_length=32)
JWT_OLD_KEYS = env.texts("JWT_SIGNING_KEY_OLD", min_length=32)
TRACKING_TOKEN_KEY = env.text("TRACKING_TOKEN_KEY", min_length=32)
# Seals what authenticator apps share with us. Another key makes every second factor useless: staff then take them off.
SECOND_FACTOR_KEY = env.text("SECOND_FACTOR_KEY", SECRET_KEY, min_length=32)
DEBUG = False
DEMO_MODE = env.switch("DEMO_MODE", False)
# Whether those whose roles move money must have a second factor; the demonstration offers it.
SECOND_FACTOR_REQUIRED = env.switch("SECOND_FACTOR_REQUIRED", not DEMO_MODE)
RATE_LIMITS = env.switch("RATE_LIMITS", True)
if not RATE_LIMITS and not DEMO_MODE:
    env.refuse("RATE_LIMITS", "can be off in demo mode only: set DEMO_MODE=on as well.")
# Declined payments in ten minutes that make an address suspicious; test accounts decline on purpose.
GUARD: dict[str, Any] = {
    "ON": RATE_LIMITS,
    "DECLINES": env.integer("GUARD_DECLINES", 40 if DEMO_MODE else 8, least=1),
    "WORK": 5_000,  # rounds of PBKDF2 for each of some 256 tries: half a second on a desktop, some seconds on a phone
    "IN_BACKGROUND": True,
}
CLOCK_OFFSET = env.integer("CLOCK_OFFSET", 0, least=-86_400)
if CLOCK_OFFSET and not DEMO_MODE:
    env.refuse("CLOCK_OFFSET", "is for fault tests: it can be set in demo mode only.")
PUBLIC_URL = env.url("PUBLIC_URL", "http://127.0.0.1:8000")
ALLOWED_HOSTS = [host for host in env.text("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if host]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
ORGANISATION_NAME = env.text("ORGANISATION_NAME", "CareForAll")[:120]
ORGANISATION_DETAILS = env.text("ORGANISATION_DETAILS", "")[:300]
BANK: dict[str, Any] = {
    "URL": env.url("BANK_URL", f"{PUBLIC_URL}/api/v1/bank"),
    "API_KEY": env.text("BANK_API_KEY", min_length=24),
    "WEBHOOK_SECRET": env.webhook_secret("BANK_WEBHOOK_SECRET"),
    "OLD_WEBHOOK_SECRETS": env.webhook_secrets("BANK_WEBHOOK_SECRET_OLD"),
    "WEBHOOK_URL": env.url("BANK_WEBHOOK_URL", f"{PUBLIC_URL}/api/v1/payments/webhooks/bank"),
    "PAGE_URL": env.url("BANK_PAGE_URL", f"{PUBLIC_URL}/bank"),
    # Below the ten minutes after which a payment that has not moved is flagged as stuck.
    "CONSENT_MINUTES": 9,
    "HOLD_HOURS": env.integer("BANK_HOLD_HOURS", 24, least=1),
}
# The platform's fee, in hundredths of a percent of what was captured since the last payout.
PAYOUT_FEE_BASIS_POINTS = env.integer("PAYOUT_FEE_BASIS_POINTS", 150 if DEMO_MODE else 0, least=0)
# Refunds above this of one gift need a second person; a currency that is not named has no limit.
REFUND_APPROVAL_ABOVE = env.amounts("REFUND_APPROVAL_ABOVE", "BDT:5000000,EUR:50000,USD:50000" if DEMO_MODE else "")
# Basis points that each provider keeps of a payment, as agreed with it. With 0 donors are not asked to cover anything.
PAYMENT_FEES = {"bank": env.integer("BANK_FEE_POINTS", 150 if DEMO_MODE else 0, least=0)}
if PAYMENT_FEES["bank"] > 5_000:
    env.refuse("BANK_FEE_POINTS", "is more than half of each payment: it counts hundredths of a percent.")
WAKE_WORKERS = True
# Gifts that arrive together share a transaction; off, each has its own (docs/decisions/0050).
GROUP_COMMIT = env.switch("GROUP_COMMIT", True)
HOT_PAGE_SECONDS = 0.5

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "apps.faces.panel.apps.PanelAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_prometheus",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "channels",
    "apps.platform",
    "apps.outbox",
    "apps.accounts",
    "apps.campaigns",
    "apps.bank",
    "apps.payments",
    "apps.pledges",
    "apps.recurring",
    "apps.chat",
    "apps.guard",
    "apps.payouts",
    "apps.notifications",
    "apps.reporting",
    "apps.faces.api",
    "apps.faces.site",
    "apps.faces.panel",
    "apps.faces.console",
]
MIDDLEWARE = [
    "apps.faces.shared.middleware.RequestMiddleware",
    "apps.faces.shared.middleware.PagesMiddleware",
]
# What only server-rendered pages need; the API, metrics and cached reads are not slowed by it.
PAGE_MIDDLEWARE = [
    "apps.faces.site.hot_pages.HotPagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "apps.faces.site.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.faces.site.accounts.seen.SeenMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
# The admin looks for sessions, sign-in and messages in MIDDLEWARE; PagesMiddleware runs them from PAGE_MIDDLEWARE.
SILENCED_SYSTEM_CHECKS = ["admin.E408", "admin.E409", "admin.E410"]
ROOT_URLCONF = "careforall.urls"
APPEND_SLASH = False
WSGI_APPLICATION = "careforall.wsgi.application"
ASGI_APPLICATION = "careforall.asgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.faces.site.notifications.bell.bell",
            ],
        },
    }
]

_CONNECTION: dict[str, Any] = {
    "CONN_MAX_AGE": 600,
    "CONN_HEALTH_CHECKS": True,
    "DISABLE_SERVER_SIDE_CURSORS": True,
    "OPTIONS": {
        "connect_timeout": 3,
        # How alike a word of a search must be to one of a campaign: at 0.45 a slip of a letter or two is forgiven.
        "options": "-c statement_timeout=5s -c lock_timeout=3s -c idle_in_transaction_session_timeout=30s "
        "-c pg_trgm.word_similarity_threshold=0.45",
    },
}
# A web process has many threads, few of which are at the database at a time: they share this many connections to each.
if DB_POOL := env.integer("DB_POOL", 0):
    _CONNECTION["CONN_MAX_AGE"] = 0
    _CONNECTION["OPTIONS"]["pool"] = {"min_size": 1, "max_size": DB_POOL, "timeout": 5, "max_idle": 60}
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.database("DATABASE_URL") | _CONNECTION,
    "bank": env.database("BANK_DATABASE_URL") | _CONNECTION,
}
# A streaming copy for lists, searches and reports (apps/platform/replica.py); everything else is asked of the primary.
REPLICA_MAX_LAG_SECONDS = env.integer("REPLICA_MAX_LAG_SECONDS", 2, least=1)
if env.text("REPLICA_DATABASE_URL", ""):
    _read_only = _CONNECTION["OPTIONS"] | {
        "options": _CONNECTION["OPTIONS"]["options"] + " -c default_transaction_read_only=on"
    }
    if DB_POOL:
        _read_only["pool"] = _CONNECTION["OPTIONS"]["pool"] | {"timeout": 1}
    DATABASES["replica"] = env.database("REPLICA_DATABASE_URL") | _CONNECTION | {"OPTIONS": _read_only}
DATABASE_ROUTERS = ["careforall.routers.BankRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.url("REDIS_URL", schemes=("redis", "rediss", "unix"))
CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "cache",
        "OPTIONS": {"IGNORE_EXCEPTIONS": True, "SOCKET_CONNECT_TIMEOUT": 0.5, "SOCKET_TIMEOUT": 0.5},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

LIVE_POLL_SECONDS = env.integer("LIVE_POLL_SECONDS", 25, least=1)
LIVE_RECHECK_SECONDS = env.integer("LIVE_RECHECK_SECONDS", 20, least=1)

CELERY_BROKER_URL = REDIS_URL
# Wake-ups need no receipt: a worker whose receipt got lost with its connection would take nothing any more, for ever.
CELERY_TASK_QUEUES = [
    Queue(name, Exchange(name), routing_key=name, no_ack=True) for name in ("money", "webhooks", "bulk")
]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 240
CELERY_TASK_SOFT_TIME_LIMIT = 200
CELERY_TASK_DEFAULT_QUEUE = "money"
CELERY_TASK_ROUTES = ("apps.platform.schedule.route",)
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "socket_timeout": 0.5,
    "socket_connect_timeout": 0.5,
    "max_retries": 0,  # a broker that hangs would hold up whoever sends for seven seconds otherwise
    "global_keyprefix": "celery:",
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
PASSWORD_HASHERS = ["careforall.settings.hashers.Argon2id"]
PASSWORD_RESET_TIMEOUT = 3600
LOGIN_URL = "site:sign-in"
LOGIN_REDIRECT_URL = "site:home"
LOGOUT_REDIRECT_URL = "site:home"

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["apps.faces.shared.auth.HeaderAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["apps.faces.shared.auth.IsSignedIn"],
    "DEFAULT_RENDERER_CLASSES": ["apps.faces.shared.rendering.PlainJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["apps.faces.shared.rendering.BoundedJSONParser"],
    "EXCEPTION_HANDLER": "apps.faces.shared.problems.drf_handler",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": "apps.faces.shared.auth.anonymous_caller",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "CareForAll API",
    "DESCRIPTION": "Campaigns, pledges and payments of a CareForAll installation.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "apps.faces.api.v1.schema.hooks.complete",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("bn", _("Bangla"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"
REPORTS_TIME_ZONE = env.time_zone("REPORTS_TIME_ZONE", "UTC")  # where the organisation's days begin

DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / ".data")))
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(DATA_DIR / "media")))
EXPORTS_ROOT = Path(env.text("EXPORTS_ROOT", str(DATA_DIR / "exports")))  # never below MEDIA_ROOT, which everyone reads
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "careforall.staticfiles.Storage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

# Without a mail server what is sent stays in a local mailbox; in demo mode it is shown at /mailbox/.
EMAIL_BACKEND = "apps.notifications.gateway.mailbox.EmailBackend"
EMAIL_FILE_PATH = str(DATA_DIR / "mail")
EMAIL_TIMEOUT = 10
globals().update(env.mail_server("EMAIL_URL") or {})
HAS_MAILBOX = EMAIL_BACKEND.startswith("apps.")
DEFAULT_FROM_EMAIL = env.sender("DEFAULT_FROM_EMAIL", "CareForAll <hello@careforall.example>")
MAIL_PER_RUN = 2 * env.integer("MAIL_PER_SECOND", 20, least=1)  # the sender runs every two seconds

if env.text("OTEL_EXPORTER_OTLP_ENDPOINT", ""):  # read by careforall.telemetry; refused here, before a process starts
    env.url("OTEL_EXPORTER_OTLP_ENDPOINT")
PROMETHEUS_EXPORT_MIGRATIONS = False
LOGGING_CONFIG = None
configuration(
    level=env.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")),
    as_json=env.switch("LOG_JSON", False),
)

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
