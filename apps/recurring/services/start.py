from __future__ import annotations

from django.db import transaction

from apps.accounts import interface as accounts
from apps.campaigns import interface as campaigns
from apps.payments import interface as payments
from apps.platform import clock, db
from apps.platform.ids import new_id
from apps.platform.text import clean_line, normalise_email
from apps.pledges import interface as pledges

from ..data import NAME_MAX
from ..queries import dates
from ..queries.tokens import plan_token, token_hash

_START = """
    WITH plan AS (
        INSERT INTO recurring_plan (id, campaign_id, campaign_title, donor_id, donor_key, currency, amount, cover_amount, day, status,
                                    reason,
                                    provider, approval_id, is_anonymous, access_hash, notes, created_at)
        VALUES (%(plan)s, %(campaign)s, %(title)s, %(donor)s, %(key)s, %(currency)s, %(amount)s, %(cover)s, %(day)s, 'starting', '',
                %(provider)s, %(approval)s, %(anonymous)s, %(access)s, 0, %(now)s)
        RETURNING id
    ), giver AS (
        INSERT INTO recurring_giver (plan_id, email, name, language) SELECT id, %(email)s, %(name)s, %(language)s FROM plan
    ), month AS (
        INSERT INTO recurring_month (id, plan_id, month, due_on, status)
        SELECT %(month_id)s, id, %(month)s, %(today)s, 'taking' FROM plan RETURNING id
    )
    INSERT INTO recurring_try (pledge_id, month_id, number, amount, status, reason, made_on)
    SELECT %(pledge)s, id, 1, %(amount)s, 'pending', '', %(today)s FROM month
"""


def start_plan(*, new: pledges.NewPledge) -> pledges.MadePledge:
    """Take a wish to give now and then every month on the same day: the first gift, and a plan that begins when it has arrived.

    One transaction. A repeat of the intent gets the first answer again and makes no second plan. Nothing is taken later if the
    first gift fails. Raises what `pledges.make_pledge` raises.
    """
    with transaction.atomic():
        made = pledges.make_pledge(new=new)
        if not made.is_replay:
            _start(new, made)
    return made


def _start(new: pledges.NewPledge, made: pledges.MadePledge) -> None:
    plan_id, approval_id, today = new_id(), new_id(), dates.today()
    payments.open_approval(approval_id=approval_id, provider=new.provider, account=new.account)
    email, name = normalise_email(new.donor_email) if new.donor_email else "", clean_line(new.donor_name, NAME_MAX)
    if new.donor_id and (user := accounts.get_user(user_id=new.donor_id)):
        email, name = user.email, name or user.name
    campaign = campaigns.get_campaigns(campaign_ids=[made.campaign_id])[made.campaign_id]
    db.execute(
        _START,
        {
            "plan": plan_id,
            "campaign": made.campaign_id,
            "title": campaign.title,
            "donor": new.donor_id,
            "key": pledges.key_of_address(email=email),
            "currency": made.currency,
            "amount": made.amount,
            "cover": new.cover_amount,
            "day": today.day,
            "provider": new.provider,
            "approval": approval_id,
            "anonymous": new.anonymous,
            "access": token_hash(plan_token(plan_id)),
            "email": email,
            "name": name,
            "language": new.language[:8],
            "month_id": new_id(),
            "month": dates.month_of(today),
            "today": today,
            "pledge": made.pledge_id,
            "now": clock.now(),
        },
    )
