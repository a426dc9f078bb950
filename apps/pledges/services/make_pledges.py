"""Making pledges, many at once: one transaction and the same few statements whether one donor gives or five hundred do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import OperationalError, transaction
from psycopg.errors import LockNotAvailable

from apps.accounts import interface as accounts
from apps.campaigns import interface as campaigns
from apps.campaigns.data import AcceptingCampaign
from apps.outbox import interface as outbox
from apps.payments import interface as payments
from apps.payments.data import NewPayment
from apps.platform import clock, context, db, tracing
from apps.platform.context import Origin
from apps.platform.errors import Refused
from apps.platform.ids import new_id

from ..data import MadePledge, NewPledge
from ..errors import CampaignNotAccepting, CampaignNotFound, IdempotencyKeyInUse, IdempotencyKeyReused
from ..events import PledgeCreated
from ..queries.intents import Intent, KnownPledge, fingerprint_of, pledges_of_intents
from ..queries.tokens import donor_key, token_hash, tracking_token
from .check import cleaned, refuse_terms
from .dedications import insert_dedications
from .insert import PledgeRow, insert_pledges

Outcome = MadePledge | Refused


def make_pledges(*, new: Sequence[NewPledge]) -> list[Outcome]:
    """Take wishes to give in one transaction; the answers stand in their order, a refusal spoils only its own.

    Writes pledge, donor, history, payment and fact. A repeat of an intent gets the first answer again, also when it stands
    in the same call or is being committed by someone else (it waits for that one). Does not talk to any provider.
    """
    try:
        return commit_pledges(new=new)
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable) or (len(new) == 1 and new[0].idempotency_key is None):
            raise
    if len(new) > 1:  # one of them waits for somebody; the others shall not
        return [make_pledges(new=[each])[0] for each in new]
    return [IdempotencyKeyInUse()]


def commit_pledges(
    *, new: Sequence[NewPledge], origins: Sequence[Origin] = (), lock_timeout: str = ""
) -> list[Outcome]:
    """The transaction of `make_pledges`, and nothing after its failure: what the database refuses is raised.

    `origins`, one for each wish, name the requests that they came with; without, all came with the current one.
    `lock_timeout` holds for this transaction only, instead of the connection's own.
    """
    with transaction.atomic():
        if lock_timeout:
            db.rows("SELECT set_config('lock_timeout', %s, true)", [lock_timeout])
        wishes = [replace(each, fingerprint=fingerprint_of(each)) for each in new]
        return _make(wishes, origins or [context.origin()] * len(new))


@dataclass(frozen=True)
class _Wish:
    """A usable wish at its place in the call, with the campaign that takes it."""

    place: int
    new: NewPledge
    campaign: AcceptingCampaign


def _make(new: Sequence[NewPledge], origins: Sequence[Origin]) -> list[Outcome]:
    outcomes: dict[int, Outcome] = {}
    wishes = _accepted(new, outcomes)
    firsts: dict[object, _Wish] = {_intent(wish.new) or wish.place: wish for wish in reversed(wishes)}
    now = clock.now()
    rows = {place.place: _row(place, now) for place in firsts.values()}
    made = insert_pledges(list(rows.values()))
    for place, row in rows.items():
        if row.id in made:
            outcomes[place] = _answer(row.id, row.campaign_id, row.amount, row.currency, now, is_replay=False)
    fresh = [(row, origins[place]) for place, row in rows.items() if row.id in made]
    for row, origin in fresh:
        tracing.begin(row.id, caused_by=origin.traceparent, request_id=origin.request_id)
    wished = {wish.place: wish.new.dedication for wish in firsts.values()}
    dedicated = [(row.id, wished[place]) for place, row in rows.items() if row.id in made]
    insert_dedications([(pledge_id, each) for pledge_id, each in dedicated if each])
    if fresh:
        payments.open_payments(payments=[_payment(row, origin) for row, origin in fresh])
        outbox.publish(
            *(_fact(row) for row, _ in fresh),
            request_ids=[origin.request_id for _, origin in fresh],
            traceparents=[origin.traceparent for _, origin in fresh],
        )
    _replay(new, outcomes)
    return [outcomes[place] for place in range(len(new))]


def _accepted(new: Sequence[NewPledge], outcomes: dict[int, Outcome]) -> list[_Wish]:
    """The wishes that can be taken; the refusals of all others go to `outcomes`. Locks the campaigns against closing."""
    usable: dict[int, NewPledge] = {}
    for place, each in enumerate(_with_account_emails(new)):
        try:
            usable[place] = cleaned(each)
        except Refused as refused:
            outcomes[place] = refused
    accepting = (
        campaigns.lock_accepting(campaign_ids=sorted({each.campaign_id for each in usable.values()})) if usable else {}
    )
    wishes = []
    for place, each in usable.items():
        campaign = accepting.get(each.campaign_id)
        refusal = refuse_terms(each, campaign) if campaign else _refuse_campaign(each.campaign_id)
        if campaign and not refusal:
            wishes.append(_Wish(place, each, campaign))
        elif refusal:
            outcomes[place] = refusal
    return wishes


def _with_account_emails(new: Sequence[NewPledge]) -> list[NewPledge]:
    """Signed-in donors give under the address of their account, whatever was sent along."""
    ids = {each.donor_id for each in new if each.donor_id}
    users = accounts.get_users(user_ids=list(ids)) if ids else {}
    return [
        replace(each, donor_email=user.email, donor_name=each.donor_name or user.name)
        if each.donor_id and (user := users.get(each.donor_id))
        else each
        for each in new
    ]


def _refuse_campaign(campaign_id: UUID) -> Refused:
    return CampaignNotAccepting() if campaigns.is_public(campaign_id=campaign_id) else CampaignNotFound()


def _row(wish: _Wish, now: datetime) -> PledgeRow:
    new, pledge_id = wish.new, new_id()
    return PledgeRow(
        id=pledge_id,
        campaign_id=new.campaign_id,
        campaign_title=wish.campaign.title,
        donor_id=new.donor_id,
        donor_key=donor_key(new.donor_email),
        currency=wish.campaign.currency,
        amount=new.amount,
        cover_amount=new.cover_amount,
        capture=new.capture,
        is_anonymous=new.anonymous,
        message=new.message,
        caller_scope=new.caller_scope,
        idempotency_key=new.idempotency_key,
        fingerprint=new.fingerprint,
        tracking_hash=token_hash(tracking_token(pledge_id=pledge_id)),
        created_at=now,
        email=new.donor_email,
        name=new.donor_name,
        language=new.language[:8],
        provider=new.provider,
        account=new.account,
        approval_id=new.approval_id,
    )


def _payment(row: PledgeRow, origin: Origin) -> NewPayment:
    return NewPayment(
        id=new_id(),
        reference=row.id,
        provider=row.provider,
        account=row.account,
        amount=row.amount,
        currency=row.currency,
        capture=row.capture,
        request_id=origin.request_id,
        approval_id=row.approval_id,
    )


def _fact(row: PledgeRow) -> PledgeCreated:
    return PledgeCreated(
        pledge_id=row.id,
        campaign_id=row.campaign_id,
        currency=row.currency,
        amount=row.amount,
        donor_id=row.donor_id,
        donor_key=row.donor_key,
        is_anonymous=row.is_anonymous,
        occurred_at=row.created_at,
    )


def _replay(new: Sequence[NewPledge], outcomes: dict[int, Outcome]) -> None:
    """Give the first answer again to every wish whose intent is a pledge already, even one that is refused by now."""
    open_places = {
        place: intent
        for place, each in enumerate(new)
        if not _is_made(outcomes.get(place)) and (intent := _intent(each))
    }
    if not open_places:
        return
    known = pledges_of_intents(set(open_places.values()))
    for place, intent in open_places.items():
        if pledge := known.get(intent):
            outcomes[place] = _again(pledge, new[place])
        elif place not in outcomes:
            outcomes[place] = IdempotencyKeyInUse()


def _again(pledge: KnownPledge, new: NewPledge) -> Outcome:
    if pledge.fingerprint != new.fingerprint:
        return IdempotencyKeyReused()
    return _answer(pledge.id, pledge.campaign_id, pledge.amount, pledge.currency, pledge.created_at, is_replay=True)


def _answer(
    pledge_id: UUID, campaign_id: UUID, amount: int, currency: str, created_at: datetime, *, is_replay: bool
) -> MadePledge:
    return MadePledge(
        pledge_id=pledge_id,
        campaign_id=campaign_id,
        amount=amount,
        currency=currency,
        created_at=created_at,
        tracking_token=tracking_token(pledge_id=pledge_id),
        is_replay=is_replay,
    )


def _is_made(outcome: Outcome | None) -> bool:
    return isinstance(outcome, MadePledge)


def _intent(new: NewPledge) -> Intent | None:
    return (new.caller_scope, new.idempotency_key) if new.idempotency_key is not None else None
