from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "apps.faces.api"
    label = "faces_api"
