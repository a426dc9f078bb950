"""Badges and reasons for the panel's templates."""

from __future__ import annotations

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ..words import (
    ANOMALY_STATES,
    CAMPAIGN_STATES,
    EXPORT_STATES,
    GIFT_STATES,
    JOB_OUTCOMES,
    JOB_STATES,
    LEDGER_LINES,
    PAYOUT_STATES,
    REASONS,
    REFUND_STATES,
)

SPRITE = "vendor/icons/lucide.svg"
register = template.Library()
_KINDS = {
    "gift": GIFT_STATES,
    "campaign": CAMPAIGN_STATES,
    "refund": REFUND_STATES,
    "anomaly": ANOMALY_STATES,
    "export": EXPORT_STATES,
    "job": JOB_STATES,
    "outcome": JOB_OUTCOMES,
    "payout": PAYOUT_STATES,
}


@register.filter
def badge(state: str, kind: str) -> SafeString:
    """A state as a small label: `{{ gift.status|badge:"gift" }}`."""
    words, tone = _KINDS[kind].get(state, (state, "note"))
    return format_html('<span class="badge badge--{}">{}</span>', tone, words)


@register.filter
def reason(code: str) -> str:
    return str(REASONS.get(code, code.replace("-", " ").replace("_", " ")))


@register.filter
def ledger(kind: str) -> str:
    """What a line in a provider's books is: `{{ line.kind|ledger }}`."""
    return str(LEDGER_LINES.get(kind, kind))


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of the site's sprite, hidden from screen readers: say in words what it means."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', static(SPRITE), name)
