from django.apps import AppConfig


class PledgesConfig(AppConfig):
    name = "apps.pledges"
    label = "pledges"

    def ready(self) -> None:
        from . import audits, gauges, handlers, tasks  # noqa: F401
