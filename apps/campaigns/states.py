from enum import StrEnum

from apps.platform.states import Moves


class Status(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"
    ARCHIVED = "archived"


PUBLIC = (Status.ACTIVE, Status.PAUSED, Status.ENDED)
MOVES = Moves(
    {
        Status.DRAFT: {Status.IN_REVIEW, Status.ARCHIVED},
        Status.IN_REVIEW: {Status.DRAFT, Status.ACTIVE, Status.ARCHIVED},
        Status.ACTIVE: {Status.PAUSED, Status.ENDED},
        Status.PAUSED: {Status.ACTIVE, Status.ENDED, Status.ARCHIVED},
        Status.ENDED: {Status.ARCHIVED},
    }
)
