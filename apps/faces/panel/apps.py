from django.apps import AppConfig
from django.contrib import admin
from django.contrib.admin import apps as admin_apps


class PanelAdminConfig(admin_apps.AdminConfig):
    """Django's admin, with our site as the default one: the screens of contexts (their admin.py) register there."""

    default = False
    default_site = "apps.faces.panel.site.PanelSite"


class PanelConfig(AppConfig):
    default = True
    name = "apps.faces.panel"
    label = "faces_panel"

    def ready(self) -> None:
        """What libraries register writes past our services: only records of our own contexts are shown."""
        for model in list(admin.site._registry):
            if not model.__module__.startswith("apps."):
                admin.site.unregister(model)
