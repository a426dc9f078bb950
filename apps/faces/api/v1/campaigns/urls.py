from django.urls import path

from apps.campaigns import interface as campaigns

from . import updates, views

urlpatterns = [
    path("", views.CampaignsView.as_view()),
    path("/<uuid:campaign_id>", views.campaign_detail),
    path("/<uuid:campaign_id>/submission", views.move_view("submission", campaigns.submit_campaign)),
    path("/<uuid:campaign_id>/publication", views.move_view("publication", campaigns.publish_campaign)),
    path("/<uuid:campaign_id>/return", views.move_view("return", campaigns.return_campaign)),
    path("/<uuid:campaign_id>/pause", views.move_view("pause", campaigns.pause_campaign)),
    path("/<uuid:campaign_id>/closure", views.move_view("closure", campaigns.close_campaign)),
    path("/<uuid:campaign_id>/cover", views.CoverView.as_view()),
    path("/<uuid:campaign_id>/updates", updates.UpdatesView.as_view()),
    path("/<uuid:campaign_id>/updates/<uuid:update_id>", updates.UpdateView.as_view()),
]
