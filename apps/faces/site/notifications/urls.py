from django.conf import settings
from django.urls import path

from . import mailbox, views

urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/unread.json", views.unread, name="inbox-unread"),
    path("inbox/read/", views.read_all, name="inbox-read"),
    path("inbox/preferences/", views.preferences, name="inbox-preferences"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
if settings.DEMO_MODE and settings.HAS_MAILBOX:
    urlpatterns += [
        path("mailbox/", mailbox.index, name="mailbox"),
        path("mailbox/<slug:mail_id>/", mailbox.show, name="mail"),
        path("mailbox/<slug:mail_id>/html/", mailbox.html, name="mail-html"),
    ]
