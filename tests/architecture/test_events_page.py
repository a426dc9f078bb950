from apps.faces.console.event_catalogue import catalogue
from runtime.environment import ROOT


def test_the_page_of_events_is_what_the_code_announces() -> None:
    """Out of date? `.venv/bin/python -m runtime exec -- .venv/bin/python manage.py describe_events > docs/events.md`"""
    assert (ROOT / "docs" / "events.md").read_text() == catalogue()
