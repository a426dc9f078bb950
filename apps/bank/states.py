"""What becomes of a hold: it ends once, and nothing follows an end."""

from apps.platform.states import Moves

OPEN, DECLINED, CAPTURED, RELEASED, EXPIRED = "authorized", "declined", "captured", "released", "expired"
HOLD_MOVES: Moves[str] = Moves({OPEN: {CAPTURED, RELEASED, EXPIRED}})

MANDATE_ACTIVE, MANDATE_REVOKED = "active", "revoked"
MANDATE_MOVES: Moves[str] = Moves({MANDATE_ACTIVE: {MANDATE_REVOKED}})

CONSENT_WAITING, CONSENT_GIVEN, CONSENT_REFUSED, CONSENT_EXPIRED = "waiting", "given", "refused", "expired"
CONSENT_MOVES: Moves[str] = Moves({CONSENT_WAITING: {CONSENT_GIVEN, CONSENT_REFUSED, CONSENT_EXPIRED}})
