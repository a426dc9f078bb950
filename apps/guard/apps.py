from django.apps import AppConfig


class GuardConfig(AppConfig):
    name = "apps.guard"
    label = "guard"

    def ready(self) -> None:
        from . import gauges, handlers, tasks  # noqa: F401
