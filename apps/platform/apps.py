from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "apps.platform"
    label = "platform"

    def ready(self) -> None:
        from . import checks  # noqa: F401  registers the system checks
