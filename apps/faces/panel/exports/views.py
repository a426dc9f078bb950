"""Files of gifts: asked for, followed, and fetched by their owner until they are deleted."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.campaigns import interface as campaigns
from apps.platform import clock
from apps.platform.errors import Refused
from apps.reporting import interface as reporting
from apps.reporting.errors import ExportNotFound

from ..access import actor, page
from ..gifts.forms import FilterForm

TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    viewer = actor(request)
    form = FilterForm(
        request.POST if request.method == "POST" else request.GET or {}, own=campaigns.managed_titles(viewer=viewer)
    )
    if request.method == "POST":
        try:
            wanted = form.wanted()
            if form.is_valid():
                reporting.ask_for_export(by=viewer, wanted=wanted, format=request.POST.get("format", ""))
                messages.success(request, _("The file is being written. It appears below as soon as it is ready."))
                return redirect("admin:exports")
        except Refused as refused:
            messages.error(request, refused.fields[0].detail if refused.fields else refused.detail)
    found = reporting.list_exports(viewer=viewer)
    context = {
        "title": _("Exports"),
        "form": form,
        "exports": [(each, _link(each)) for each in found],
        "is_under_way": any(each.status in ("due", "running") for each in found),
    }
    return page(request, "panel/exports/index.html", context, 422 if request.method == "POST" else 200)


@require_safe
def download(request: HttpRequest, export_id: UUID) -> HttpResponse | FileResponse:
    """The file, for its owner alone, as long as it is kept."""
    found = reporting.get_export(export_id=export_id, viewer=actor(request))
    if found.status != "done" or (found.expires_at and found.expires_at < clock.now()):
        raise ExportNotFound
    path = reporting.path_of(export_id, found.format)
    if not path.is_file():
        raise ExportNotFound
    name = f"gifts-{found.created_at:%Y-%m-%d}-{export_id.hex[-6:]}.{found.format}"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=TYPES[found.format])


def _link(export: reporting.Export) -> str:
    if export.status != "done":
        return ""
    return reverse("admin:export", args=[export.id])
