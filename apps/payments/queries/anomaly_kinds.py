"""What each kind of finding means, and what a person may do about it. A kind that is not here can be dismissed only."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..states import AnomalyAction

ASK, ACCEPT, REFUND, DISMISS = AnomalyAction.ASK, AnomalyAction.ACCEPT, AnomalyAction.REFUND, AnomalyAction.DISMISS


@dataclass(frozen=True)
class Kind:
    reason: Promise
    actions: tuple[AnomalyAction, ...] = (DISMISS,)


OTHER = Kind(_("Something about this payment does not fit."))
KINDS = {
    "stuck": Kind(
        _("The payment has not settled for ten minutes. The provider is asked again and again by itself."),
        (ASK, DISMISS),
    ),
    "amount-mismatch": Kind(
        _("The provider told an amount that is not the payment's. It was not counted."), (ASK, DISMISS)
    ),
    "currency-mismatch": Kind(
        _("The provider told a currency that is not the payment's. It was not counted."), (ASK, DISMISS)
    ),
    "reference-reused": Kind(
        _("The provider told of a transaction that already belongs to another payment. It was not counted again."),
        (ASK, DISMISS),
    ),
    "captured-twice": Kind(
        _("The provider told two captures of one payment. One is counted; the other may have to go back."),
        (ASK, ACCEPT, REFUND, DISMISS),
    ),
    "failed-after-captured": Kind(
        _("The provider told that the payment failed after it had been captured. The capture stands."),
        (ASK, ACCEPT, REFUND, DISMISS),
    ),
    "released-after-captured": Kind(
        _("The provider told that the hold was released after it had been captured. The capture stands."),
        (ASK, ACCEPT, REFUND, DISMISS),
    ),
    "captured-after-failed": Kind(
        _("The payment had failed here, but the provider has proven that it took the money. It is captured now."),
        (ACCEPT, REFUND, DISMISS),
    ),
    "capture-not-proven": Kind(
        _("A capture was told that the provider, when asked, did not confirm. No money is counted."), (ASK, DISMISS)
    ),
    "refund-exceeds-captured": Kind(
        _("The provider told of a refund beyond what was captured. It was not counted."), (ASK, ACCEPT, DISMISS)
    ),
    "unknown-payment": Kind(_("The provider told of a payment that is not in these books."), (ACCEPT, DISMISS)),
    "malformed-webhook": Kind(_("A genuine message of the provider could not be read.")),
}


def kind_of(name: str) -> Kind:
    return KINDS.get(name, OTHER)


def actions_of(
    kind: str, *, is_payment_known: bool, refundable: int, currency: str | None
) -> tuple[AnomalyAction, ...]:
    """What may be done about a finding now: nobody is asked about no payment, nothing is refunded that is not there, and what is
    above the limit for one person goes back by the gift's own refund, which a second person approves."""
    limit = settings.REFUND_APPROVAL_ABOVE.get(currency or "", refundable)
    impossible = {ASK} if not is_payment_known else set()
    impossible |= {REFUND} if not 1 <= refundable <= limit else set()
    return tuple(action for action in kind_of(kind).actions if action not in impossible)
