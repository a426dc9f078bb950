import hashlib
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.campaigns import interface as campaigns
from apps.platform import db
from apps.platform.actors import Actor
from apps.platform.errors import Invalid
from apps.platform.ids import new_id
from apps.pledges import errors
from apps.pledges import interface as pledges

from .support import history_of, row_of, wish

pytestmark = pytest.mark.django_db


def test_make_pledge_writes_everything_at_once(campaign: campaigns.Campaign) -> None:
    made = pledges.make_pledge(new=wish(campaign.id, message="Stay warm"))

    row = row_of(made.pledge_id)
    assert (row["status"], row["amount"], row["captured_amount"], row["currency"]) == ("pending", 500_00, 0, "BDT")
    assert row["campaign_title"] == campaign.title
    assert history_of(made.pledge_id) == [(1, "", "pending")]
    assert db.rows("SELECT email, name FROM pledges_donor") == [{"email": "guest@example.org", "name": "Gulshan Guest"}]
    assert db.rows("SELECT reference FROM payments_payment") == [{"reference": made.pledge_id}]
    assert db.rows("SELECT type FROM outbox_event WHERE type LIKE 'pledge.%%'") == [{"type": "pledge.created"}]


def test_the_fact_names_nobody(campaign: campaigns.Campaign) -> None:
    pledges.make_pledge(new=wish(campaign.id, message="Stay warm"))

    payload = str(db.rows("SELECT payload::text FROM outbox_event WHERE type = 'pledge.created'"))
    assert "guest@example.org" not in payload
    assert "Gulshan" not in payload
    assert "Stay warm" not in payload


def test_the_tracking_token_is_kept_as_a_hash_only(campaign: campaigns.Campaign) -> None:
    made = pledges.make_pledge(new=wish(campaign.id))

    assert len(made.tracking_token) == 32
    assert bytes(row_of(made.pledge_id)["tracking_hash"]) == hashlib.sha256(made.tracking_token.encode()).digest()
    assert pledges.tracking_token(pledge_id=made.pledge_id) == made.tracking_token
    assert pledges.follow_gift(tracking_token=made.tracking_token).status == "pending"
    for wrong in ("", "x", "x" * 32, made.tracking_token[:-1], made.tracking_token + "A", "\ud800" * 32, "é" * 32):
        with pytest.raises(errors.PledgeNotFound):
            pledges.follow_gift(tracking_token=wrong)


def test_a_repeat_gets_the_first_answer_again(campaign: campaigns.Campaign, alice: Actor) -> None:
    new = wish(campaign.id, idempotency_key="k1")
    first = pledges.make_pledge(new=new)
    campaigns.close_campaign(campaign_id=campaign.id, by=alice)

    again = pledges.make_pledge(new=new)

    assert again == replace(first, is_replay=True)
    assert db.rows("SELECT count(*) AS number FROM pledges_pledge") == [{"number": 1}]


def test_one_key_for_another_wish_is_refused(campaign: campaigns.Campaign) -> None:
    pledges.make_pledge(new=wish(campaign.id, idempotency_key="k1"))

    with pytest.raises(errors.IdempotencyKeyReused):
        pledges.make_pledge(new=wish(campaign.id, idempotency_key="k1", amount=600_00))
    with pytest.raises(errors.IdempotencyKeyReused):
        pledges.make_pledge(new=wish(campaign.id, idempotency_key="k1", amount=1))


def test_keys_belong_to_their_caller(campaign: campaigns.Campaign) -> None:
    first = pledges.make_pledge(new=wish(campaign.id, idempotency_key="k1"))
    other = pledges.make_pledge(new=wish(campaign.id, idempotency_key="k1", caller_scope="user:x"))

    assert first.pledge_id != other.pledge_id


def test_duplicates_inside_one_batch_are_one_pledge(campaign: campaigns.Campaign) -> None:
    new = wish(campaign.id, idempotency_key="k1")
    outcomes = pledges.make_pledges(
        new=[new, new, replace(new, amount=600_00), wish(campaign.id), wish(campaign.id, amount=1), wish(new_id()), new]
    )

    first = outcomes[0]
    assert isinstance(first, pledges.MadePledge)
    assert not first.is_replay
    assert outcomes[1] == outcomes[6] == replace(first, is_replay=True)
    assert isinstance(outcomes[2], errors.IdempotencyKeyReused)
    assert isinstance(outcomes[3], pledges.MadePledge)
    assert isinstance(outcomes[4], Invalid)
    assert isinstance(outcomes[5], errors.CampaignNotFound)
    assert db.rows("SELECT count(*) AS number FROM pledges_pledge") == [{"number": 2}]


def test_statements_do_not_grow_with_the_batch(campaign: campaigns.Campaign, alice: Actor) -> None:
    def statements(number: int) -> int:
        batch = [wish(campaign.id, idempotency_key=str(new_id()), donor_id=alice.user_id) for _ in range(number)]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert all(isinstance(each, pledges.MadePledge) for each in pledges.make_pledges(new=batch))
        return len(queries)

    assert statements(1) == statements(3) == statements(40)


def test_a_guests_pledge_takes_four_statements(campaign: campaigns.Campaign) -> None:
    new = wish(campaign.id, idempotency_key="k")
    with CaptureQueriesContext(connection) as queries:
        pledges.make_pledge(new=new)

    words = [query["sql"].split()[0] for query in queries]
    assert [word for word in words if word not in ("SAVEPOINT", "RELEASE")] == ["SELECT", "WITH", "WITH", "INSERT"]


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"amount": 0}, "amount", "invalid"),
        ({"amount": -1}, "amount", "invalid"),
        ({"amount": True}, "amount", "invalid"),
        ({"amount": 500.0}, "amount", "invalid"),
        ({"amount": "500"}, "amount", "invalid"),
        ({"amount": 2**63}, "amount", "invalid"),
        ({"amount": 9_99}, "amount", "below-minimum"),
        ({"amount": 50_000_01}, "amount", "above-maximum"),
        ({"currency": "USD"}, "currency", "wrong-currency"),
        ({"donor_email": ""}, "donor.email", "required"),
        ({"donor_email": "nobody"}, "donor.email", "invalid"),
        ({"donor_email": "a@b.org\u202e"}, "donor.email", "invalid"),
        ({"donor_name": "x" * 121}, "donor.name", "invalid"),
        ({"donor_name": "two\nlines"}, "donor.name", "invalid"),
        ({"message": "x" * 501}, "message", "invalid"),
        ({"message": "nul\x00"}, "message", "invalid"),
        ({"message": "\ud800"}, "message", "invalid"),
        ({"account": ""}, "payment.account", "invalid-account"),
        ({"account": "x" * 5000}, "payment.account", "invalid-account"),
        ({"provider": "nobody"}, "payment.provider", "unknown-provider"),
        ({"capture": "later"}, "capture", "invalid"),
    ],
)
def test_what_cannot_be_used_is_named_and_leaves_nothing(
    campaign: campaigns.Campaign, change: dict[str, object], field: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        pledges.make_pledge(new=wish(campaign.id, **change))

    assert [(each.field, each.code) for each in refused.value.fields] == [(field, code)]
    assert db.rows("SELECT 1 FROM pledges_pledge UNION ALL SELECT 1 FROM payments_payment") == []


def test_campaigns_that_take_nothing_refuse(campaign: campaigns.Campaign, alice: Actor, sam: Actor) -> None:
    campaigns.pause_campaign(campaign_id=campaign.id, by=alice)
    with pytest.raises(errors.CampaignNotAccepting):
        pledges.make_pledge(new=wish(campaign.id))
    campaigns.publish_campaign(campaign_id=campaign.id, by=sam)
    pledges.make_pledge(new=wish(campaign.id))
    campaigns.close_campaign(campaign_id=campaign.id, by=alice)
    with pytest.raises(errors.CampaignNotAccepting):
        pledges.make_pledge(new=wish(campaign.id))
    with pytest.raises(errors.CampaignNotFound):
        pledges.make_pledge(new=wish(new_id()))


def test_a_signed_in_donor_gives_under_the_accounts_address(campaign: campaigns.Campaign, bob: Actor) -> None:
    made = pledges.make_pledge(
        new=wish(campaign.id, donor_id=bob.user_id, donor_email="other@example.org", donor_name="")
    )

    pledge = pledges.get_pledge(pledge_id=made.pledge_id, viewer=bob)
    assert (pledge.donor_email, pledge.donor_name) == ("bob@example.org", "Bob Donor")
