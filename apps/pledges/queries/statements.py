"""A donor's year on one paper, made of the receipts: for whoever signed in, or proved an address by its link."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from apps.platform import db

from ..data import Statement
from ..errors import ReceiptNotFound
from .receipts import receipts_where

_WHOSE = """
    ((%(donor)s::uuid IS NOT NULL AND pledge.donor_id = %(donor)s) OR (%(key)s <> '' AND pledge.donor_key = %(key)s))
    AND donor.pledge_id IS NOT NULL
"""
_YEARS = f"""
    SELECT DISTINCT extract(year FROM receipt.given_at AT TIME ZONE 'UTC')::int AS year, receipt.currency
    FROM pledges_receipt AS receipt JOIN pledges_pledge AS pledge ON pledge.id = receipt.pledge_id
    LEFT JOIN pledges_donor AS donor ON donor.pledge_id = receipt.pledge_id
    WHERE {_WHOSE} ORDER BY 1 DESC, 2
"""  # noqa: S608  constants of ours


def statement_years(*, donor_id: UUID | None = None, donor_key: str = "") -> list[tuple[int, str]]:
    """The years and currencies in which this donor has receipts, newest first. One query. Does not check permissions."""
    return [(row["year"], row["currency"]) for row in db.rows(_YEARS, {"donor": donor_id, "key": donor_key})]


def statement_of(*, year: int, currency: str, donor_id: UUID | None = None, donor_key: str = "") -> Statement:
    """This donor's receipts of a year in a currency, in two queries. Raises ReceiptNotFound without any; does not check
    permissions."""
    if not 1 <= year < 9999 or not (currency.isascii() and currency.isalpha()):
        raise ReceiptNotFound
    receipts = receipts_where(
        f"{_WHOSE} AND receipt.currency = %(currency)s AND receipt.given_at >= %(begin)s AND receipt.given_at < %(end)s"
        " ORDER BY receipt.given_at, receipt.series, receipt.number",
        {
            "donor": donor_id,
            "key": donor_key,
            "currency": currency,
            "begin": datetime(year, 1, 1, tzinfo=UTC),
            "end": datetime(year + 1, 1, 1, tzinfo=UTC),
        },
    )
    if not receipts:
        raise ReceiptNotFound
    newest = receipts[-1]
    return Statement(
        year=year,
        currency=currency,
        donor_name=newest.donor_name,
        issuer=newest.issuer,
        issuer_details=newest.issuer_details,
        receipts=tuple(receipts),
    )
