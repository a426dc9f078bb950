import os

from django.core.wsgi import get_wsgi_application

from careforall.telemetry import start_tracing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careforall.settings.prod")
start_tracing("web")
application = get_wsgi_application()

from apps.platform import pool_metrics  # noqa: E402  needs the set-up above

pool_metrics.start()
