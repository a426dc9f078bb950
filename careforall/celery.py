"""Celery: carries wake-ups and the timetable, nothing else. Losing a message loses nothing but time."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careforall.settings.dev")
app = Celery("careforall")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
