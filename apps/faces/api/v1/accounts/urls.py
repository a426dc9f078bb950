from django.urls import path

from . import views

urlpatterns = [
    path("register", views.RegisterView.as_view()),
    path("token", views.TokenView.as_view()),
    path("token/refresh", views.RefreshView.as_view()),
    path("token/revoke", views.RevokeView.as_view()),
    path("me", views.MeView.as_view()),
    path("ws-ticket", views.WsTicketView.as_view()),
]
