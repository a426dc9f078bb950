from django.urls import path

from . import views

urlpatterns = [
    path("test-accounts", views.test_accounts),
    path("accounts", views.accounts),
    path("accounts/<str:number>", views.account),
    path("accounts/<str:number>/transactions", views.transactions),
    path("authorizations", views.authorizations),
    path("authorizations/<uuid:authorization_id>", views.authorization),
    path("authorizations/<uuid:authorization_id>/capture", views.capture),
    path("authorizations/<uuid:authorization_id>/release", views.release),
    path("authorizations/<uuid:authorization_id>/refund", views.refund),
    path("mandates", views.mandates),
    path("mandates/<str:mandate>/revocation", views.mandate_revocation),
    path("events", views.events),
    path("transfers", views.transfers),
]
