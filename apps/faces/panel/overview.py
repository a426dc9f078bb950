"""The first page: what needs somebody, money today against before, and whether all is well. Every number leads to its list."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.campaigns import interface as campaigns
from apps.chat import interface as chat
from apps.faces.shared.amounts import day as shown_day
from apps.faces.shared.amounts import money, native
from apps.faces.shared.amounts import number as shown_number
from apps.payouts import interface as payouts
from apps.platform.actors import Actor
from apps.pledges import interface as pledges
from apps.reporting import interface as reporting

from . import health
from .access import actor, page
from .plots import Bar, bars

RANGES, USUAL, LONGEST = (7, 30, 90, 365), 30, 731


class RangeForm(forms.Form):
    """Which days: so many until today, or from one to another. What cannot be used is said, and the usual days are shown."""

    since = forms.DateField(label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=gettext_lazy("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    days = forms.ChoiceField(required=False, choices=[(each, each) for each in RANGES])

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and not 0 <= (until - since).days < LONGEST:
            self.add_error("until", _("Choose a day after the first, within two years."))
        return given

    def wanted(self, today: date) -> tuple[date, date]:
        """The first and the last day."""
        given = self.cleaned_data if self.is_bound and self.is_valid() else {}
        until = given.get("until") or today
        days = int(given.get("days") or USUAL)
        since = given.get("since") or until - timedelta(days=days - 1)
        return max(min(since, until), until - timedelta(days=LONGEST - 1)), until


@dataclass(frozen=True)
class Task:
    """Something that waits for a person: how many, in words, and where."""

    count: int
    words: str
    url: str
    tone: str = "wait"


@dataclass(frozen=True)
class Tile:
    """One figure: `change` against the time before, in words, and whether more is better."""

    title: str
    value: str
    change: str
    url: str
    tone: str = ""


def overview(request: HttpRequest) -> HttpResponse:
    viewer = actor(request)
    form = RangeForm(request.GET or None)
    today = reporting.today()
    since, until = form.wanted(today)
    days = (until - since).days + 1
    sections = money_section(viewer, since, until)
    context = {
        "title": _("Overview"),
        "tasks": [replace(task, words=native(task.words)) for task in tasks(viewer) if task.count],
        "ranges": [(each, until == today and each == days) for each in RANGES],
        "form": form,
        "days": (shown_day(since), shown_day(until)),
        "zone": settings.REPORTS_TIME_ZONE,
        "money": sections,
        "hours": _hours(viewer, sections[0].currency) if sections else None,
        "top": _top(viewer, since, until),
        "health": health.lights() if viewer.is_staff else [],
        "has_campaigns": bool(campaigns.count_by_status(viewer=viewer)),
    }
    return page(request, "panel/overview.html", context)


def tasks(viewer: Actor) -> list[Task]:
    """What needs this person, most urgent first."""
    list_url = reverse("admin:campaigns")
    drafts = campaigns.count_by_status(viewer=viewer)
    found = []
    if viewer.is_staff:
        found += [Task(number, words, url, "bad") for number, words, url in health.waiting()]
        number = drafts.get("in_review", 0)
        words = ngettext("%(number)d campaign waits for review", "%(number)d campaigns wait for review", number)
        found.append(Task(number, words % {"number": number}, f"{list_url}?status=in_review"))
    else:
        number = drafts.get("draft", 0)
        words = ngettext("%(number)d draft to finish", "%(number)d drafts to finish", number)
        found.append(Task(number, words % {"number": number}, f"{list_url}?status=draft", "note"))
    number = len(pledges.awaiting_refunds(viewer=viewer))
    words = ngettext("%(n)d refund waits for a second person", "%(n)d refunds wait for a second person", number)
    found.append(Task(number, words % {"n": number}, reverse("admin:refunds")))
    found += _of_payouts(viewer)
    found += _of_conversations(viewer)
    number = reporting.stuck_gifts(viewer=viewer)
    words = ngettext("%(number)d gift has no answer for an hour", "%(number)d gifts have no answer for an hour", number)
    found.append(Task(number, words % {"number": number}, f"{reverse('admin:gifts')}?status=pending", "bad"))
    standing = reporting.funnel(viewer=viewer)
    number = sum(each.authorized for each in standing)
    words = ngettext("%(number)d gift waits for its capture", "%(number)d gifts wait for their capture", number)
    found.append(Task(number, words % {"number": number}, f"{reverse('admin:gifts')}?status=authorized"))
    return found


def _of_payouts(viewer: Actor) -> list[Task]:
    """Payouts to decide, refused ones, and campaigns that gave back more than they have left since they were paid out."""
    url, found = reverse("admin:payouts"), []
    if viewer.is_staff:
        number = payouts.count_requested()
        words = ngettext("%(n)d payout waits for approval", "%(n)d payouts wait for approval", number)
        found.append(Task(number, words % {"n": number}, f"{url}?status=requested"))
    number = payouts.count_failed(viewer=viewer)
    words = ngettext("%(n)d payout was refused by the bank", "%(n)d payouts were refused by the bank", number)
    found.append(Task(number, words % {"n": number}, f"{url}?status=failed", "bad"))
    for each in payouts.owing(viewer=viewer):
        words = _("A campaign owes %(amount)s: gifts went back after it was paid out")
        amount = money(-each.available, each.currency)
        found.append(
            Task(1, words % {"amount": amount}, reverse("admin:campaign-payouts", args=[each.campaign_id]), "bad")
        )
    return found


def _of_conversations(viewer: Actor) -> list[Task]:
    """Reported messages, each campaign's at its own desk."""
    reported = chat.reported_messages(viewer=viewer)
    known = campaigns.get_campaigns(campaign_ids=reported) if reported else {}
    found = []
    for campaign_id, number in reported.items():
        words = ngettext("%(n)d message was reported: %(title)s", "%(n)d messages were reported: %(title)s", number)
        title, slug = known[campaign_id].title, known[campaign_id].slug
        found.append(Task(number, words % {"n": number, "title": title}, reverse("site:chat-desk", args=[slug])))
    return found


@dataclass(frozen=True)
class Section:
    """Money in one currency over a stretch of days, ready to be shown."""

    currency: str
    tiles: list[Tile]
    plot: SafeString
    rows: list[dict[str, Any]]
    funnel: list[dict[str, Any]]


def money_section(viewer: Actor, since: date, until: date, campaign_id: Any = None) -> list[Section]:
    """A section per currency in which something was promised; two queries."""
    periods = reporting.money_by_day(viewer=viewer, since=since, until=until, campaign_id=campaign_id)
    funnels = {each.currency: each for each in reporting.funnel(viewer=viewer, campaign_id=campaign_id)}
    return [_section(each, funnels.get(each.currency), campaign_id) for each in periods]


def _section(period: reporting.Period, funnel: reporting.Funnel | None, campaign_id: Any) -> Section:
    currency, total, before = period.currency, period.total, period.before
    asked = {"since": period.days[0].day.isoformat(), "until": period.days[-1].day.isoformat()}
    if campaign_id:
        asked["campaign"] = str(campaign_id)
    url = f"{reverse('admin:gifts')}?{urlencode(asked)}"
    today, yesterday = period.days[-1], period.days[-2] if len(period.days) > 1 else before
    tiles = [
        Tile(
            _("Captured today") if today.day == reporting.today() else _("Captured on the last day"),
            money(today.captured_amount, currency),
            _compared(today.captured_amount, yesterday.captured_amount, _("the day before")),
            f"{reverse('admin:gifts')}?{urlencode(asked | {'since': asked['until']})}",
        ),
        Tile(
            _("Captured in these days"),
            money(total.captured_amount, currency),
            _compared(total.captured_amount, before.captured_amount, _("the days before")),
            url,
        ),
        Tile(_("Gifts"), shown_number(total.gifts), _compared(total.gifts, before.gifts, _("the days before")), url),
        Tile(
            _("Average gift"),
            money(total.captured_amount // total.gifts, currency) if total.gifts else "–",
            "",
            url,
        ),
        Tile(_("Given back"), money(total.refunded_amount, currency), "", f"{url}&status=refunded"),
    ]
    points = [
        Bar(shown_day(each.day), each.captured_amount, money(each.captured_amount, currency)) for each in period.days
    ]
    rows = [
        {
            "day": shown_day(each.day),
            "gifts": each.gifts,
            "captured": money(each.captured_amount, currency),
            "refunded": money(each.refunded_amount, currency),
            "pledges": each.pledges,
            "failed": each.failed,
        }
        for each in reversed(period.days)
        if each.pledges or each.gifts
    ]
    title = _("Captured per day, %(total)s in all") % {"total": money(total.captured_amount, currency)}
    return Section(currency, tiles, bars(points, title=title), rows, _steps(funnel, campaign_id))


def _steps(funnel: reporting.Funnel | None, campaign_id: Any) -> list[dict[str, Any]]:
    """From promise to money, as shares of all promises."""
    if funnel is None or not funnel.pledges:
        return []
    stations = [
        (_("Promised"), funnel.pledges, ""),
        (_("Waiting for the provider"), funnel.pending, "pending"),
        (_("Waiting for capture"), funnel.authorized, "authorized"),
        (_("Captured"), funnel.captured, "captured"),
        (_("Failed"), funnel.failed, "failed"),
        (_("Given back wholly"), funnel.refunded, "refunded"),
    ]
    of = {"campaign": str(campaign_id)} if campaign_id else {}
    return [
        {
            "title": title,
            "count": count,
            "percent": round(count * 100 / funnel.pledges),
            "url": f"{reverse('admin:gifts')}?{urlencode(of | ({'status': status} if status else {}))}",
        }
        for title, count, status in stations
    ]


@dataclass(frozen=True)
class Hours:
    """Today, hour by hour, as a plot and as rows."""

    plot: SafeString
    rows: list[dict[str, Any]]


def _hours(viewer: Actor, currency: str) -> Hours:
    hours = reporting.hours_of_today(viewer=viewer, currency=currency)
    points = [
        Bar(native(f"{each.hour:02}:00"), each.captured_amount, money(each.captured_amount, currency)) for each in hours
    ]
    total = money(sum(each.captured_amount for each in hours), currency)
    rows = [
        {"hour": point.label, "gifts": each.gifts, "captured": point.shown}
        for point, each in zip(points, hours, strict=True)
        if each.gifts
    ]
    return Hours(bars(points, title=_("Captured today by hour, %(total)s in all") % {"total": total}), rows)


def _top(viewer: Actor, since: date, until: date) -> list[dict[str, Any]]:
    found = reporting.top_campaigns(viewer=viewer, since=since, until=until)
    known = campaigns.get_campaigns(campaign_ids=[each.campaign_id for each in found]) if found else {}
    most = max((each.captured_amount for each in found), default=1) or 1
    return [
        {
            "title": known[each.campaign_id].title,
            "url": reverse("admin:campaign", args=[each.campaign_id]),
            "amount": money(each.captured_amount, each.currency),
            "gifts": each.gifts,
            "percent": round(each.captured_amount * 100 / most),
        }
        for each in found
        if each.campaign_id in known
    ]


def _compared(now: int, before: int, with_what: str) -> str:
    if not before:
        return _("nothing %(when)s") % {"when": with_what} if now else ""
    percent = round((now - before) * 100 / before)
    sign = "+" if percent >= 0 else "−"
    words = _("%(sign)s%(percent)d %% against %(when)s")
    return native(words % {"sign": sign, "percent": abs(percent), "when": with_what})
