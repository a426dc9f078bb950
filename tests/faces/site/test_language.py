"""Every language is complete, its compiled catalogue is that of its strings, and numbers are written as its readers write them."""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO

import pytest
from babel.messages import Catalog
from babel.messages.pofile import read_po
from django.utils import translation

from apps.faces.site.templatetags.amounts import day, money, number, percent
from tools import messages

LANGUAGES = [each.name for each in messages.LOCALE.iterdir() if each.is_dir()]


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def stored(language: str) -> Catalog:
    return read_po(BytesIO(messages.po_file(language).read_bytes()), locale=language)


def test_every_marked_string_has_words(language: str) -> None:
    assert messages.missing(messages.catalog_of(language)) == []


def test_the_compiled_catalogue_is_that_of_the_strings(language: str) -> None:
    assert messages.po_file(language).with_suffix(".mo").read_bytes() == messages.mo_bytes(stored(language))


def test_words_keep_the_places_for_names_and_numbers(language: str) -> None:
    for each in stored(language):
        texts = each.string if isinstance(each.string, tuple) else (each.string,)
        wanted = places(each.id[-1] if isinstance(each.id, tuple) else str(each.id))
        assert all(places(text) == wanted for text in texts if each.id), each.id


def places(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]|%[sd]|</?\w+>", text))


def test_a_string_without_words_is_named(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "marked", lambda: iter(["A planted sentence."]))
    assert messages.missing(messages.catalog_of("bn")) == ["A planted sentence."]


@pytest.mark.parametrize(
    ("amount", "currency", "english", "bangla"),
    [
        (50_000, "BDT", "BDT\u00a0500", "৫০০৳"),
        (12_345_650, "BDT", "BDT\u00a0123,456.50", "১,২৩,৪৫৬.৫০৳"),
        (1_234, "JPY", "¥1,234", "১,২৩৪JP¥"),
        (3_500, "KWD", "KWD\u00a03.500", "৩.৫০০\u00a0KWD"),
        (1_250, "USD", "$12.50", "১২.৫০US$"),
    ],
)
def test_money_is_written_as_its_readers_write_it(amount: int, currency: str, english: str, bangla: str) -> None:
    with translation.override("en"):
        assert money(amount, currency) == english
    with translation.override("bn"):
        assert money(amount, currency) == bangla


def test_numbers_and_dates_have_the_digits_of_the_language() -> None:
    with translation.override("bn"):
        assert number(1_234_567) == "১২,৩৪,৫৬৭"
        assert percent(42) == "৪২%"
        assert day(datetime(2026, 11, 25)) == "২৫ নভেম্বর, ২০২৬"  # noqa: DTZ001  a date is enough
    with translation.override("en"):
        assert number(1_234_567) == "1,234,567"
