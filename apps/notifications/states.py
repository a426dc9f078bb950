"""The way of a letter: it is sent, given up, or dropped because nobody is there to read it any more."""

from enum import StrEnum

from apps.platform.states import Moves


class LetterStatus(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    DROPPED = "dropped"
    DEAD = "dead"


LETTER_MOVES: Moves[LetterStatus] = Moves(
    {
        LetterStatus.WAITING: {LetterStatus.SENT, LetterStatus.DROPPED, LetterStatus.DEAD},
        LetterStatus.DEAD: {LetterStatus.WAITING},
    }
)
