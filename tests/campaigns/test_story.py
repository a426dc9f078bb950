import pytest

from apps.campaigns.services.story import render_story


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![x](https://example.org/x.png)",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](http://example.org)",
        "<a href='https://example.org' onclick='x()'>x</a>",
        "<style>body{display:none}</style>",
        "<iframe src='https://example.org'></iframe>",
        '[x](https://example.org "\\" onmouseover=alert(1)")',
    ],
)
def test_nothing_that_acts_survives(source: str):
    html = render_story(source)
    tags = ("<script", "<img", "<style", "<iframe")
    for danger in (*tags, 'href="javascript', 'href="data', 'href="http:', ' onclick="', ' onmouseover="'):
        assert danger not in html


def test_prose_becomes_html():
    html = render_story("## Why\n\n**Warm** nights\n\n- one\n- two\n\nকম্বল")
    for part in ("<h2>Why</h2>", "<strong>Warm</strong>", "<li>one</li>", "<p>কম্বল</p>"):
        assert part in html


def test_links_are_marked_as_written_by_users():
    html = render_story("[site](https://example.org) [mail](mailto:a@example.org)")
    assert html.count('rel="nofollow ugc noopener"') == 2
    assert 'href="https://example.org"' in html
    assert 'href="mailto:a@example.org"' in html
