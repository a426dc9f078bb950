# ruff: noqa: E501  the stories are prose, a paragraph a line
"""The demonstration campaigns: invented, but such as a charity would write them. Amounts are minor units."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DemoCampaign:
    """`gifts` gifts, each of one of `presets`; `stage` is where its lifecycle ends up. The title is its stable key."""

    title: str
    summary: str
    story: str
    category: str
    currency: str
    goal: int
    presets: tuple[int, ...]
    gifts: int
    stage: str = "active"
    days_left: int | None = None


CAMPAIGNS = (
    DemoCampaign(
        title="Books and lamps for the boat schools of Chalan Beel",
        summary="Four wooden boats teach 240 children where the roads drown from June to October. They need books, benches and light.",
        story="""When the water rises in Chalan Beel, the road to school is gone for five months. So the school comes by boat.

Four boats moor at eleven villages, two shifts a day. Each has a blackboard, mats, and room for thirty children.

## What your gift buys
- **BDT 500**: textbooks and a slate for one child
- **BDT 2,500**: a solar lamp, so that the evening shift can read
- **BDT 12,000**: new benches for a whole boat

Our teachers post a photograph of every boat on the first day of each month. Receipts of all purchases are kept open.""",
        category="education",
        currency="BDT",
        goal=9_000_000,
        presets=(50_000, 100_000, 250_000, 500_000),
        gifts=30,
        days_left=41,
    ),
    DemoCampaign(
        title="কিডনি রোগীদের জন্য ডায়ালাইসিস তহবিল",
        summary="মাসে আটবার ডায়ালাইসিস, প্রতিবার দুই হাজার টাকা। যাঁদের সামর্থ্য নেই, তাঁদের পাশে দাঁড়ান।",
        story="""রাজশাহীর বাইশজন রোগী সপ্তাহে দুইবার ডায়ালাইসিস নেন। তাঁদের কেউ রিকশা চালাতেন, কেউ সেলাই করতেন। এখন চিকিৎসার খরচেই সংসার থেমে যায়।

## আপনার দান কোথায় যায়
- **৫০০ টাকা**: এক মাসের যাতায়াত
- **২,০০০ টাকা**: একবারের ডায়ালাইসিস
- **১৬,০০০ টাকা**: একজন রোগীর পুরো মাস

টাকা সরাসরি হাসপাতালের হিসাবে জমা হয়, রোগীর হাতে নয়। প্রতি মাসের খরচের হিসাব এই পাতায় দেওয়া হয়।""",
        category="health",
        currency="BDT",
        goal=9_600_000,
        presets=(50_000, 200_000, 200_000, 400_000),
        gifts=26,
    ),
    DemoCampaign(
        title="Clean water after the Sylhet floods",
        summary="Eighty hand pumps stood under water for three weeks. We raise them on plinths, disinfect them, and test them twice.",
        story="""The flood has gone, the water has not become clean. In Gowainghat, four of five hand pumps failed the last test.

A raised concrete plinth keeps the next flood out of a pump for fifteen years. A team of two masons and one tester finishes a pump in a day.

## The plan
1. Test all eighty pumps, publish the results
2. Raise and disinfect the forty worst
3. Test again after two weeks, and after the next monsoon

USD 140 raises one pump. It serves about nine families.""",
        category="emergency",
        currency="USD",
        goal=560_000,
        presets=(1_000, 2_500, 5_000, 14_000),
        gifts=28,
        days_left=24,
    ),
    DemoCampaign(
        title="Mangroves for the coast of Kuakata",
        summary="A belt of mangroves breaks a storm surge better than a wall. Fisher families plant and guard 30,000 saplings.",
        story="""Where the mangrove was cut, the sea took the road, then the school, then eleven houses.

Sixty fisher families know which creek will hold a sapling and which will not. They are paid for planting and, more important, for guarding: a planted tree that no goat has eaten after two years is a tree.

- **EUR 5** plants ten saplings
- **EUR 40** guards a hundred metres of shore for a month

A walk along the belt is mapped every quarter, survival rate included, also when it is bad.""",
        category="environment",
        currency="EUR",
        goal=180_000,
        presets=(500, 1_000, 4_000, 10_000),
        gifts=22,
    ),
    DemoCampaign(
        title="শীতার্ত মানুষের জন্য কম্বল, কুড়িগ্রাম",
        summary="তিস্তার চরে তাপমাত্রা ছয় ডিগ্রিতে নামে। একটি কম্বল তিনশ পঞ্চাশ টাকা, একটি শীত।",
        story="""চরের ঘরে দেয়াল পাটকাঠির, মেঝে মাটির। কুয়াশা দুপুর পর্যন্ত কাটে না।

গত বছর আমরা ১,৮০০ পরিবারে কম্বল পৌঁছে দিয়েছি। তালিকা করেন স্থানীয় শিক্ষকেরা; একই পরিবার দুইবার পায় না, কেউ বাদও পড়ে না।

## এ বছরের লক্ষ্য
- দুই হাজার কম্বল
- পাঁচশ শিশুর সোয়েটার
- বিতরণ শেষ ১৫ জানুয়ারির মধ্যে

বিতরণের দিন যে কেউ আমাদের সঙ্গে নৌকায় যেতে পারেন।""",
        category="relief",
        currency="BDT",
        goal=6_000_000,
        presets=(35_000, 70_000, 105_000, 350_000),
        gifts=32,
        days_left=19,
    ),
    DemoCampaign(
        title="A stage for the puppet makers of Jashore",
        summary="Three families still carve and string the old puppets. A small covered stage would let them play through the rains.",
        story="""Putul nach was played on a bamboo frame in the open, so the season ended with the first storm.

A tin roof, a floor of planks and forty chairs turn a season of three months into one of ten. The plot is given by the village, the carpenters by the families themselves.

Friends in Osaka, who fell in love with a show in 2019, carry this campaign; that is why it counts in yen.""",
        category="arts",
        currency="JPY",
        goal=400_000,
        presets=(1_000, 3_000, 5_000, 10_000),
        gifts=20,
    ),
    DemoCampaign(
        title="Meals for the families of stranded workers",
        summary="When a company abroad stops paying, dinner stops at home. A food box a week until the wages come.",
        story="""Two hundred and six workers wait for wages that a court has already granted them. Waiting takes months; children eat daily.

A box holds rice, lentils, oil, eggs and a little fruit for a family of five: three dinars and a half a week, delivered by volunteers of the workers' association.

Lists are checked with the labour court's register. Boxes end when the wages arrive.""",
        category="relief",
        currency="KWD",
        goal=600_000,
        presets=(3_500, 7_000, 14_000, 50_000),
        gifts=18,
    ),
    DemoCampaign(
        title="A night shelter for the street dogs of Khulna",
        summary="Vaccination, neutering and a dry place for forty dogs, run by the veterinary students of the university.",
        story="""Vaccinated street dogs keep rabies out of a city better than removing them does: that is not kindness alone, it is the advice of every health body.

The students work in the evenings. What is missing is a roof, a fridge for vaccines, and a rickshaw van.

- **BDT 300** vaccinates one dog
- **BDT 1,500** neuters one and keeps it for three nights""",
        category="animals",
        currency="BDT",
        goal=1_800_000,
        presets=(30_000, 60_000, 150_000),
        gifts=16,
    ),
    DemoCampaign(
        title="Korail after the fire: forty doors",
        summary="Two hundred rooms burned in one night. Forty families have a plot again, and need a door, a roof and a stove.",
        story="""The fire took twenty minutes. What families saved is what they wore.

Their plots are confirmed. Each family builds with a mason from the neighbourhood; we pay the materials straight to the shop.

**BDT 18,000** is one room: tin, bamboo, a door that locks, a stove with a chimney. The nearest goal of all our campaigns, and the most urgent.""",
        category="emergency",
        currency="BDT",
        goal=9_600_000,
        presets=(100_000, 250_000, 500_000, 900_000),
        gifts=20,
        days_left=6,
    ),
    DemoCampaign(
        title="Laptops for the first girls' coding club in Bogura",
        summary="Twelve girls share two laptops on Fridays. Paused while we wait for the supplier's corrected offer.",
        story="""They built a website for the town's library before they had a computer of their own.

Ten refurbished laptops, one projector, and internet for a year. The club's room and its teacher are there already.

*Paused:* the supplier changed the price after we had published it. We take no gifts until the offer is right.""",
        category="education",
        currency="USD",
        goal=320_000,
        presets=(2_000, 5_000, 10_000),
        gifts=9,
        stage="paused",
    ),
    DemoCampaign(
        title="ঘূর্ণিঝড়ের পরে ঘর: সাতক্ষীরার পঞ্চাশ পরিবার",
        summary="পঞ্চাশটি ঘর আবার দাঁড়িয়েছে। যাঁরা পাশে ছিলেন, তাঁদের প্রত্যেককে ধন্যবাদ।",
        story="""ঘূর্ণিঝড়ের রাতে আশ্রয়কেন্দ্রে জায়গা ছিল, ফিরে যাওয়ার ঘর ছিল না।

আট সপ্তাহে পঞ্চাশটি ঘর উঠেছে উঁচু ভিটায়, শক্ত খুঁটিতে। কাজ করেছেন গ্রামেরই মিস্ত্রিরা।

এই প্রচারাভিযান শেষ। পুরো হিসাব আমাদের কার্যালয়ে যে কেউ দেখতে পারেন।""",
        category="relief",
        currency="BDT",
        goal=2_000_000,
        presets=(100_000, 200_000, 300_000),
        gifts=14,
        stage="ended",
    ),
    DemoCampaign(
        title="An ultrasound for the clinic in the hills",
        summary="The clinic in Ruma is six hours from the next hospital. Its midwives now see what they used to guess.",
        story="""Three midwives, 9,000 people, one road that the rain closes.

The portable ultrasound has arrived and the midwives were trained for two weeks. In its first month it sent four women to the hospital in time.

This campaign has ended a little below its goal; the clinic covered the rest.""",
        category="health",
        currency="EUR",
        goal=1_100_000,
        presets=(20_000, 50_000, 100_000, 250_000),
        gifts=15,
        stage="ended",
    ),
    DemoCampaign(
        title="চা বাগানের শিশুদের পাঠাগার",
        summary="শ্রীমঙ্গলের তিনটি বাগানে একটি করে আলমারি, দুইশ বই আর বিকেলের একজন পাঠক।",
        story="""বাগানের স্কুলে পাঠ্যবই আছে, গল্পের বই নেই।

প্রতিটি আলমারির দায়িত্ব নেবে বাগানের একজন তরুণ। বই বেছে দিয়েছেন শিক্ষকেরা, বাংলা আর সাদরি দুই ভাষায়।""",
        category="education",
        currency="BDT",
        goal=1_500_000,
        presets=(50_000,),
        gifts=0,
        stage="in_review",
    ),
    DemoCampaign(
        title="Solar pumps for the farmers of Barind",
        summary="The water table falls a foot a year. Shared solar pumps with meters use a third less of it.",
        story="""Diesel pumps run all night because nobody knows how much is enough. A meter and a shared pump for twenty farms change that.

Five pumps, five groups, one agreement on how much to draw, signed by all.""",
        category="environment",
        currency="USD",
        goal=1_200_000,
        presets=(5_000,),
        gifts=0,
        stage="in_review",
    ),
    DemoCampaign(
        title="A playground where the canal was",
        summary="A strip of filled-in canal in Mirpur could be swings and shade. First sketch.",
        story="""Notes for the campaign: ask the ward office for the plot's papers, get two offers for swings, find out who waters the trees.""",
        category="community",
        currency="BDT",
        goal=2_500_000,
        presets=(50_000,),
        gifts=0,
        stage="draft",
    ),
)
