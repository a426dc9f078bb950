"""The adapter of the simulated bank. It knows the bank by its HTTP API alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote
from uuid import UUID

from django.core import signing
from standardwebhooks import Webhook, WebhookVerificationError

from apps.platform.http import HttpClient, NoAnswer, Reply

from ..data import AT_BANK
from ..errors import InvalidSignature, MalformedMessage
from . import messages
from .protocol import Answer, ApprovalAnswer, EventPage, Outcome, ProviderEvent, ProviderUnavailable, Statement

_ACCOUNT = re.compile(r"\d{4}-\d{4}-\d{4}-\d{4}", re.ASCII)
_MANDATE = "mnd_"
_PAGE_SALT = "bank.consent.1"
_WEBHOOK_ID_MAX = 255
# 4xx answers that settle nothing: our key is wrong (a matter for the operator) or we are too fast or too early.
_NOT_NOW = {401, 403, 408, 425, 429}
_OUR_FAULT = {401, 403}


class BankProvider:
    name = "bank"

    def __init__(self, *, url: str, api_key: str, webhook_secrets: tuple[str, ...], page_url: str = "") -> None:
        """The first of `webhook_secrets` is that of now; the others are still taken."""
        self._http = HttpClient(url, {"Authorization": f"Api-Key {api_key}", "Accept": "application/json"})
        self._webhooks = [Webhook(secret) for secret in webhook_secrets]
        self._secret, self._page = webhook_secrets[0], page_url

    def is_account(self, account: str) -> bool:
        return account == AT_BANK or _ACCOUNT.fullmatch(account) is not None

    def consent_page(self, *, payment_id: UUID, amount: int, currency: str, payee: str, return_url: str) -> str:
        asked = {"r": str(payment_id), "a": amount, "c": currency, "p": payee, "u": return_url}
        return f"{self._page}/approvals/{signing.dumps(asked, key=self._secret, salt=_PAGE_SALT)}/"

    def authorize(self, *, payment_id: UUID, account: str, amount: int, currency: str, key: str) -> Answer:
        payer = "mandate" if account.startswith(_MANDATE) else "account"
        how: dict[str, object] = {"consent": True} if account == AT_BANK else {payer: account}
        body = how | {"amount": amount, "currency": currency, "reference": str(payment_id)}
        try:
            reply = self._http.post("/authorizations", body, {"Idempotency-Key": key})
            if reply.status == 202:
                return Answer(outcome=Outcome.PROCESSING)
            if reply.status in (200, 201):
                view = messages.view_of(messages.decode(reply.body, messages.AuthorizationShape))
                outcome = Outcome.DECLINED if view.is_declined else Outcome.DONE
                return _about(payment_id, Answer(outcome=outcome, view=view, reason=view.reason))
            return _about(payment_id, _refusal(reply, final={400, 402, 404, 410, 413, 422}))
        except (NoAnswer, MalformedMessage) as error:
            return _unknown(error)

    def capture(self, *, payment_id: UUID, hold: str, amount: int, key: str) -> Answer:
        return self._move(payment_id, hold, "capture", {"amount": amount}, key, final={402})

    def release(self, *, payment_id: UUID, hold: str, key: str) -> Answer:
        return self._move(payment_id, hold, "release", {}, key, final=set())

    def refund(self, *, payment_id: UUID, hold: str, amount: int, key: str) -> Answer:
        return self._move(payment_id, hold, "refund", {"amount": amount}, key, final={400, 402, 404, 409, 413, 422})

    def retrieve(self, *, payment_id: UUID, hold: str) -> Answer:
        # By our own id, whatever the hold: a hold that somebody else named cannot lead astray.
        try:
            reply = self._http.get("/authorizations", {"reference": str(payment_id)})
            if reply.status == 404:
                return Answer(outcome=Outcome.ABSENT)
            if reply.status != 200:
                return Answer(outcome=Outcome.UNKNOWN, reason=f"status-{reply.status}", is_fault=reply.status >= 500)
            found = messages.decode(reply.body, messages.AuthorizationsShape).results
            if not found:
                return Answer(outcome=Outcome.ABSENT)
            return _about(payment_id, Answer(outcome=Outcome.DONE, view=messages.view_of(found[0])))
        except (NoAnswer, MalformedMessage) as error:
            return _unknown(error)

    def keep_approval(self, *, approval_id: UUID, account: str) -> ApprovalAnswer:
        try:
            reply = self._http.post("/mandates", {"account": account, "reference": str(approval_id)})
            return _approval(reply, final={400, 402, 404, 409, 422})
        except (NoAnswer, MalformedMessage) as error:
            return ApprovalAnswer(outcome=Outcome.UNKNOWN, reason=str(error)[:100])

    def end_approval(self, *, approval_id: UUID, token: str) -> ApprovalAnswer:
        try:
            if not token:
                reply = self._http.get("/mandates", {"reference": str(approval_id)})
                if reply.status != 200:
                    return ApprovalAnswer(outcome=Outcome.UNKNOWN, reason=f"status-{reply.status}")
                found = messages.decode(reply.body, messages.MandatesShape).results
                if not found:
                    return ApprovalAnswer(outcome=Outcome.DONE)
                token = found[0].id
            return _approval(self._http.post(f"/mandates/{quote(token, safe='')}/revocation", {}), final={404, 410})
        except (NoAnswer, MalformedMessage) as error:
            return ApprovalAnswer(outcome=Outcome.UNKNOWN, reason=str(error)[:100])

    def list_events(self, *, after: int, page_size: int) -> EventPage:
        try:
            reply = self._http.get("/events", {"after": str(after), "page_size": str(page_size)})
            if reply.status != 200:
                raise ProviderUnavailable(str(reply.status))
            page = messages.decode(reply.body, messages.EventsShape)
        except (NoAnswer, MalformedMessage) as error:
            raise ProviderUnavailable(str(error)) from error
        events = tuple(ProviderEvent(sequence=each.seq, statement=_listed(each)) for each in page.results)
        return EventPage(events=events, next_after=max([after, *(each.sequence for each in events)]))

    def verify_webhook(self, *, headers: Mapping[str, str], body: bytes) -> str:
        lower = {name.lower(): value for name, value in headers.items()}
        if not any(_holds(each, body, lower) for each in self._webhooks):
            raise InvalidSignature
        webhook_id = lower["webhook-id"]
        if len(webhook_id) > _WEBHOOK_ID_MAX or not webhook_id.isprintable():
            raise InvalidSignature
        return webhook_id

    def read_webhook(self, *, body: bytes) -> Statement | None:
        event = messages.decode(body, messages.EventShape)
        return messages.statement_of(event.type, event.data)

    def _move(
        self, payment_id: UUID, hold: str, verb: str, body: dict[str, object], key: str, *, final: set[int]
    ) -> Answer:
        try:
            reply = self._http.post(f"/authorizations/{quote(hold, safe='')}/{verb}", body, {"Idempotency-Key": key})
            if reply.status not in (200, 201, 202):
                return _about(payment_id, _refusal(reply, final=final))
            read = messages.decode(reply.body, messages.MovementAnswerShape)
            if read.status == "processing":
                return Answer(outcome=Outcome.PROCESSING)
            if read.status != "succeeded" or read.authorization is None:
                raise MalformedMessage("neither succeeded nor processing")
            view = messages.view_of(read.authorization)
            return _about(payment_id, Answer(outcome=Outcome.DONE, view=view, transaction=read.transaction))
        except (NoAnswer, MalformedMessage) as error:
            return _unknown(error)


def _holds(webhook: Webhook, body: bytes, headers: dict[str, str]) -> bool:
    try:
        webhook.verify(body, headers, json_parse=False)
    except (WebhookVerificationError, ValueError, TypeError, OverflowError):
        # The library lets its parsers' own errors through on malformed headers.
        return False
    return True


def _about(payment_id: UUID, answer: Answer) -> Answer:
    """The answer, provided that it speaks of our payment. Raises MalformedMessage."""
    if answer.view is not None and answer.view.payment_id != payment_id:
        raise MalformedMessage("an answer about another payment")
    return answer


def _refusal(reply: Reply, *, final: set[int]) -> Answer:
    if reply.status >= 500 or reply.status < 400:
        return Answer(outcome=Outcome.UNKNOWN, reason=f"status-{reply.status}", is_fault=True)
    if reply.status in _NOT_NOW:
        return Answer(outcome=Outcome.UNKNOWN, reason=f"status-{reply.status}", is_fault=reply.status in _OUR_FAULT)
    problem = messages.decode(reply.body, messages.ProblemShape)
    view = messages.view_of(problem.authorization) if problem.authorization else None
    reason = messages.clean_reason(problem.code) or "refused"
    return Answer(outcome=Outcome.DECLINED if reply.status in final else Outcome.CONFLICT, view=view, reason=reason)


def _approval(reply: Reply, *, final: set[int]) -> ApprovalAnswer:
    if reply.status in (200, 201):
        token = messages.decode(reply.body, messages.MandateShape).id
        if not token.startswith(_MANDATE) or len(token) > messages.NAME_MAX or not token.isprintable():
            raise MalformedMessage("not a mandate")
        return ApprovalAnswer(outcome=Outcome.DONE, token=token)
    if reply.status in final:
        code = messages.clean_reason(messages.decode(reply.body, messages.ProblemShape).code)
        return ApprovalAnswer(outcome=Outcome.DECLINED, reason=code or "refused")
    return ApprovalAnswer(outcome=Outcome.UNKNOWN, reason=f"status-{reply.status}")


def _unknown(error: Exception) -> Answer:
    return Answer(outcome=Outcome.UNKNOWN, reason=str(error)[:100], is_fault=True)


def _listed(event: messages.ListedEventShape) -> Statement | None:
    try:
        return messages.statement_of(event.type, event.data)
    except MalformedMessage:
        return None
