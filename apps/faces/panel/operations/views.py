"""What operators look at: findings to decide, deliveries that were given up, the inbox of webhooks, and whether all is well."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts import interface as accounts
from apps.outbox import interface as outbox
from apps.payments import interface as payments
from apps.platform import wake
from apps.platform.errors import Refused

from .. import health as figures
from ..access import actor, page
from ..words import ANOMALY_ACTIONS, ANOMALY_STATES, LETTER_STATES, WEBHOOK_OUTCOMES

WEBHOOKS = 50


@require_safe
def anomalies(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "open")
    state = state if state in ANOMALY_STATES else "open"
    found = payments.list_anomalies(state=state, cursor=request.GET.get("cursor") or None, page_size=50)
    context = {
        "title": _("Anomalies"),
        "found": found.results,
        "states": [(code, words, code == state) for code, (words, _tone) in ANOMALY_STATES.items()],
        "state": state,
        "more": "?" + urlencode({"state": state, "cursor": found.next_cursor}) if found.next_cursor else "",
        "back": "?" + urlencode({"state": state, "cursor": found.previous_cursor}) if found.previous_cursor else "",
    }
    return page(request, "panel/operations/anomalies.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def anomaly(request: HttpRequest, anomaly_id: int) -> HttpResponse:
    """One finding with its evidence; a decision is made once, and its line of the audit trail follows from the fact."""
    found = payments.get_anomaly(anomaly_id=anomaly_id)
    if request.method == "POST":
        action, note = request.POST.get("action", ""), request.POST.get("note", "")
        try:
            payments.decide_anomaly(anomaly_id=found.id, action=action, by=actor(request), note=note)
            messages.success(request, _("Your decision was written down and is being carried out."))
            return redirect("admin:anomaly", anomaly_id)
        except Refused as refused:
            messages.error(request, refused.fields[0].detail if refused.fields else refused.detail)
    names = accounts.get_users(user_ids=[each.by_id for each in found.decisions if each.by_id])
    context = {
        "title": _("Anomaly %(number)d") % {"number": found.id},
        "anomaly": found,
        "actions": [(action, *ANOMALY_ACTIONS[action]) for action in found.actions],
        "decisions": [
            (each, ANOMALY_ACTIONS[each.action][0], names[each.by_id].name if each.by_id in names else _("the system"))
            for each in found.decisions
        ],
        "evidence": sorted(found.evidence.items()),
    }
    return page(request, "panel/operations/anomaly.html", context, 422 if request.method == "POST" else 200)


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    known = figures.figures()
    context = {
        "title": _("Health"),
        "lights": figures.lights(known),
        "audit": outbox.last_audit(),
        "dead": int(sum(known["careforall_outbox_dead"].values())),
        "pending": int(known["careforall_outbox_pending"][()]),
        "due": [(names, int(number)) for names, number in known["careforall_provider_operations_due"].items()],
        "webhooks": payments.webhook_counts(),
        "webhooks_out": {state: int(number) for (state,), number in known["careforall_webhooks_out"].items()},
        "letters": [
            (LETTER_STATES.get(status, status), int(number))
            for (status,), number in sorted(known["careforall_letters_kept"].items())
        ],
    }
    return page(request, "panel/operations/health.html", context)


@require_POST
def audits(request: HttpRequest) -> HttpResponse:
    with transaction.atomic():
        accounts.record_action(by=actor(request), action="audit.run", subject_id="platform")
        wake.on_commit(outbox.AUDIT)
    messages.success(request, _("The audit was asked for. Its result is shown here when it is done."))
    return redirect("admin:health")


@require_safe
def dead_letters(request: HttpRequest) -> HttpResponse:
    return page(
        request, "panel/operations/dead_letters.html", {"title": _("Dead letters"), "letters": outbox.dead_letters()}
    )


@require_POST
def retries(request: HttpRequest) -> HttpResponse:
    """A new life of attempts for what one subscription gave up."""
    name = request.POST.get("subscription", "")
    with transaction.atomic():
        revived = outbox.retry_dead(subscription=name)
        if revived:
            detail = {"deliveries": revived}
            accounts.record_action(by=actor(request), action="outbox.retry", subject_id=name, detail=detail)
    words = ngettext("%(n)d delivery is tried again.", "%(n)d deliveries are tried again.", revived)
    messages.success(request, words % {"n": revived})
    return redirect("admin:dead-letters")


@require_safe
def webhooks(request: HttpRequest) -> HttpResponse:
    outcome = request.GET.get("outcome", "")
    outcome = outcome if outcome in payments.OUTCOMES else ""
    before = request.GET.get("before", "")
    found = payments.list_webhooks(
        outcome=outcome,
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None,
        limit=WEBHOOKS,
    )
    counts = payments.webhook_counts()
    context: dict[str, Any] = {
        "title": _("Webhooks"),
        "found": found,
        "outcome": outcome,
        "outcomes": [
            (code, WEBHOOK_OUTCOMES[code], counts.get(code, 0), code == outcome) for code in payments.OUTCOMES
        ],
        "more": "?" + urlencode({"outcome": outcome, "before": found[-1].id}) if len(found) == WEBHOOKS else "",
    }
    return page(request, "panel/operations/webhooks.html", context)
