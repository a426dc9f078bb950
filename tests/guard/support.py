"""Donors and testers of stolen cards, each at an address."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import altcha
from django.test import Client

from apps.campaigns import interface as campaigns
from apps.platform import db
from tests.pledges.support import captured, failed, tell


def give(
    client: Client,
    campaign: campaigns.Campaign,
    address: str = "192.0.2.1",
    solution: str = "",
    email: str = "",
    **headers: str,
) -> Any:
    body = {
        "campaign": str(campaign.id),
        "amount": 500_00,
        "donor": {"name": "Gita", "email": email or f"{uuid4().hex[:8]}@example.org"},
        "payment": {"provider": "bank", "account": "4000-0000-0000-0002"},
    }
    return client.post(
        "/api/v1/pledges",
        body,
        content_type="application/json",
        REMOTE_ADDR=address,
        headers={**headers, **({"X-Challenge-Solution": solution} if solution else {})},
    )


def decline(*answers: Any) -> None:
    """The bank declines what these answers promised."""
    tell(*(failed(UUID(answer.json()["id"])) for answer in answers))


def capture(answer: Any) -> None:
    tell(captured(UUID(answer.json()["id"])))


def be_declined(client: Client, campaign: campaigns.Campaign, times: int, address: str = "192.0.2.1") -> None:
    decline(*(give(client, campaign, address) for _ in range(times)))


def solved(challenge: dict[str, Any]) -> str:
    known = altcha.Challenge.from_dict(challenge)
    solution = altcha.solve_challenge(known)
    assert solution
    return altcha.Payload(known, solution).to_base64()


def pledges_made() -> int:
    return int(db.rows("SELECT count(*) AS made FROM pledges_pledge")[0]["made"])
