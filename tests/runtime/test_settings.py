"""A missing or malformed setting stops the start with one line that names it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from runtime.environment import ROOT

GOOD = {
    "SECRET_KEY": "s" * 40,
    "JWT_SIGNING_KEY": "j" * 40,
    "TRACKING_TOKEN_KEY": "t" * 40,
    "BANK_API_KEY": "cfa_" + "b" * 40,
    "BANK_WEBHOOK_SECRET": "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    "DATABASE_URL": "postgres://careforall@127.0.0.1:1/careforall",
    "BANK_DATABASE_URL": "postgres://careforall@127.0.0.1:1/bank",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "DATA_DIR": "/nonexistent",
    "DJANGO_SETTINGS_MODULE": "careforall.settings.prod",
    "PATH": os.environ["PATH"],
}
BAD = [
    *[(name, "") for name in ("SECRET_KEY", "JWT_SIGNING_KEY", "TRACKING_TOKEN_KEY", "BANK_API_KEY")],
    *[(name, "") for name in ("BANK_WEBHOOK_SECRET", "DATABASE_URL", "BANK_DATABASE_URL", "REDIS_URL")],
    ("SECRET_KEY", "short"),
    ("SECRET_KEY_OLD", "a-key-that-is-long-enough-for-this-purpose,short"),
    ("BANK_WEBHOOK_SECRET_OLD", "whsec_x"),
    ("REPLICA_DATABASE_URL", "mysql://x/y"),
    ("BANK_WEBHOOK_SECRET", "whsec_x"),
    ("DATABASE_URL", "mysql://x/y"),
    ("DATABASE_URL", "postgres://127.0.0.1:1"),
    ("REDIS_URL", "127.0.0.1:6379"),
    ("PUBLIC_URL", "example.org"),
    ("PUBLIC_URL", "http://example.org:port"),
    ("DEMO_MODE", "perhaps"),
    ("RATE_LIMITS", "off"),
    ("BANK_HOLD_HOURS", "-1"),
    ("GUARD_DECLINES", "0"),
    ("LOG_LEVEL", "LOUD"),
    ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector"),
    ("GUARD_DECLINES", "many"),
]


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_bad_setting_is_one_line_that_names_it(name: str, value: str) -> None:
    command = [sys.executable, "-c", "from careforall.settings import prod"]
    run = subprocess.run(command, cwd=ROOT, env=GOOD | {name: value}, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert run.stderr.count("\n") == 1, run.stderr
    assert run.stderr.startswith(name), run.stderr
    assert run.stdout == ""


def test_good_settings_start() -> None:
    command = [sys.executable, "-c", "from careforall.settings import prod"]
    run = subprocess.run(command, cwd=ROOT, env=GOOD, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")


def test_https_makes_cookies_and_browsers_strict() -> None:
    code = "import django; django.setup(); from django.conf import settings as s; from django.http import HttpResponse as R;"
    code += (
        "from django.test import RequestFactory as F; from apps.faces.shared.middleware import RequestMiddleware as M;"
    )
    code += "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, M(lambda r: R())(F().get('/')).headers.get('Strict-Transport-Security'))"
    said = {}
    for scheme in ("http", "https"):
        env = GOOD | {"PUBLIC_URL": f"{scheme}://give.example.org"}
        run = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True
        )
        said[scheme] = run.stdout.strip()
    assert said == {"http": "False False None", "https": "True True max-age=31536000"}
