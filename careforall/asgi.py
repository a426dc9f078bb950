"""The live process: websockets by Channels, anything else by Django (in production the edge sends only /ws/ here)."""

import gc
import os

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

from careforall.telemetry import start_tracing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careforall.settings.prod")
start_tracing("live")
pages = get_asgi_application()

from apps.faces.live.routing import websocket_urlpatterns  # noqa: E402  needs the set-up above

application = ProtocolTypeRouter({"http": pages, "websocket": URLRouter(websocket_urlpatterns)})

# What was imported stays for good. Looking through all of it for garbage would stop every socket for some hundredths of a second.
gc.collect()
gc.freeze()
