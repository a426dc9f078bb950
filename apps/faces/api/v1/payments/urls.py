from django.urls import path

from . import views

urlpatterns = [path("webhooks/<str:provider>", views.receive)]
