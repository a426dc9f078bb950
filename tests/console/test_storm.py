"""The storm's own parts: the plan repeats itself, the journal is not fooled, the books name what is lost, the page is whole."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command

from apps.accounts import interface as accounts
from apps.campaigns import interface as campaigns
from apps.faces.console.storm import books, stage
from apps.faces.console.storm.faults import Machine
from apps.faces.console.storm.journal import Answer, Journal, broken_promises
from apps.faces.console.storm.outcome import Outcome, Told
from apps.faces.console.storm.page import page
from apps.faces.console.storm.plan import MOST_HANGING, Manner, Wish, wishes
from apps.faces.console.storm.watch import Sample
from apps.outbox import interface as outbox
from apps.payments import interface as payments
from apps.platform import db
from apps.platform.actors import SYSTEM, Actor
from apps.pledges import interface as pledges
from tests.payments.support import webhook
from tests.pledges.support import open_campaign, wish

CAMPAIGNS = [UUID(int=number) for number in range(1, 4)]


def made(pledge_id: str, at: float = 0.0) -> Answer:
    return Answer(at=at, seconds=0.01, status=201, pledge_id=pledge_id)


def test_the_same_seed_asks_the_same() -> None:
    first, again, other = (wishes(donors=500, seconds=90, seed=seed, campaigns=CAMPAIGNS) for seed in (7, 7, 8))
    assert first == again != other
    assert [each.at for each in first] == sorted(each.at for each in first)
    assert {each.manner for each in first} == set(Manner)
    hot = sum(each.campaign == CAMPAIGNS[0] for each in first)
    assert 250 < hot < 400


def test_what_takes_a_minute_stays_away_from_short_storms() -> None:
    slow = {"0012", "0014", "0016"}
    assert not slow & {each.account for each in wishes(donors=5000, seconds=30, seed=1, campaigns=CAMPAIGNS)}
    long = [each.account for each in wishes(donors=20_000, seconds=60, seed=1, campaigns=CAMPAIGNS)]
    assert slow <= set(long)
    assert long.count("0014") <= MOST_HANGING


def journal_of(*manners: Manner, campaign: UUID = CAMPAIGNS[0]) -> Journal:
    return Journal("t", [Wish(place, 0.0, campaign, 500_00, "0001", manner) for place, manner in enumerate(manners)])


def test_promises_that_contradict_each_other_are_named() -> None:
    journal = journal_of(Manner.DOUBLE, Manner.BAD, Manner.OTHER_AMOUNT, Manner.PLAIN)
    one = str(uuid4())
    journal.entries[0].answers += [made(one), made(str(uuid4()))]
    journal.entries[1].answers += [made(one)]
    journal.entries[2].answers += [made(one), made(one)]
    journal.entries[3].answers += [made(one), Answer(at=1, seconds=0.1, status=0)]
    found = broken_promises(journal)
    assert [line.split(" ")[1] for line in found] == ["storm-t-0", "storm-t-1", "storm-t-2"]
    assert journal.counts() == {"donors": 4, "requests": 7, "acknowledged": 4, "refused": 0, "unanswered": 0}


@pytest.mark.django_db(transaction=True, databases=["default", "bank"])
def test_the_books_name_every_loss(alice: Actor) -> None:
    campaign = open_campaign(alice)
    journal = journal_of(*[Manner.PLAIN] * 4, Manner.BAD, campaign=campaign.id)
    for entry in journal.entries[:2]:
        gift = pledges.make_pledge(new=wish(campaign.id, idempotency_key=entry.key, fingerprint=b"x"))
        entry.answers.append(made(str(gift.pledge_id)))
    lost = str(uuid4())
    journal.entries[2].answers.append(made(lost))
    secret = pledges.make_pledge(new=wish(campaign.id, idempotency_key=journal.entries[4].key, fingerprint=b"x"))
    journal.entries[4].answers.append(Answer(at=0, seconds=0.1, status=400, code="validation-error"))
    first = min(journal.entries[0].pledge_ids)
    journal.note_refund(first, 100)
    db.execute("UPDATE campaigns_totals SET captured = 7 WHERE campaign_id = %s", [campaign.id])
    account = books.account_for(journal, [campaign.id])
    told = "\n".join(account.losses)
    assert f"pledge {lost} was acknowledged and is not in the books" in told
    assert f"was refused and has pledge {secret.pledge_id}" in told
    assert f"pledge {first}: a refund of 100 was promised, 0 went back" in told
    assert f"pledge {first} is pending; with its test account it ends captured" in told
    assert f"campaign {campaign.id} shows 7, its gifts make 0" in told
    assert (account.pledges, account.promised, account.open) == (3, 1500_00, 1500_00)
    assert books.waiting([campaign.id])["gifts"] == 3


@pytest.mark.django_db(transaction=True, databases=["default", "bank"])
def test_the_stage_is_the_storms_own_and_its_lies_are_closed(client: Any) -> None:
    built = stage.build("t", 25)
    assert (len(built.campaigns), len(built.accounts)) == (3, 2)
    assert accounts.actor_from_access_token(token=built.staff_token).is_staff
    webhook(client, "captured", uuid4(), message_id="storm-t-told-1")
    webhook(client, "captured", uuid4(), transaction="of-somebody-else")
    decided, still_open = stage.close_findings("storm-t-told", [])
    assert (len(decided), still_open) == (1, 0)
    assert payments.open_anomalies() == {"unknown-payment": 1}
    stage.close(built)
    assert {campaigns.get_campaign(campaign_id=each, viewer=SYSTEM).status for each in built.campaigns} == {"ended"}
    outbox.drain()


def test_a_machine_that_is_not_ours_is_left_alone(tmp_path: Any) -> None:
    machine = Machine(tmp_path, "redis://elsewhere:6379/0")
    assert (machine.is_ours, machine.flush(), machine.kill("web"), machine.outage(1)) == (False, "", "", "")
    (tmp_path / "runtime.env").write_text("REDIS_URL=redis://elsewhere:6379/0\n")
    (tmp_path / "pids").write_text("worker=1\nbank=x\n")
    machine = Machine(tmp_path, "redis://elsewhere:6379/0")
    assert (machine.is_ours, machine.kill("worker"), machine.outage(1)) == (False, "", "")


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag not in ("meta", "line", "polyline", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("line", "polyline"):
            assert self.open.pop() == tag


def test_the_page_is_whole_and_needs_no_script() -> None:
    outcome = Outcome(run="t", url="http://127.0.0.1", seed=7, seconds=20, began_at="now")
    outcome.counts = journal_of(Manner.PLAIN).counts()
    outcome.story = [Told(0.0, "It begins."), Told(5.0, "<script>The worker</script> was killed.", is_fault=True)]
    outcome.answers = [made("x", at=float(second)) for second in range(20)]
    outcome.samples = [
        Sample(float(second), lag=0.1, pending=second, circuit=second % 3, due=0) for second in range(20)
    ]
    outcome.losses, outcome.lasted = ["pledge & all"], 20.0
    outcome.audit = [{"holds": False, "code": "T1", "title": "Totals", "seconds": 0.1}]
    text = page(outcome)
    tags = Tags()
    tags.feed(text)
    assert tags.open == []
    assert "script" not in tags.seen
    assert tags.seen.count("polyline") == 7
    assert "pledge &amp; all" in text
    assert "1 thing did not survive" in text
    shape = outcome.as_json()
    assert (shape["holds"], shape["http"]["answers"], shape["audit"]) == (False, 20, {"holds": False, "checks": 1})


@pytest.mark.parametrize(
    ("settings_of", "arguments", "why"),
    [
        ({"DEMO_MODE": False}, {}, "DEMO_MODE is off"),
        ({"DEMO_MODE": True}, {"donors": 0}, "--donors is from 1"),
        ({"DEMO_MODE": True}, {"seconds": 1e9}, "--seconds from 1"),
        ({"DEMO_MODE": True, "PUBLIC_URL": "http://127.0.0.1:9"}, {}, "start the installation"),
    ],
)
def test_a_storm_is_refused_where_it_may_not_run(
    settings: Any, capsys: Any, settings_of: dict[str, Any], arguments: dict[str, Any], why: str
) -> None:
    for name, value in settings_of.items():
        setattr(settings, name, value)
    with pytest.raises(SystemExit) as exit_:
        call_command("storm", **arguments)
    assert exit_.value.code == 2
    assert why in capsys.readouterr().err
