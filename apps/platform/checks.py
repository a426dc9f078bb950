"""System check: no relation crosses from one context into another; ids do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core import checks
from django.db.models import Model


@checks.register(checks.Tags.models)
def no_relations_between_contexts(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """E001 for each ForeignKey, OneToOne or ManyToMany whose ends are in different contexts of ours."""
    return relations_between(apps.get_models())


def relations_between(models: Iterable[type[Model]]) -> list[checks.CheckMessage]:
    found: list[checks.CheckMessage] = []
    for model in models:
        if not model.__module__.startswith(("apps.", "tests.")):
            continue
        for field in model._meta.get_fields():
            target = field.related_model if not field.auto_created else None
            if isinstance(target, type) and target._meta.app_label != model._meta.app_label and _ours(target):
                hint = "Keep the id in a UUIDField and ask the other context's interface."
                message = f"{model.__name__}.{field.name} reaches into the context {target._meta.app_label}."
                found.append(checks.Error(message, hint=hint, obj=model, id="platform.E001"))
    return found


def _ours(model: type[Model]) -> bool:
    return model.__module__.startswith("apps.")
