"""Letters that facts call for: a gift's receipt, refund and failure to whoever gave it, and what a person asked for."""

from __future__ import annotations

from collections.abc import Sequence

from apps.accounts.events import (
    PasswordChanged,
    PasswordResetRequested,
    SecondFactorChanged,
    UserRegistered,
    VerificationRequested,
)
from apps.campaigns.events import TeamInvited
from apps.chat.events import MessageWaiting
from apps.platform import clock
from apps.platform.events import BULK, subscribe
from apps.pledges.events import HistoryRequested, PledgeFailed, PledgeRefunded, ReceiptIssued, ReceiptRequested

from ..services.letters.answers import PATIENCE
from ..services.write_letters import DONOR, NewLetter, write_letters


@subscribe("notifications.write_receipts", ReceiptIssued, lane=BULK)
def write_receipts(events: Sequence[ReceiptIssued]) -> None:
    write_letters([NewLetter(kind="receipt", about=event.pledge_id, recipient=DONOR) for event in events])


@subscribe("notifications.write_receipts_again", ReceiptRequested, lane=BULK)
def write_receipts_again(events: Sequence[ReceiptRequested]) -> None:
    write_letters(
        [
            NewLetter(kind="receipt", about=event.request_id, recipient=DONOR, data={"pledge": str(event.pledge_id)})
            for event in events
        ]
    )


@subscribe("notifications.write_refunds", PledgeRefunded, lane=BULK)
def write_refunds(events: Sequence[PledgeRefunded]) -> None:
    write_letters(
        [
            NewLetter(
                kind="refund",
                about=event.refund_id,
                recipient=DONOR,
                data={"pledge": str(event.pledge_id), "amount": event.amount, "is_full": event.is_full},
            )
            for event in events
        ]
    )


@subscribe("notifications.write_failures", PledgeFailed, lane=BULK)
def write_failures(events: Sequence[PledgeFailed]) -> None:
    write_letters([NewLetter(kind="gift_failed", about=event.pledge_id, recipient=DONOR) for event in events])


@subscribe("notifications.write_answers", MessageWaiting, lane=BULK)
def write_answers(events: Sequence[MessageWaiting]) -> None:
    """To guests, whom only a letter reaches; people with an account hear of it in their inbox."""
    due_at = clock.now() + PATIENCE
    write_letters(
        [
            NewLetter(
                kind="answer",
                about=event.message_id,
                recipient=DONOR,
                data={"pledge": str(event.pledge_id)},
                due_at=due_at,
            )
            for event in events
            if not event.is_for_team and event.recipient_id is None
        ]
    )


@subscribe("notifications.write_password_resets", PasswordResetRequested)
def write_password_resets(events: Sequence[PasswordResetRequested]) -> None:
    """In the lane of money: somebody waits before the screen, and these are few."""
    write_letters(
        [
            NewLetter(kind="password_reset", about=event.request_id, recipient=f"user:{event.user_id}")
            for event in events
            if event.user_id
        ]
    )


@subscribe("notifications.write_gift_histories", HistoryRequested)
def write_gift_histories(events: Sequence[HistoryRequested]) -> None:
    write_letters([NewLetter(kind="gift_history", about=event.request_id, recipient=DONOR) for event in events])


@subscribe("notifications.write_verifications", UserRegistered, VerificationRequested)
def write_verifications(events: Sequence[UserRegistered | VerificationRequested]) -> None:
    write_letters(
        [
            NewLetter(
                kind="verification",
                about=event.user_id if isinstance(event, UserRegistered) else event.request_id,
                recipient=f"user:{event.user_id}",
            )
            for event in events
        ]
    )


@subscribe("notifications.write_security", SecondFactorChanged, PasswordChanged)
def write_security(events: Sequence[SecondFactorChanged | PasswordChanged]) -> None:
    """What changed about how one signs in is told at once: it may have been somebody else."""
    write_letters(
        [
            NewLetter(
                kind="security",
                about=event.change_id,
                recipient=f"user:{event.user_id}",
                data={"change": event.change if isinstance(event, SecondFactorChanged) else "password_changed"},
            )
            for event in events
            if event.change_id
        ]
    )


@subscribe("notifications.write_invitations", TeamInvited)
def write_invitations(events: Sequence[TeamInvited]) -> None:
    write_letters(
        [
            NewLetter(kind="team_invitation", about=event.invitation_id, recipient=f"invitation:{event.invitation_id}")
            for event in events
        ]
    )
