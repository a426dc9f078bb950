from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.campaigns import interface as campaigns
from apps.platform import clock
from apps.platform.actors import ANONYMOUS, Actor
from apps.platform.cursors import encode_cursor
from apps.platform.errors import Invalid

from .support import WAYS, campaign_in, fold, gift

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def titles(viewer: Actor = ANONYMOUS, **wanted) -> list[str]:
    return [each.title for each in campaigns.list_campaigns(viewer=viewer, **wanted).results]


def walk(**wanted) -> list[str]:
    """Every title, page by page."""
    found, cursor = [], None
    while True:
        page = campaigns.list_campaigns(viewer=ANONYMOUS, cursor=cursor, **wanted)
        found += [each.title for each in page.results]
        if not (cursor := page.next_cursor):
            return found


def test_only_public_campaigns_are_listed_for_the_public(alice: Actor, charlie: Actor, sam: Actor):
    for status in WAYS:
        campaign_in(status, alice, title=status)
    for viewer in (ANONYMOUS, charlie, alice, sam):
        assert set(titles(viewer)) == {"active", "paused", "ended"}
    assert set(titles(alice, mine=True)) == set(WAYS)
    assert titles(charlie, mine=True) == []
    assert titles(sam, status="in_review") == ["in_review"]
    for viewer in (ANONYMOUS, charlie, alice):
        with pytest.raises(Invalid):
            titles(viewer, status="draft")


def test_search_finds_words_of_title_and_summary_in_any_script(alice: Actor):
    campaign_in("active", alice, title="কুড়িগ্রামের জন্য কম্বল", summary="শীতের রাত")
    campaign_in("active", alice, title="School in Sylhet", summary="Books for children")
    campaign_in("active", alice, title="100% clean_water", summary="Wells")
    campaign_in("draft", alice, title="School of drafts")
    assert titles(search="কম্বল") == ["কুড়িগ্রামের জন্য কম্বল"]
    assert titles(search="শীতের") == ["কুড়িগ্রামের জন্য কম্বল"]
    assert titles(search="BOOKS sylhet") == ["School in Sylhet"]
    assert titles(search="school water") == []
    assert titles(search="0%") == ["100% clean_water"]
    assert titles(search="_") == ["100% clean_water"]
    assert titles(search="' OR 1=1 --") == []
    assert titles(search="school", category="health") == []


@pytest.mark.parametrize("ordering", ["-created_at", "-raised_amount", "ends_at"])
def test_pages_show_each_campaign_once_in_order(alice: Actor, ordering: str):
    frozen = clock.FrozenClock(NOON)
    expected = []
    with clock.use(frozen):
        for number in range(7):
            if number % 2:  # every second one shares its sort value with the one before
                frozen.forward(timedelta(minutes=1))
            ends_at = NOON + timedelta(days=30 - number // 2)
            campaign = campaign_in("active", alice, title=f"c{number}", ends_at=ends_at)
            fold(gift(campaign.id, "bob", 100 * (number // 2 + 1)))
            value = {"-created_at": frozen.at, "-raised_amount": number // 2, "ends_at": ends_at}[ordering]
            expected.append((value, campaign.id, campaign.title))
    expected.sort(reverse=ordering != "ends_at")
    for page_size in (1, 2, 3, 7, 100):
        assert walk(ordering=ordering, page_size=page_size) == [title for _, _, title in expected]


def test_campaigns_without_an_end_are_not_among_those_that_end_soon(alice: Actor):
    campaign_in("active", alice, title="forever")
    campaign_in("active", alice, title="soon", ends_at=clock.now() + timedelta(days=1))
    assert titles(ordering="ends_at") == ["soon"]


@pytest.mark.parametrize(
    "wanted", [{"ordering": "title"}, {"category": "weapons"}, {"status": "open"}, {"ordering": ""}]
)
def test_unknown_choices_are_refused(wanted: dict[str, str]):
    with pytest.raises(Invalid):
        titles(**wanted)


@pytest.mark.parametrize("ordering", ["-created_at", "-raised_amount", "ends_at"])
@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "é",
        "====",
        "\x00",
        encode_cursor("n", "x", "y"),
        encode_cursor("p", None, None),
        encode_cursor("n", [], {}),
        encode_cursor("x", "2026-05-01", "018f0000-0000-7000-8000-000000000000"),
        encode_cursor("n", "0001-01-01T00:00:00+14:00", "x"),
        encode_cursor("n", float("inf"), "018f0000-0000-7000-8000-000000000000"),
        encode_cursor("1"),
        base64.urlsafe_b64encode(b"[" * 6000).decode(),
        base64.urlsafe_b64encode(b"9" * 5000).decode(),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    ],
)
def test_cursors_that_we_did_not_make_are_refused(cursor: str, ordering: str):
    with pytest.raises(Invalid):
        titles(cursor=cursor, ordering=ordering)


@pytest.mark.parametrize("value", ["2026-05-01", "2026-05-01T12:00:00", "2026-05-01T12:00:00+14:00"])
def test_times_of_other_zones_in_a_cursor_do_no_harm(value: str):
    titles(cursor=encode_cursor("n", value, "018f0000-0000-7000-8000-000000000000"))


@pytest.mark.parametrize("value", [2**63, -(2**70), 10**30])
def test_a_number_beyond_the_column_in_a_cursor_does_no_harm(alice: Actor, value: int):
    campaign_in("active", alice)
    titles(cursor=encode_cursor("n", value, "018f0000-0000-7000-8000-000000000000"), ordering="-raised_amount")


def test_a_list_costs_one_query_for_1_and_3_rows(alice: Actor):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            titles()
        return len(queries)

    campaign_in("active", alice)
    one = cost()
    for _ in range(2):
        campaign_in("active", alice)
    assert one == cost() == 1


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("mangrves", "Mangroves for Kuakata"),
        ("MANGROVES kuakta", "Mangroves for Kuakata"),
        ("শিতার্ত", "শীতার্ত মানুষের জন্য কম্বল"),
        ("কম্বোল", "শীতার্ত মানুষের জন্য কম্বল"),
        ("kua", "Mangroves for Kuakata"),
        ("winter", None),
        ("mangroves winter", None),
    ],
)
def test_search_forgives_spelling_in_both_scripts(alice: Actor, typed: str, found: str | None):
    for title in ("Mangroves for Kuakata", "শীতার্ত মানুষের জন্য কম্বল"):
        campaign_in("active", alice, title=title)
    assert titles(search=typed) == ([found] if found else [])
