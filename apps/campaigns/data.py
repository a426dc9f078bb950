from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

OWNER, EDITOR, FINANCE, MODERATOR = "owner", "editor", "finance", "moderator"
SEE, EDIT, RUN, MONEY, MODERATE, TEAM = "see", "edit", "run", "money", "moderate", "team"
PERMISSIONS: dict[str, frozenset[str]] = {
    OWNER: frozenset({SEE, EDIT, RUN, MONEY, MODERATE, TEAM}),
    EDITOR: frozenset({SEE, EDIT}),
    FINANCE: frozenset({SEE, MONEY}),
    MODERATOR: frozenset({SEE, MODERATE}),
}
"""What each role of a team may do: see drafts and figures, change texts and submit, open and close, look after gifts and money,
moderate conversations, invite. Staff may all of it."""


@dataclass(frozen=True, kw_only=True)
class Member:
    user_id: UUID
    role: str
    added_at: datetime


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """A role in a campaign's team, offered to whoever has the address."""

    id: UUID
    campaign_id: UUID
    email: str
    role: str
    invited_by_id: UUID
    expires_at: datetime


@dataclass(frozen=True)
class Cover:
    """A cover's addresses by width in pixels, smallest first; all are 16:9 WebP."""

    sources: tuple[tuple[int, str], ...]

    @property
    def url(self) -> str:
        return self.sources[-1][1]


@dataclass(frozen=True)
class Question:
    """Something that donors ask, and the answer as plain text."""

    question: str
    answer: str


@dataclass(frozen=True)
class Milestone:
    """What becomes possible at an amount raised, in minor units."""

    amount: int
    title: str


@dataclass(frozen=True)
class Campaign:
    """Amounts are minor units of `currency`. `progress` is raised over goal, 1.0 at the goal, rounded to four digits."""

    id: UUID
    slug: str
    title: str
    summary: str
    story: str
    story_html: str
    category: str
    status: str
    goal_amount: int
    currency: str
    minimum_amount: int
    maximum_amount: int
    raised_amount: int
    donor_count: int
    totals_version: int
    revision: int
    progress: float
    starts_at: datetime | None
    ends_at: datetime | None
    manager_id: UUID
    organizer_name: str
    cover: Cover | None
    created_at: datetime
    updated_at: datetime
    faq: tuple[Question, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    presets: tuple[int, ...] = ()
    thank_you: str = ""


@dataclass(frozen=True)
class NewCampaign:
    title: str
    summary: str
    story: str
    category: str
    goal_amount: int
    currency: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    minimum_amount: int | None = None
    maximum_amount: int | None = None


@dataclass(frozen=True)
class Page:
    results: tuple[Campaign, ...]
    next_cursor: str | None
    previous_cursor: str | None = None


@dataclass(frozen=True)
class AcceptingCampaign:
    id: UUID
    title: str
    slug: str
    currency: str
    minimum_amount: int
    maximum_amount: int
    manager_id: UUID


@dataclass(frozen=True)
class TotalChange:
    """What one fact adds: minor units captured and refunded, and gifts (+1 captured, -1 wholly refunded) of a donor."""

    campaign_id: UUID
    donor_key: str
    captured: int = 0
    refunded: int = 0
    gifts: int = 0


@dataclass(frozen=True)
class Totals:
    campaign_id: UUID
    raised_amount: int
    donor_count: int
    version: int


@dataclass(frozen=True)
class MoneyTotals:
    """What a campaign's gifts captured and gave back, as far as their facts were folded; minor units."""

    campaign_id: UUID
    currency: str
    captured: int
    refunded: int


@dataclass(frozen=True)
class PublicSum:
    """Public campaigns of one currency and category. A donor of two campaigns counts in both."""

    currency: str
    category: str
    campaigns: int
    raised_amount: int
    goal_amount: int
    donor_count: int
    reached: int


@dataclass(frozen=True, kw_only=True)
class Update:
    """News of a campaign. `body` is Markdown as it was written, `body_html` is sanitised."""

    id: UUID
    campaign_id: UUID
    title: str
    body: str
    body_html: str
    published_at: datetime
    edited_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Follower:
    """Somebody who follows: an account, or an address whose owner has to confirm. For letters alone."""

    id: UUID
    campaign_id: UUID
    user_id: UUID | None
    email: str
    language: str
    is_confirmed: bool
