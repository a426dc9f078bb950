from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from apps.platform import db

from .stations import Product


@pytest.fixture
def product(live_server: Any, bank_key: str, client: Any) -> Iterator[Product]:
    """The whole product behind one real address: the platform calls the bank, and the bank the platform, over HTTP."""
    # Tests that commit end with empty tables; this row came with a migration.
    db.execute("INSERT INTO bank_eventcounter (id, last) VALUES (1, 0) ON CONFLICT DO NOTHING", using="bank")
    before = dict(settings.BANK)
    settings.BANK.update(
        URL=f"{live_server.url}/api/v1/bank", WEBHOOK_URL=f"{live_server.url}/api/v1/payments/webhooks/bank"
    )
    yield Product(live_server.url)
    settings.BANK.update(before)
