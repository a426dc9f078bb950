from tests.recurring.conftest import calendar

__all__ = ["calendar"]
