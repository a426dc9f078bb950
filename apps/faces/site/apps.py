from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "apps.faces.site"
    label = "faces_site"
