from django.urls import path

from . import views

urlpatterns = [
    path("pledges", views.pledges),
    path("pledges/<uuid:pledge_id>", views.pledge),
    path("pledges/<uuid:pledge_id>/capture", views.capture),
    path("pledges/<uuid:pledge_id>/cancellation", views.cancellation),
    path("pledges/<uuid:pledge_id>/refunds", views.refunds),
    path("donations/<str:tracking_token>", views.donation),
    path("campaigns/<uuid:campaign_id>/donations", views.wall),
]
