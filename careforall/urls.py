"""Every path of the product, face by face."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.static import serve

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("apps.faces.api.ops.urls")),
    path("api/v1/", include("apps.faces.api.v1.urls")),
    path("bank/", include("apps.faces.bank.urls")),
    path("panel/", admin.site.urls),
    path("", include("apps.faces.site.urls")),
]
if settings.DEMO_MODE:  # behind the edge these are served by nginx; this lets one process alone show pictures
    urlpatterns.append(re_path(r"^media/(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT}))
handler404 = "apps.faces.site.errors.page_not_found"
handler500 = "apps.faces.site.errors.page_failed"
handler400 = "apps.faces.site.errors.page_bad_request"
