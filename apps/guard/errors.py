from __future__ import annotations

from typing import Any

from apps.platform.errors import Kind, Refused


class ChallengeRequired(Refused):
    """Nothing was tried. `extra["challenge"]` is what to solve."""

    code = "challenge-required"
    kind = Kind.FORBIDDEN
    title = "One more step before this gift can be taken."

    def __init__(self, challenge: dict[str, Any]) -> None:
        super().__init__(
            "Find a counter for the proof of work in `challenge` (ALTCHA version 2) and send the same request again with the"
            " payload in the header `X-Challenge-Solution`. Signed-in donors who gave before and API keys are not asked.",
            challenge=challenge,
        )


class TooManyDeclines(Refused):
    code = "too-many-declines"
    kind = Kind.TOO_MANY
    title = "Too many payments from here were declined. Wait some minutes and try again."

    def __init__(self) -> None:
        super().__init__(retry_after=300)
