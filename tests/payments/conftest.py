from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from apps.payments.services.call_providers import finish_calls
from tests.support.bank_twin import BankTwin


@pytest.fixture
def twin(settings: Any) -> Iterator[BankTwin]:
    """A scriptable bank that the adapter talks to."""
    bank = BankTwin()
    settings.BANK = {**settings.BANK, "URL": bank.url}
    yield bank
    bank.stop()
    assert finish_calls()
