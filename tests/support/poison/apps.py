from django.apps import AppConfig


class PoisonConfig(AppConfig):
    name = "tests.support.poison"
    label = "poison"

    def ready(self) -> None:
        from . import handlers, tasks  # noqa: F401
