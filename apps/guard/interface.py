"""The carding guard: asks for a proof of work, or for patience, before a suspicious gift becomes a payment."""

from .data import Attempt, Challenge, Sign
from .errors import ChallengeRequired, TooManyDeclines
from .services.admit import admit, is_asking, note
from .services.challenge import new_challenge
from .services.form_tokens import new_form_token, read_form_token

__all__ = [
    "Attempt",
    "Challenge",
    "ChallengeRequired",
    "Sign",
    "TooManyDeclines",
    "admit",
    "is_asking",
    "new_challenge",
    "new_form_token",
    "note",
    "read_form_token",
]
