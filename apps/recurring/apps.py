from django.apps import AppConfig


class RecurringConfig(AppConfig):
    name = "apps.recurring"
    label = "recurring"

    def ready(self) -> None:
        from . import audits, gauges, handlers, tasks  # noqa: F401
