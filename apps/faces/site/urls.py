from django.urls import include, path

from .campaigns import board, money, passing_on
from .campaigns import views as campaigns
from .history import views as guest_history
from .monthly import views as monthly
from .pages import views as pages
from .pledges import history
from .pledges import views as pledges
from .receipts import statements
from .receipts import views as receipts
from .status import views as status
from .teams import views as teams
from .updates import views as updates
from .updates import writing

app_name = "site"
urlpatterns = [
    path("", campaigns.home, name="home"),
    path("counter/", campaigns.counter, name="counter"),
    path("campaigns/", campaigns.index, name="campaigns"),
    path("campaigns/<slug:slug>/", campaigns.show, name="campaign"),
    path("campaigns/<slug:slug>/picture.png", passing_on.picture, name="picture"),
    path("campaigns/<slug:slug>/code.svg", passing_on.code, name="code"),
    path("campaigns/<slug:slug>/embed/", passing_on.embed, name="embed"),
    path("oembed/", passing_on.oembed, name="oembed"),
    path("sitemap.xml", passing_on.sitemap, name="sitemap"),
    path("robots.txt", passing_on.robots, name="robots"),
    path("campaigns/<slug:slug>/money/", money.money, name="campaign-money"),
    path("campaigns/<slug:slug>/money.csv", money.statements, name="campaign-statements"),
    path("campaigns/<slug:slug>/live/", board.board, name="board"),
    path("campaigns/<slug:slug>/gifts/", campaigns.wall, name="wall"),
    path("campaigns/<slug:slug>/give/", pledges.give, name="give"),
    path("campaigns/<slug:slug>/updates/", updates.index, name="updates"),
    path("campaigns/<slug:slug>/updates/new/", writing.write, name="update-write"),
    path("campaigns/<slug:slug>/updates/<uuid:update_id>/edit/", writing.edit, name="update-edit"),
    path("campaigns/<slug:slug>/updates/<uuid:update_id>/removal/", writing.remove, name="update-remove"),
    path("campaigns/<slug:slug>/updates.atom", updates.feed, name="updates-feed"),
    path("campaigns/<slug:slug>/follow/", updates.follow, name="follow"),
    path("follow/<str:token>/", updates.confirm, name="follow-confirm"),
    path("teams/<str:token>/", teams.invitation, name="team-invitation"),
    path("donations/back/<str:token>/", pledges.returned, name="returned"),
    path("donations/<str:token>/", pledges.track, name="donation"),
    path("donations/<str:token>/receipt/", receipts.of_gift, name="receipt-of-gift"),
    path("donations/<str:token>/receipt.pdf", receipts.of_gift_pdf, name="receipt-of-gift-pdf"),
    path("donations/<str:token>/monthly/", monthly.mail_link, name="monthly-link"),
    path("monthly/<str:token>/", monthly.show, name="monthly"),
    path("monthly/<str:token>/amount/", monthly.amount, name="monthly-amount"),
    path("monthly/<str:token>/day/", monthly.day, name="monthly-day"),
    path("monthly/<str:token>/omission/", monthly.skip, name="monthly-skip"),
    path("monthly/<str:token>/pause/", monthly.pause, name="monthly-pause"),
    path("monthly/<str:token>/resumption/", monthly.resume, name="monthly-resume"),
    path("monthly/<str:token>/cancellation/", monthly.cancel, name="monthly-cancel"),
    path("gifts/", guest_history.ask, name="history-ask"),
    path("gifts/sent/", guest_history.sent, name="history-sent"),
    path("gifts/all/", guest_history.show, name="history"),
    path("gifts/all/statements/<int:year>/<str:currency>/", statements.of_address, name="history-statement"),
    path(
        "gifts/all/statements/<int:year>/<str:currency>/statement.pdf",
        statements.of_address_pdf,
        name="history-statement-pdf",
    ),
    path("gifts/link/<str:token>/", guest_history.open_link, name="history-open"),
    path("receipts/<uuid:pledge_id>/", receipts.own, name="receipt"),
    path("receipts/<uuid:pledge_id>/receipt.pdf", receipts.own_pdf, name="receipt-pdf"),
    path("receipts/confirm/<uuid:code>/", receipts.confirm, name="receipt-confirm"),
    path("accounts/statements/<int:year>/<str:currency>/", statements.own, name="statement"),
    path("accounts/statements/<int:year>/<str:currency>/statement.pdf", statements.own_pdf, name="statement-pdf"),
    path("accounts/gifts/", history.account, name="account"),
    path("", include("apps.faces.site.chat.urls")),
    path("accounts/", include("apps.faces.site.accounts.urls")),
    path("about/", pages.about, name="about"),
    path("transparency/", pages.transparency, name="transparency"),
    path("privacy/", pages.privacy, name="privacy"),
    path("status/", status.status, name="status"),
    path("styleguide/", pages.styleguide, name="styleguide"),
    path("", include("apps.faces.site.notifications.urls")),
]
