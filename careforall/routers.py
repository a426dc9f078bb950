"""The bank keeps its own books in its own database; everything else lives in the platform's."""

from typing import Any

from apps.platform import replica

BANK = "bank"


class BankRouter:
    def db_for_read(self, model: Any, **hints: Any) -> str:
        return BANK if model._meta.app_label == BANK else replica.place()

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return BANK if model._meta.app_label == BANK else "default"

    def allow_relation(self, first: Any, second: Any, **hints: Any) -> bool:
        return (first._meta.app_label == BANK) == (second._meta.app_label == BANK)

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db != replica.ALIAS and (db == BANK) == (app_label == BANK)
