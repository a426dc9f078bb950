"""What each role of a campaign's team may open, and what asks for the second factor. Staff and strangers: test_who_may.py."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from apps.accounts import interface as accounts
from apps.campaigns import interface as campaigns
from apps.campaigns.errors import InvitationInvalid
from apps.faces.panel.urls import MONEY, SCREENS, STAFF
from apps.faces.shared.second_factor import MARK
from apps.notifications.services.send_letters import send_letters
from apps.outbox import interface as outbox
from apps.platform import clock, db
from apps.platform.actors import Actor
from apps.platform.errors import Forbidden
from tests.conftest import PASSWORD, headers_of

from .conftest import World, browser_of, with_refund
from .test_who_may import MATRIX

pytestmark = pytest.mark.django_db(transaction=True)
LISTS = {"index", "campaigns", "campaign-new", "gifts", "donors", "exports", "payouts", "refunds"}
LISTS |= {"gift-jobs", "gift-job-new", "gift-filters", "gift-filter-removal"}
# What a role reaches of the owner's campaign, beside the lists. All else of it is 403, of its gifts and payouts 404.
MAY = {
    "editor": {"campaign", "campaign-team", "campaign-edit", "campaign-cover", "campaign-submission", "campaign-extras"}
    | {"campaign-news", "campaign-news-removal"},
    "finance": {
        "campaign",
        "campaign-team",
        "campaign-payouts",
        "campaign-payout-account",
        "payout",
        "payout-withdrawal",
    }
    | {"gift", "gift-capture", "gift-cancellation", "gift-refund", "refund-decision", "donor"}
    | {"gift-notes", "gift-receipt", "gift-test-mark", "gift-books"},
    "moderator": {"campaign", "campaign-team"},
}


def member(role: str, world: World, alice: Actor) -> Actor:
    """Somebody without any role of the platform, who accepted Alice's invitation."""
    user = accounts.ensure_user(email=f"{role}@example.org", password=PASSWORD, name=role.title(), roles=[])
    invitation = campaigns.invite_member(campaign_id=world.campaign.id, by=alice, email=user.email, role=role)
    who = accounts.actor_of_user(user_id=user.id)
    campaigns.accept_invitation(token=campaigns.invitation_token(invitation_id=invitation.id), by=who)
    return who


@pytest.mark.parametrize("role", list(MAY))
def test_role_reaches_what_it_is_for(world: World, alice: Actor, role: str) -> None:
    browser, world = browser_of(member(role, world, alice)), with_refund(world, alice)
    staff_only = {name for _, _, name, whom in SCREENS if whom == STAFF}
    wrong = []
    for name, (keys, method, *_) in MATRIX.items():
        values = [getattr(world, "campaign" if key == "draft" else key) for key in keys]
        url = reverse(f"admin:{name}", args=[getattr(value, "id", value) for value in values])
        status = browser.generic(method, url).status_code
        is_open = name in LISTS | MAY[role]
        wanted = {200, 302} if is_open and name not in staff_only else {403, 404}
        if name in ("campaign-team-member", "campaign-invitation-withdrawal"):
            wanted = {302, 403, 404}  # see below
        if status not in wanted:
            wrong.append((name, status))
    assert wrong == []
    if role != "finance":
        assert b"Rahim" not in browser.get(reverse("admin:gifts")).content
        assert b"Rahim" not in browser.get(reverse("admin:campaign", args=[world.campaign.id])).content
    else:
        assert b"Rahim" in browser.get(reverse("admin:gifts")).content


def test_only_the_owner_leads_the_team(world: World, alice: Actor, charlie: Actor) -> None:
    editor = member("editor", world, alice)
    for who in (editor, charlie):
        for effect in (
            lambda who: campaigns.invite_member(
                campaign_id=world.campaign.id, by=who, email="x@example.org", role="finance"
            ),
            lambda who: campaigns.change_role(
                campaign_id=world.campaign.id, user_id=editor.user_id, role="finance", by=who
            ),
            lambda who: campaigns.pause_campaign(campaign_id=world.campaign.id, by=who),
        ):
            with pytest.raises(Forbidden):
                effect(who)
    url = reverse("admin:campaign-team-member", args=[world.campaign.id, editor.user_id])
    browser_of(alice).post(url, {"wish": "change", "role": "finance"})
    assert campaigns.role_of(campaign_id=world.campaign.id, user_id=editor.user_id) == "finance"
    browser = browser_of(editor)
    assert browser.post(url, {"wish": "remove"}).status_code == 302
    assert (
        browser.get(reverse("admin:index")).status_code == 302
    )  # no team any more: back to the sign-in, which refuses
    actions = [each.action for each in accounts.list_actions(subject_id=world.campaign.id)][:4]
    assert actions == ["team.leave", "team.change_role", "team.join", "team.invite"]


def test_invitation_comes_by_letter_and_is_for_its_address(
    world: World, alice: Actor, bob: Actor, client: Client
) -> None:
    team, browser = reverse("admin:campaign-team", args=[world.campaign.id]), browser_of(alice)
    assert browser.post(team, {"email": "nobody", "role": "editor"}).status_code == 422
    assert browser.post(team, {"email": "alice@example.org", "role": "editor"}).status_code == 422
    mail.outbox.clear()
    for role in ("editor", "finance"):  # the second offer replaces the first
        assert browser.post(team, {"email": "bob@example.org", "role": role}).status_code == 302
    outbox.drain()
    send_letters()
    [letter] = [each for each in mail.outbox if each.to == ["bob@example.org"]]
    link = urlsplit(re.findall(r"https?://\S+/teams/\S+", str(letter.body))[0]).path
    assert "Sign in" in client.get(link).content.decode()
    other = browser_of(alice)
    assert "another e-mail address" in other.post(link, follow=True).content.decode()
    his = browser_of(bob)
    assert "Accept the invitation" in his.get(link).content.decode()
    assert his.post(link).status_code == 302
    assert campaigns.role_of(campaign_id=world.campaign.id, user_id=bob.user_id) == "finance"
    assert his.get(link).status_code == 404
    assert "Bob Donor" in browser.get(team).content.decode()
    assert db.rows("SELECT id FROM campaigns_invitation WHERE email = 'bob@example.org'") == []
    # What was withdrawn or is too old opens nothing.
    offer = campaigns.invite_member(campaign_id=world.campaign.id, by=alice, email="carol@example.org", role="editor")
    browser.post(reverse("admin:campaign-invitation-withdrawal", args=[world.campaign.id, offer.id]))
    with pytest.raises(InvitationInvalid):
        campaigns.read_invitation(token=campaigns.invitation_token(invitation_id=offer.id))


def test_second_factor_is_asked_at_the_door_and_again_before_money(
    world: World, alice: Actor, sam: Actor, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    world = with_refund(world, alice)
    seen = {}
    for state, age in (("none", None), ("stale", 3600), ("fresh", 60)):
        browser = browser_of(sam)
        if age is not None:
            session = browser.session
            session[MARK] = int(clock.now().timestamp()) - age
            session.save()
        for name, (keys, method, _, _, staff) in MATRIX.items():
            values = [getattr(world, key) for key in keys]
            url = reverse(f"admin:{name}", args=[getattr(value, "id", value) for value in values])
            answer = browser.generic("GET" if name in MONEY else method, url)
            is_sent_away = "/second-factor" in answer.headers.get("Location", "")
            seen[state, name] = is_sent_away
            if is_sent_away:
                assert unquote(answer.headers["Location"]).endswith(f"next={url}"), name
            elif name not in MONEY:
                assert answer.status_code == staff, (state, name)
    assert all(seen["none", name] for name in MATRIX)
    assert {name for name in MATRIX if seen["stale", name]} == MONEY
    assert not any(seen["fresh", name] for name in MATRIX)


def test_whoever_has_a_second_factor_is_asked_before_money_anyway(world: World, alice: Actor, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    db.execute(
        """INSERT INTO accounts_secondfactor (user_id, sealed, confirmed_at, last_step, attempts, created_at)
           VALUES (%s, 'gAAAA', now(), 0, 0, now())""",
        [alice.user_id],
    )
    browser = browser_of(alice)
    refund = reverse("admin:gift-refund", args=[world.captured])
    body = {"token": "01a21331-a99e-73cf-8b7d-4c02aa8188ec", "amount": "1", "reason": "x", "confirmed": "yes"}
    assert "/second-factor" in browser.post(refund, body).headers["Location"]
    assert db.rows("SELECT id FROM pledges_refund") == []
    assert browser.get(reverse("admin:gifts")).status_code == 200


def test_api_moves_money_for_accounts_with_a_second_factor_alone(world: World, alice: Actor, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    url, body = f"/api/v1/pledges/{world.captured}/refunds", {"amount": 100, "reason": "Asked"}
    client, headers = Client(), headers_of(alice)
    answer = client.post(url, body, "application/json", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "second-factor-missing")
    db.execute(
        """INSERT INTO accounts_secondfactor (user_id, sealed, confirmed_at, last_step, attempts, created_at)
           VALUES (%s, 'gAAAA', now(), 0, 0, now())""",
        [alice.user_id],
    )
    assert client.post(url, body, "application/json", headers=headers).status_code == 201
