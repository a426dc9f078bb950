"""Lists: only what the viewer may see, found by whatever somebody types, page by page in both directions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from apps.campaigns.errors import CampaignNotFound
from apps.platform.actors import ANONYMOUS, Actor
from apps.platform.errors import Invalid
from apps.reporting import interface as reporting
from apps.reporting.interface import GiftFilter
from tests.pledges.support import captured, open_campaign, tell

from .support import a_gift_in_each_state, give

pytestmark = pytest.mark.django_db(transaction=True)


def found(viewer: Actor, **wanted: object) -> set[object]:
    return {row.pledge_id for row in reporting.list_gifts(viewer=viewer, wanted=GiftFilter(**wanted)).results}


def test_everyone_sees_their_own_campaigns_only(alice: Actor, bob: Actor, charlie: Actor, sam: Actor) -> None:
    hers, his = open_campaign(alice, title="Hers"), open_campaign(charlie, title="His")
    one, two = give(hers), give(his)
    tell(captured(one), captured(two))
    reporting.refresh()
    today = reporting.today()

    assert found(alice) == {one}
    assert found(charlie) == {two}
    assert found(sam) == {one, two}
    assert found(bob) == found(ANONYMOUS) == set()
    with pytest.raises(CampaignNotFound):
        found(alice, campaign_id=his.id)
    assert [row.gifts for row in reporting.list_donors(viewer=alice).results] == [1]
    assert [row.gifts for row in reporting.list_donors(viewer=sam).results] == [2]
    assert reporting.list_donors(viewer=bob).results == []
    key = reporting.list_donors(viewer=sam).results[0].donor_key
    assert [row.gifts for row in reporting.donor_sums(viewer=alice, donor_key=key)] == [1]
    assert reporting.money_by_day(viewer=bob, since=today, until=today) == []
    assert reporting.funnel(viewer=bob) == []
    assert reporting.top_campaigns(viewer=bob, since=today, until=today) == []


def test_search_finds_by_name_address_amount_id_and_nothing_else(alice: Actor) -> None:
    campaign = open_campaign(alice)
    rahim = give(campaign, email="rahim.uddin@example.org", name="Rahim Uddin", amount=1234_50)
    other = give(campaign, email="x_y@example.com", name="100% Giver", amount=750_00)
    tell()
    reporting.refresh()

    for text in ("rahim", "UDDIN", "Rahim.Uddin@example.org", "uddin@exam", "1234.50", "1,234.5", str(rahim)):
        assert found(alice, search=text) == {rahim}, text
    assert found(alice, search="x_y") == {other}
    assert found(alice, search="100%") == {other}  # a per cent sign is no wildcard
    assert found(alice, search="x%y") == found(alice, search="999999999999999999999999") == set()
    assert found(alice, search="  ") == {rahim, other}
    with pytest.raises(Invalid):
        found(alice, search="ra")


def test_filters_narrow_and_refuse_what_is_unknown(alice: Actor) -> None:
    campaign = open_campaign(alice)
    made = a_gift_in_each_state(campaign)
    today = reporting.today()

    for status, pledge_id in made.items():
        assert found(alice, status=status) == {pledge_id}
    assert found(alice, since=today, until=today) == set(made.values())
    assert found(alice, until=today - timedelta(days=1)) == found(alice, since=today + timedelta(days=1)) == set()
    with pytest.raises(Invalid):
        found(alice, status="lost")


@pytest.mark.parametrize("campaigns_of_hers", [1, 3])
def test_pages_meet_without_gap_in_both_directions(alice: Actor, campaigns_of_hers: int) -> None:
    own = [open_campaign(alice, title=f"Campaign {number}") for number in range(campaigns_of_hers)]
    gifts = [give(own[number % campaigns_of_hers], email=f"d{number}@example.org") for number in range(7)]
    for gift in gifts:
        tell(captured(gift))
    reporting.refresh()
    newest_first = gifts[::-1]
    latest_first = [f"d{number}@example.org" for number in reversed(range(7))]

    def walk(read: Any, shown: str, cursor: str | None, way: str) -> list[object]:
        seen: list[object] = []
        while True:
            page = read(viewer=alice, cursor=cursor, page_size=3)
            assert page.count == 7
            rows = [getattr(row, shown) for row in page.results]
            seen = seen + rows if way == "next" else rows + seen
            cursor = page.next_cursor if way == "next" else page.previous_cursor
            if cursor is None:
                return seen

    assert walk(reporting.list_gifts, "pledge_id", None, "next") == newest_first
    assert walk(reporting.list_gifts, "pledge_id", "last", "previous") == newest_first
    assert walk(reporting.list_donors, "donor_email", None, "next") == latest_first
    assert walk(reporting.list_donors, "donor_email", "last", "previous") == latest_first
    for cursor in ("nonsense", "WyJuIiwieCIsInkiXQ"):
        with pytest.raises(Invalid):
            reporting.list_gifts(viewer=alice, cursor=cursor)
