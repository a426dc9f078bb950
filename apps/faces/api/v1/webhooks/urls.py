from django.urls import path

from . import views

urlpatterns = [
    path("", views.EndpointsView.as_view()),
    path("/<uuid:endpoint_id>", views.EndpointView.as_view()),
    path("/<uuid:endpoint_id>/secrets", views.SecretsView.as_view()),
    path("/<uuid:endpoint_id>/deliveries", views.DeliveriesView.as_view()),
    path("/<uuid:endpoint_id>/pings", views.PingsView.as_view()),
    path("/<uuid:endpoint_id>/replays", views.ReplaysView.as_view()),
]
