"""Which consumer serves which path."""

from django.urls import path, re_path

from .consumers.chat import ChatConsumer
from .consumers.nothing import NothingHere
from .consumers.notifications import NotificationsConsumer

websocket_urlpatterns = [
    path("ws/notifications/", NotificationsConsumer.as_asgi()),
    path("ws/chat/<str:room>/", ChatConsumer.as_asgi()),
    re_path(r"", NothingHere.as_asgi()),
]
