import pytest

from apps.platform import text


@pytest.mark.parametrize("value", ["a\x00b", "a\u202eb", "a\x1bb", "line\nbreak", "\ud800"])
def test_clean_line_refuses_what_hides_or_breaks(value):
    with pytest.raises(ValueError):
        text.clean_line(value, 100)


def test_clean_text_keeps_lines_and_bangla_joiners():
    assert text.clean_text(" আমরা\r\nসবাই\u200d ", 100) == "আমরা\nসবাই\u200d"


@pytest.mark.parametrize(
    "value",
    ["", "a", "a@b", "a@@b.org", "a b@c.org", "a@b..org", ".a@b.org", "a@-b.org", "x" * 65 + "@b.org", "a\n@b.org"],
)
def test_an_address_that_cannot_be_mailed_is_refused(value):
    with pytest.raises(ValueError):
        text.normalise_email(value)


@pytest.mark.parametrize("value", ["Bob@Example.org", "a.b+c@sub.example.co.uk", "dan@উদাহরণ.বাংলা"])
def test_an_address_is_lowered(value):
    assert text.normalise_email(value) == value.lower()
