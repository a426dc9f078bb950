from datetime import timedelta

from django.apps import AppConfig
from django.conf import settings


class PlatformConfig(AppConfig):
    name = "apps.platform"
    label = "platform"

    def ready(self) -> None:
        from . import checks, clock  # noqa: F401  registers the system checks

        if settings.CLOCK_OFFSET:
            clock.set_off(timedelta(seconds=settings.CLOCK_OFFSET))
