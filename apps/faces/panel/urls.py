"""Every screen of our own: path, view, name, and whom it is for. The permission test reads this table."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.urls import URLPattern, path

from .access import View, for_managers, for_staff, with_fresh_proof
from .campaigns import views as campaigns
from .campaigns.moves import MOVES
from .donors import views as donors
from .exports import views as exports
from .gifts import acts as gift_acts
from .gifts import filters as gift_filters
from .gifts import views as gifts
from .jobs import views as jobs
from .news import views as news
from .operations import views as operations
from .payouts import views as payouts
from .people import views as people
from .refunds import views as refunds
from .teams import views as teams

MANAGERS, STAFF = "managers", "staff"
SCREENS: list[tuple[str, View, str, str]] = [
    ("campaigns/", campaigns.index, "campaigns", MANAGERS),
    ("campaigns/new/", campaigns.create, "campaign-new", MANAGERS),
    ("campaigns/<uuid:campaign_id>/", campaigns.show, "campaign", MANAGERS),
    ("campaigns/<uuid:campaign_id>/edit/", campaigns.edit, "campaign-edit", MANAGERS),
    ("campaigns/<uuid:campaign_id>/cover/", campaigns.cover, "campaign-cover", MANAGERS),
    ("campaigns/<uuid:campaign_id>/extras/", campaigns.extras, "campaign-extras", MANAGERS),
    ("campaigns/<uuid:campaign_id>/copy/", campaigns.copy, "campaign-copy", MANAGERS),
    ("campaigns/<uuid:campaign_id>/review/", campaigns.review, "campaign-review", STAFF),
    *(
        (f"campaigns/<uuid:campaign_id>/{verb}/", partial(campaigns.move, verb=verb), f"campaign-{verb}", MANAGERS)
        for verb in MOVES
    ),
    ("campaigns/<uuid:campaign_id>/news/", news.index, "campaign-news", MANAGERS),
    ("campaigns/<uuid:campaign_id>/news/<uuid:update_id>/", news.removal, "campaign-news-removal", MANAGERS),
    ("campaigns/<uuid:campaign_id>/team/", teams.team, "campaign-team", MANAGERS),
    ("campaigns/<uuid:campaign_id>/team/<uuid:user_id>/", teams.member, "campaign-team-member", MANAGERS),
    (
        "campaigns/<uuid:campaign_id>/invitations/<uuid:invitation_id>/",
        teams.withdrawal,
        "campaign-invitation-withdrawal",
        MANAGERS,
    ),
    ("campaigns/<uuid:campaign_id>/payouts/", payouts.of_campaign, "campaign-payouts", MANAGERS),
    ("campaigns/<uuid:campaign_id>/payout-account/", payouts.account, "campaign-payout-account", MANAGERS),
    ("payouts/", payouts.index, "payouts", MANAGERS),
    ("payouts/<uuid:payout_id>/", payouts.show, "payout", MANAGERS),
    ("payouts/<uuid:payout_id>/withdrawal/", payouts.withdrawal, "payout-withdrawal", MANAGERS),
    ("payouts/<uuid:payout_id>/decision/", payouts.decision, "payout-decision", STAFF),
    ("gifts/", gifts.index, "gifts", MANAGERS),
    ("gifts/<uuid:pledge_id>/", gifts.show, "gift", MANAGERS),
    ("gifts/<uuid:pledge_id>/capture/", gifts.capture, "gift-capture", MANAGERS),
    ("gifts/<uuid:pledge_id>/cancellation/", gifts.cancellation, "gift-cancellation", MANAGERS),
    ("gifts/<uuid:pledge_id>/refunds/", gifts.refund, "gift-refund", MANAGERS),
    ("refunds/", refunds.index, "refunds", MANAGERS),
    ("refunds/<uuid:refund_id>/", refunds.decision, "refund-decision", MANAGERS),
    ("gifts/<uuid:pledge_id>/notes/", gift_acts.note, "gift-notes", MANAGERS),
    ("gifts/<uuid:pledge_id>/receipt/", gift_acts.receipt, "gift-receipt", MANAGERS),
    ("gifts/<uuid:pledge_id>/test-mark/", gift_acts.test_mark, "gift-test-mark", MANAGERS),
    ("gifts/<uuid:pledge_id>/books/", gift_acts.books, "gift-books", MANAGERS),
    ("gift-filters/", gift_filters.keep, "gift-filters", MANAGERS),
    ("gift-filters/<uuid:filter_id>/removal/", gift_filters.remove, "gift-filter-removal", MANAGERS),
    ("gift-jobs/", jobs.index, "gift-jobs", MANAGERS),
    ("gift-jobs/new/", jobs.prepare, "gift-job-new", MANAGERS),
    ("gift-jobs/<uuid:job_id>/", jobs.show, "gift-job", MANAGERS),
    ("gift-jobs/<uuid:job_id>/start/", jobs.start, "gift-job-start", MANAGERS),
    ("gift-jobs/<uuid:job_id>/stop/", jobs.stop, "gift-job-stop", MANAGERS),
    ("gift-jobs/<uuid:job_id>/discard/", jobs.discard, "gift-job-discard", MANAGERS),
    ("donors/", donors.index, "donors", MANAGERS),
    ("donors/<slug:donor_key>/", donors.show, "donor", MANAGERS),
    ("exports/", exports.index, "exports", MANAGERS),
    ("exports/<uuid:export_id>/", exports.download, "export", MANAGERS),
    ("anomalies/", operations.anomalies, "anomalies", STAFF),
    ("anomalies/<int:anomaly_id>/", operations.anomaly, "anomaly", STAFF),
    ("health/", operations.health, "health", STAFF),
    ("health/audits/", operations.audits, "health-audits", STAFF),
    ("dead-letters/", operations.dead_letters, "dead-letters", STAFF),
    ("dead-letters/retries/", operations.retries, "dead-letters-retries", STAFF),
    ("webhooks/", operations.webhooks, "webhooks", STAFF),
    ("people/", people.people, "people", STAFF),
    ("people/<uuid:user_id>/", people.person, "person", STAFF),
    ("people/<uuid:user_id>/roles/", people.roles, "person-roles", STAFF),
    ("people/<uuid:user_id>/deactivation/", people.deactivation, "person-deactivation", STAFF),
    ("audit-trail/", people.audit_trail, "audit-trail", STAFF),
    ("api-keys/", people.api_keys, "api-keys", STAFF),
    ("api-keys/<uuid:key_id>/revocation/", people.revocation, "api-key-revocation", STAFF),
]


# What moves money, or says where it goes.
MONEY = {
    "campaign-payouts",
    "campaign-payout-account",
    "payout-decision",
    "gift-capture",
    "gift-cancellation",
    "gift-job-start",
    "gift-refund",
    "refund-decision",
}


def screens(admin_view: Callable[[View], View]) -> list[URLPattern]:
    wrap = {MANAGERS: for_managers, STAFF: for_staff}
    guard = {True: with_fresh_proof, False: lambda view: view}
    return [
        path(route, admin_view(wrap[whom](guard[name in MONEY](view))), name=name)
        for route, view, name, whom in SCREENS
    ]
