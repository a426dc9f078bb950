from django.urls import include, path

from apps.faces.shared.problems import not_found

urlpatterns = [
    path("auth/", include("apps.faces.api.v1.accounts.urls")),
    path("", include("apps.faces.api.v1.pledges.urls")),
    path("campaigns", include("apps.faces.api.v1.campaigns.urls")),
    path("webhook-endpoints", include("apps.faces.api.v1.webhooks.urls")),
    path("payments/", include("apps.faces.api.v1.payments.urls")),
    path("bank/", include("apps.faces.api.v1.bank.urls")),
    path("", include("apps.faces.api.v1.schema.urls")),
    path("<path:rest>", lambda request, rest: not_found(request)),
]
