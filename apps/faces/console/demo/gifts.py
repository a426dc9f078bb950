"""The demonstration's gifts: the same ones on every run, each with a key of its own."""

from __future__ import annotations

import random
from collections.abc import Iterator
from uuid import UUID

from apps.pledges.data import MANUAL, NewPledge

from .campaigns import DemoCampaign

SCOPE = "demo"
PAYS, INSUFFICIENT_FUNDS = "4000-0000-0000-0001", "4000-0000-0000-0002"
NAMES = (
    "Nusrat Jahan", "Arif Hossain", "Maria Gomes", "রফিকুল ইসলাম", "শারমিন আক্তার",
    "Tanvir Rahman", "Priya Nair", "সুমাইয়া খাতুন", "James Whitfield", "Hana Suzuki",
    "আবদুল করিম", "Fatima Al-Sabah", "Lukas Brandt", "মৌসুমী দাস", "Imran Chowdhury",
    "Chloé Martin", "Shirin Akhter", "অনির্বাণ সাহা", "Oliver Grant", "Rehana Begum",
    "Sofia Rossi", "জাহিদ হাসান", "Kenji Watanabe", "Anika Tabassum", "Peter van Dijk",
    "তাসলিমা বেগম", "Mahmud Kabir", "Grace Mwangi", "Yusuf Al-Mutairi", "নাজমুল হক",
    "Emily Carter", "Farhana Yasmin",
)  # fmt: skip
MESSAGES = (
    "For my grandmother, who never passed a closed door.",
    "Small, but with all my heart.",
    "আপনাদের কাজ চলুক, আমরা পাশে আছি।",
    "Keep going!",
    "From the whole third floor at work.",
    "আমার ছেলের প্রথম বেতন থেকে।",
    "I grew up two villages away. Thank you for not forgetting it.",
    "আল্লাহ আপনাদের মঙ্গল করুন।",
    "In memory of Selim bhai.",
    "Wish it were more.",
    "একটু উষ্ণতা পৌঁছাক সবার ঘরে।",
    "Happy birthday, Ma.",
)


def gifts_of(campaign: DemoCampaign, *, number: int, campaign_id: UUID, donor_id: UUID) -> Iterator[NewPledge]:
    """The gifts of the `number`-th campaign. Some are anonymous, the first is declined."""
    chance = random.Random(number)  # noqa: S311  variety, not secrecy
    for place in range(campaign.gifts):
        person = chance.randrange(len(NAMES))
        is_donors = place % 10 == 4
        yield NewPledge(
            campaign_id=campaign_id,
            amount=chance.choice(campaign.presets),
            donor_id=donor_id if is_donors else None,
            donor_email="donor@careforall.example" if is_donors else f"giver{person:02}@careforall.example",
            donor_name="" if is_donors else NAMES[person],
            anonymous=place % 9 == 7,
            message=chance.choice(MESSAGES) if chance.random() < 0.45 else "",
            account=INSUFFICIENT_FUNDS if place == 0 else PAYS,
            capture=MANUAL if place == 11 and campaign.stage == "active" else "automatic",
            caller_scope=SCOPE,
            idempotency_key=f"demo-{number:02}-{place:03}",
        )
