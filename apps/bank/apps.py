from django.apps import AppConfig


class BankConfig(AppConfig):
    name = "apps.bank"
    label = "bank"

    def ready(self) -> None:
        from . import audits, tasks  # noqa: F401
