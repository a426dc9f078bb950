"""What is wished for many gifts: looked at first, done to each once, with an outcome for each. Notes, tests, receipts again."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from apps.accounts import interface as accounts
from apps.notifications import interface as notifications
from apps.outbox import interface as outbox
from apps.platform import db
from apps.platform.actors import Actor
from apps.platform.errors import Forbidden, Invalid
from apps.pledges import interface as pledges
from apps.pledges.errors import JobNotFound, NobodyToWriteTo, NothingToDo, PledgeNotFound, ReceiptNotFound, TooManyGifts
from apps.reporting import interface as reporting
from tests.reporting.support import give

from .support import at_once, authorized, believe_captured, captured, open_campaign, tell

pytestmark = pytest.mark.django_db(transaction=True)


def outcomes(job: pledges.Job, viewer: Actor) -> list[str]:
    return [each.outcome for each in pledges.gifts_of_job(job_id=job.id, viewer=viewer)]


def refused(statement: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        db.execute(statement)


def test_job_is_prepared_started_and_done_once_to_each_gift(alice: Actor) -> None:
    campaign = open_campaign(alice)
    gifts = [give(campaign, email=f"donor{number}@example.org") for number in range(3)]
    pending = give(campaign, email="pending@example.org")
    tell(*(authorized(each) for each in gifts))
    db.execute("UPDATE payments_payment SET status = 'authorized', hold = id::text, check_at = NULL WHERE hold = ''")

    job = pledges.prepare_job(by=alice, action="capture", pledge_ids=[*gifts, pending, gifts[0]])
    assert (job.total, job.status, pledges.work_jobs()) == (3, "prepared", 0)
    pledges.cancel_pledge(pledge_id=gifts[1], by=alice)  # somebody was faster
    for _ in range(2):
        pledges.start_job(job_id=job.id, by=alice)
    assert sum(each for each in at_once([pledges.work_jobs] * 3) if isinstance(each, int)) == 3

    assert outcomes(job, alice) == ["done", "refused", "done"]
    found = pledges.get_job(job_id=job.id, viewer=alice)
    assert (found.status, found.done, found.refused, found.percent) == ("done", 2, 1, 100)
    assert [len(accounts.list_actions(subject_id=each, action="pledge.capture")) for each in gifts] == [1, 0, 1]
    assert len(accounts.list_actions(subject_id=job.id)) == 1
    assert pledges.work_jobs() == 0


def test_job_ends_with_the_role_of_whoever_started_it(alice: Actor, charlie: Actor, sam: Actor) -> None:
    campaign = open_campaign(alice)
    gift = give(campaign)
    tell(authorized(gift))
    with pytest.raises(PledgeNotFound):
        pledges.prepare_job(by=charlie, action="capture", pledge_ids=[gift])
    job = pledges.prepare_job(by=alice, action="capture", pledge_ids=[gift])
    for call in (pledges.start_job, pledges.discard_job):
        with pytest.raises(JobNotFound):
            call(job_id=job.id, by=charlie)
    assert pledges.start_job(job_id=job.id, by=sam).status == "prepared"  # seen by staff, started by nobody else
    pledges.start_job(job_id=job.id, by=alice)
    db.execute("UPDATE campaigns_campaign SET manager_id = %s", [charlie.user_id])

    pledges.work_jobs()

    assert outcomes(job, sam) == ["refused"]
    assert accounts.list_actions(subject_id=gift, action="pledge.capture") == []


def test_job_ends_with_the_account_of_whoever_started_it(alice: Actor, sam: Actor) -> None:
    gift = give(open_campaign(alice))
    tell(authorized(gift))
    job = pledges.prepare_job(by=alice, action="capture", pledge_ids=[gift])
    pledges.start_job(job_id=job.id, by=alice)
    accounts.deactivate(user_id=alice.user_id, by=sam)

    pledges.work_jobs()

    assert outcomes(job, sam) == ["refused"]


def test_stopped_job_leaves_the_rest_alone(alice: Actor) -> None:
    campaign = open_campaign(alice)
    gifts = [give(campaign, email=f"donor{number}@example.org") for number in range(2)]
    tell(*(authorized(each) for each in gifts))
    job = pledges.prepare_job(by=alice, action="cancel", pledge_ids=gifts)
    pledges.start_job(job_id=job.id, by=alice)
    pledges.stop_job(job_id=job.id, by=alice)

    assert pledges.work_jobs() == 0
    assert outcomes(job, alice) == ["", ""]
    other = pledges.prepare_job(by=alice, action="cancel", pledge_ids=gifts)
    pledges.discard_job(job_id=other.id, by=alice)
    assert [each.id for each in pledges.list_jobs(viewer=alice)] == [job.id]


def test_what_cannot_be_prepared_is_refused(alice: Actor) -> None:
    gift = give(open_campaign(alice))
    with pytest.raises(NothingToDo):
        pledges.prepare_job(by=alice, action="capture", pledge_ids=[gift])
    with pytest.raises(Invalid):
        pledges.prepare_job(by=alice, action="refund", pledge_ids=[gift])
    with pytest.raises(TooManyGifts):
        pledges.prepare_job(by=alice, action="capture", pledge_ids=[UUID(int=each) for each in range(5_001)])


def test_database_refuses_what_jobs_must_not_do(alice: Actor) -> None:
    campaign = open_campaign(alice)
    gift = give(campaign)
    tell(authorized(gift))
    job = pledges.prepare_job(by=alice, action="cancel", pledge_ids=[gift])
    refused("UPDATE pledges_job SET status = 'done', started_at = now(), finished_at = now()")
    refused("UPDATE pledges_job SET action = 'refund'")
    refused(
        "INSERT INTO pledges_jobgift (job_id, pledge_id, outcome, detail) SELECT job_id, pledge_id, '', '' FROM pledges_jobgift"
    )
    pledges.start_job(job_id=job.id, by=alice)
    pledges.work_jobs()
    refused("UPDATE pledges_jobgift SET outcome = '', at = NULL")


def test_note_stays_as_written_until_its_donor_is_erased(alice: Actor, bob: Actor, charlie: Actor) -> None:
    gift = give(open_campaign(alice), donor_id=bob.user_id)
    tell()
    pledges.add_note(pledge_id=gift, by=alice, body=" Called back. \r\nAll is well. ")
    for who, refusal in ((bob, Forbidden), (charlie, PledgeNotFound)):
        with pytest.raises(refusal):
            pledges.add_note(pledge_id=gift, by=who, body="Mine")
    for words in ("  ", "x" * 1001):
        with pytest.raises(Invalid):
            pledges.add_note(pledge_id=gift, by=alice, body=words)
    assert [each.body for each in pledges.notes_of(pledge_id=gift)] == ["Called back. \nAll is well."]
    assert "Called" not in str(accounts.list_actions(subject_id=gift))
    refused("UPDATE pledges_note SET body = 'Otherwise'")
    refused("DELETE FROM pledges_note")

    accounts.erase_account(user_id=bob.user_id, password="correct horse battery staple")
    outbox.drain()

    assert [each.body for each in pledges.notes_of(pledge_id=gift)] == [""]


def test_receipt_is_written_again_each_time_it_is_asked_for(alice: Actor, charlie: Actor) -> None:
    campaign = open_campaign(alice)
    gift, waiting = give(campaign), give(campaign, email="waits@example.org")
    tell(captured(gift))
    believe_captured(gift)
    with pytest.raises(ReceiptNotFound):
        pledges.resend_receipt(pledge_id=waiting, by=alice)
    with pytest.raises(PledgeNotFound):
        pledges.resend_receipt(pledge_id=gift, by=charlie)
    for _ in range(2):
        pledges.resend_receipt(pledge_id=gift, by=alice)
    tell()
    letters = notifications.letters_of_gift(pledge_id=gift)
    assert [each.kind for each in letters] == ["receipt"] * 3
    db.execute("DELETE FROM pledges_donor WHERE pledge_id = %s", [gift])
    with pytest.raises(NobodyToWriteTo):
        pledges.resend_receipt(pledge_id=gift, by=alice)


def test_test_mark_leaves_totals_and_reaches_reports(alice: Actor, charlie: Actor) -> None:
    campaign = open_campaign(alice)
    gift, real = give(campaign), give(campaign, email="real@example.org")
    tell(captured(gift), captured(real))
    with pytest.raises(PledgeNotFound):
        pledges.mark_as_test(pledge_id=gift, by=charlie, is_test=True)
    assert [pledges.mark_as_test(pledge_id=gift, by=alice, is_test=True) for _ in range(2)] == [True, False]
    tell()
    reporting.refresh()

    def listed(is_test: bool | None) -> set[UUID]:
        wanted = reporting.GiftFilter(is_test=is_test)
        return {row.pledge_id for row in reporting.list_gifts(viewer=alice, wanted=wanted).results}

    assert (listed(True), listed(False), listed(None)) == ({gift}, {real}, {gift, real})
    assert reporting.funnel(viewer=alice)[0].captured_amount == 1000_00
