from django.apps import AppConfig


class PayoutsConfig(AppConfig):
    name = "apps.payouts"
    label = "payouts"

    def ready(self) -> None:
        from . import audits, gauges, handlers, tasks  # noqa: F401
