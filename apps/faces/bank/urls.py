from django.urls import path

from . import views

app_name = "bank"
urlpatterns = [
    path("approvals/<str:asked>/", views.show, name="consent"),
    path("approvals/<str:asked>/account/", views.account, name="consent-account"),
    path("approvals/<str:asked>/yes/", views.yes, name="consent-yes"),
    path("approvals/<str:asked>/no/", views.no, name="consent-no"),
]
