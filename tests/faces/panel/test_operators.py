"""What staff look after: findings, dead letters, the audit, roles, keys. Each decision leaves one line of the trail."""

from __future__ import annotations

import pytest
from django.urls import reverse

from apps.accounts import interface as accounts
from apps.accounts.errors import InvalidApiKey
from apps.chat import interface as chat
from apps.outbox import interface as outbox
from apps.platform import db
from apps.platform.actors import Actor
from apps.platform.ids import new_id
from tests.canaries.probes import insert

from .conftest import World, browser_of

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "bank"])


def lines(action: str) -> int:
    return len(accounts.list_actions(action=action))


def test_anomaly_is_decided_once_with_a_note(world: World, sam: Actor) -> None:
    browser, url = browser_of(sam), reverse("admin:anomaly", args=[world.anomaly_id])
    assert "1 anomaly to decide" in browser.get(reverse("admin:index")).content.decode()
    assert str(world.captured) in browser.get(url).content.decode()
    assert browser.post(url, {"action": "explode"}).status_code == 422

    for _ in range(2):
        assert browser.post(url, {"action": "accept", "note": "Seen with the bank."}).status_code == 302

    page = browser.get(url).content.decode()
    assert "Seen with the bank." in page
    assert "Sam Staff" in page
    outbox.drain()
    assert lines("anomaly.accept") == 1
    assert "Nothing to decide" in browser.get(reverse("admin:anomalies")).content.decode()
    assert browser.get(reverse("admin:anomaly", args=[999_999])).status_code == 404


def test_dead_letters_are_told_by_cause_and_tried_again(world: World, sam: Actor) -> None:
    browser, url = browser_of(sam), reverse("admin:dead-letters")
    assert "Nothing was given up" in browser.get(url).content.decode()
    db.execute(
        """UPDATE outbox_delivery SET done_at = NULL, dead_at = now(), last_error = 'KeyError'
           WHERE subscription = 'reporting.follow_gifts'"""
    )
    page = browser.get(url).content.decode()
    assert "KeyError" in page
    assert "reporting.follow_gifts" in page

    browser.post(reverse("admin:dead-letters-retries"), {"subscription": "reporting.follow_gifts"})
    browser.post(reverse("admin:dead-letters-retries"), {"subscription": "reporting.follow_gifts"})

    assert db.rows("SELECT id FROM outbox_delivery WHERE dead_at IS NOT NULL") == []
    assert lines("outbox.retry") == 1


def test_health_tells_what_the_audit_found(world: World, sam: Actor) -> None:
    browser, url = browser_of(sam), reverse("admin:health")
    assert "It has not run yet" in browser.get(url).content.decode()
    browser.post(reverse("admin:health-audits"))
    assert lines("audit.run") == 1
    db.execute("UPDATE reporting_gift SET amount = amount + 1 WHERE pledge_id = %s", [world.captured])

    outbox.audit()

    page = browser.get(url).content.decode()
    assert "Every pledge has its row in reports" in page
    assert str(world.captured) in page


def test_roles_are_given_and_taken_but_not_from_oneself(bob: Actor, sam: Actor) -> None:
    browser = browser_of(sam)
    assert bob.user_id
    assert sam.user_id
    url = reverse("admin:person-roles", args=[bob.user_id])
    for _ in range(2):
        browser.post(url, {"role": "manager", "wish": "grant"})
    assert accounts.actor_of_user(user_id=bob.user_id).is_manager
    assert lines("user.grant_role") == 1
    browser.post(url, {"role": "manager", "wish": "revoke"})
    assert not accounts.actor_of_user(user_id=bob.user_id).is_manager
    own = reverse("admin:person-roles", args=[sam.user_id])
    assert (
        "nobody takes this role" in browser.post(own, {"role": "staff", "wish": "revoke"}, follow=True).content.decode()
    )
    assert accounts.actor_of_user(user_id=sam.user_id).is_staff
    assert browser.post(reverse("admin:person-deactivation", args=[sam.user_id])).status_code == 409
    browser.post(reverse("admin:person-deactivation", args=[bob.user_id]))
    assert not accounts.get_user(user_id=bob.user_id).is_active
    found = browser.get(reverse("admin:people"), {"search": "bob@"}).content.decode()
    assert "deactivated" in found
    trail = browser.get(reverse("admin:audit-trail"), {"subject": str(bob.user_id)}).content.decode()
    assert "user.deactivate" in trail
    assert "Sam Staff" in trail


def test_key_is_shown_once_and_revoked(sam: Actor) -> None:
    browser, url = browser_of(sam), reverse("admin:api-keys")
    assert browser.post(url, {"name": " ", "scopes": ["bank"]}).status_code == 422
    assert browser.post(url, {"name": "x", "scopes": ["everything"]}).status_code == 422
    page = browser.post(url, {"name": "Bookkeeping", "scopes": ["bank"]}).content.decode()
    plain = page.split('<p class="code big">')[1].split("<")[0]
    assert accounts.actor_from_api_key(key=plain).scopes == {"bank"}
    assert plain not in browser.get(url).content.decode()
    key = accounts.list_api_keys()[0]
    browser.post(reverse("admin:api-key-revocation", args=[key.id]))
    with pytest.raises(InvalidApiKey):
        accounts.actor_from_api_key(key=plain)
    assert lines("api_key.issue") == lines("api_key.revoke") == 1


def test_overview_leads_to_reported_messages_and_health_tells_of_letters(
    world: World, alice: Actor, bob: Actor, charlie: Actor, sam: Actor
) -> None:
    room = chat.enter(name=f"campaign:{world.campaign.id}", visitor=chat.Visitor(bob)).room
    said = chat.post_message(room_id=room.id, visitor=chat.Visitor(bob), client_id="1", message="Buy this")
    chat.report_message(room_id=room.id, visitor=chat.Visitor(charlie), message_id=said.id, reason="Not about it")
    desk = reverse("site:chat-desk", args=[world.campaign.slug])
    for who in (alice, sam):
        page = browser_of(who).get(reverse("admin:index")).content.decode()
        assert "1 message was reported" in page
        assert desk in page
    assert "reported" not in browser_of(charlie).get(reverse("admin:index")).content.decode()
    chat.remove_message(room_id=room.id, visitor=chat.Visitor(alice), message_id=said.id)
    assert "was reported" not in browser_of(sam).get(reverse("admin:index")).content.decode()

    db.execute(
        """UPDATE notifications_letter SET status = 'dead', ended_at = now() WHERE id = (
               SELECT id FROM notifications_letter WHERE status = 'waiting' LIMIT 1)"""
    )
    page = browser_of(sam).get(reverse("admin:health")).content.decode()
    assert "1 could not be delivered" in page


def test_webhooks_that_nobody_took_are_told(world: World, alice: Actor, sam: Actor) -> None:
    endpoint = str(new_id())
    insert("notifications_endpoint", {"id": endpoint, "owner_id": str(alice.user_id), "secret_version": 1}, "default")
    given_up = {"endpoint_id": endpoint, "dead_at": "2026-01-01T00:00:00Z"}
    insert("notifications_webhookdelivery", given_up, "default")
    browser = browser_of(sam)
    assert "1 outgoing webhook was given up" in browser.get(reverse("admin:index")).content.decode()
    assert "Webhooks to others" in browser.get(reverse("admin:health")).content.decode()
