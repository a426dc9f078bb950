"""Where a storm takes place: campaigns of its own, staff who refund, and findings that it caused and closes again."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from apps.accounts import interface as accounts
from apps.bank import interface as bank
from apps.campaigns import interface as campaigns
from apps.campaigns.data import NewCampaign
from apps.payments import interface as payments
from apps.platform.actors import SYSTEM, Actor

OTHERS, ACCOUNTS = 11, 100
CURRENCY, FUNDS = "BDT", 10**12
GOAL = 10**11
DISMISSED = "Told by the storm, on purpose."


@dataclass(frozen=True)
class Stage:
    """`campaigns` take gifts from the storm alone; the first is the hot one. `staff_token` opens the API as staff.

    `accounts` are fresh at the bank and can pay for everything.
    """

    campaigns: list[UUID]
    accounts: list[str]
    staff_token: str


def build(run: str, donors: int) -> Stage:
    """Open the campaigns: a hot one, and others beside it where there are donors enough."""
    manager = accounts.actor_of_user(user_id=_person("manager", "Meena Foundation", ["manager"]))
    staff = _person("staff", "Samir Staff", ["staff"])
    number = 1 + min(OTHERS, donors // 10)
    return Stage(
        campaigns=[
            _open(f"Winter night {run}" + (f", part {place}" if place else ""), manager) for place in range(number)
        ],
        accounts=[
            bank.open_account(currency=CURRENCY, balance=FUNDS).number for _ in range(min(ACCOUNTS, donors // 10))
        ],
        staff_token=accounts.issue_tokens(user_id=staff).access,
    )


def close(stage: Stage) -> None:
    """End the campaigns: what they got stays in the books."""
    for campaign_id in stage.campaigns:
        campaigns.close_campaign(campaign_id=campaign_id, by=SYSTEM)


def close_findings(mark: str, pledge_ids: Collection[str]) -> tuple[set[int], int]:
    """Decide about the open findings that this storm caused: ask the provider, accept what it has proven, dismiss the lies.

    `mark` begins the ids that the storm made up. Returns the ids of those decided now, and how many stay open.
    """
    decided: set[int] = set()
    still_open = 0
    cursor = None
    while True:
        page = payments.list_anomalies(cursor=cursor, page_size=100)
        for found in page.results:
            is_lie = mark in found.subject or mark in str(found.evidence)
            if not is_lie and str(found.reference) not in pledge_ids:
                continue
            is_open = True
            if action := _action_for(found):
                decided.add(found.id)
                is_open = _decide(found.id, action)
            still_open += is_open
        cursor = page.next_cursor
        if cursor is None:
            return decided, still_open


def _decide(anomaly_id: int, action: str) -> bool:
    """Decide as nobody in particular; whether it is still open then. The truth may have settled it in this moment."""
    try:
        after = payments.decide_anomaly(anomaly_id=anomaly_id, action=action, by=SYSTEM, note=DISMISSED)
    except (payments.AnomalyClosed, payments.ActionNotPossible):
        return False
    return after.state == "open"


def _action_for(found: payments.Anomaly) -> str:
    """Ask where the provider can say what is true, accept what it has proven; stuck ones settle by themselves."""
    if found.kind in ("failed-after-captured", "released-after-captured") and "ask" in found.actions:
        return "ask"
    if found.kind == "captured-after-failed":
        return "accept"
    return "dismiss" if "dismiss" in found.actions and found.kind != "stuck" else ""


def _person(role: str, name: str, roles: list[str]) -> UUID:
    email = f"{role}@careforall.example"
    known = accounts.find_user_by_email(email=email)
    if known is None:
        known = accounts.ensure_user(email=email, password=secrets.token_urlsafe(24), name=name, roles=roles)
    return known.id


def _open(title: str, manager: Actor) -> UUID:
    new = NewCampaign(title, "A storm's own campaign.", "Made by manage.py storm.", "emergency", GOAL, CURRENCY)
    campaign = campaigns.create_campaign(by=manager, new=new)
    campaigns.submit_campaign(campaign_id=campaign.id, by=manager)
    campaigns.publish_campaign(campaign_id=campaign.id, by=SYSTEM)
    return campaign.id
