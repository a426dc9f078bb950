from django.urls import include, path

from .campaigns import views as campaigns
from .pledges import views as pledges

app_name = "site"
urlpatterns = [
    path("", campaigns.home, name="home"),
    path("campaigns/", campaigns.index, name="campaigns"),
    path("campaigns/<slug:slug>/", campaigns.show, name="campaign"),
    path("campaigns/<slug:slug>/give/", pledges.give, name="give"),
    path("donations/<str:token>/", pledges.track, name="donation"),
    path("accounts/", include("apps.faces.site.accounts.urls")),
]
