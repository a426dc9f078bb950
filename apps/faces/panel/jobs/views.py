"""One wish about many gifts: chosen in the list, looked at, started, followed gift by gift."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts import interface as accounts
from apps.campaigns import interface as campaigns
from apps.faces.shared.amounts import money
from apps.platform.errors import Refused
from apps.pledges import interface as pledges
from apps.reporting import interface as reporting

from ..access import actor, page
from ..gifts.forms import FilterForm
from ..words import JOB_ACTIONS

PAGE = 100


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    found = pledges.list_jobs(viewer=actor(request))
    names = accounts.get_users(user_ids=[each.requested_by_id for each in found])
    context = {
        "title": _("Jobs"),
        "jobs": [
            (
                each,
                JOB_ACTIONS[each.action].title,
                names[each.requested_by_id].name if each.requested_by_id in names else "–",
            )
            for each in found
        ],
    }
    return page(request, "panel/jobs/index.html", context)


@require_POST
def prepare(request: HttpRequest) -> HttpResponse:
    """The ticked gifts, or without any tick all that the list's filter finds: noted for a look, nothing is done yet."""
    query = request.POST.get("query", "")[:1000]
    try:
        wanted = _chosen(request) or _matching(request, query)
        made = pledges.prepare_job(by=actor(request), action=request.POST.get("action", ""), pledge_ids=wanted)
    except Refused as refused:
        messages.error(request, refused.fields[0].detail if refused.fields else refused.detail or refused.title)
        return redirect(f"{reverse('admin:gifts')}?{query}")
    return redirect("admin:gift-job", made.id)


@require_safe
def show(request: HttpRequest, job_id: UUID) -> HttpResponse:
    viewer = actor(request)
    job = pledges.get_job(job_id=job_id, viewer=viewer)
    after = request.GET.get("after", "0")
    number = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else 0
    gifts = pledges.gifts_of_job(job_id=job_id, viewer=viewer, after=number, limit=PAGE)
    words = JOB_ACTIONS[job.action]
    context: dict[str, Any] = {
        "title": words.title,
        "words": words,
        "job": job,
        "sums": [money(amount, currency) for currency, amount in pledges.sums_of_job(job_id=job_id).items()],
        "gifts": gifts,
        "more": "?" + urlencode({"after": gifts[-1].id}) if len(gifts) == PAGE else "",
        "waiting": job.total - job.done - job.refused - job.failed,
        "is_own": job.requested_by_id == viewer.user_id,
    }
    return page(request, "panel/jobs/show.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Sent anew after a proof of the second factor it comes without its form: back to the job, to be started there."""
    if request.method != "POST":
        return redirect("admin:gift-job", job_id)
    return _do(request, job_id, partial(pledges.start_job, job_id=job_id, by=actor(request)), _("The job was started."))


@require_POST
def stop(request: HttpRequest, job_id: UUID) -> HttpResponse:
    done = _("The job was stopped. What is done stays done.")
    return _do(request, job_id, partial(pledges.stop_job, job_id=job_id, by=actor(request)), done)


@require_POST
def discard(request: HttpRequest, job_id: UUID) -> HttpResponse:
    pledges.discard_job(job_id=job_id, by=actor(request))
    messages.success(request, _("Nothing was done."))
    return redirect("admin:gifts")


def _do(request: HttpRequest, job_id: UUID, effect: Any, done: str) -> HttpResponse:
    effect()
    messages.success(request, done)
    return redirect("admin:gift-job", job_id)


def _chosen(request: HttpRequest) -> list[UUID]:
    """The ticked gifts, as far as they are in the viewer's list."""
    ticked = []
    for given in request.POST.getlist("gift")[: pledges.JOB_MAX + 1]:
        try:
            ticked.append(UUID(given))
        except ValueError:
            continue
    if not ticked:
        return []
    wanted = reporting.GiftFilter(pledge_ids=tuple(ticked))
    return reporting.matching_gifts(viewer=actor(request), wanted=wanted, limit=pledges.JOB_MAX + 1)


def _matching(request: HttpRequest, query: str) -> list[UUID]:
    form = FilterForm(QueryDict(query), own=campaigns.managed_titles(viewer=actor(request)))
    return reporting.matching_gifts(viewer=actor(request), wanted=form.wanted(), limit=pledges.JOB_MAX + 1)
