"""Whether all is well, from the same figures that Prometheus reads, in words and with the way to do something about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.faces.shared.amounts import native
from apps.payments import interface as payments
from apps.platform.gauges import gauges


@dataclass(frozen=True)
class Light:
    """`tone` is good, wait or bad."""

    title: str
    value: str
    tone: str
    explain: str
    url: str


def figures() -> dict[str, dict[tuple[str, ...], float]]:
    """The gauges that the panel shows, by name and labels."""
    wanted = {
        "careforall_outbox_lag_seconds",
        "careforall_outbox_pending",
        "careforall_outbox_dead",
        "careforall_reporting_lag_seconds",
        "careforall_ledger_drift_minor",
        "careforall_provider_circuit_state",
        "careforall_provider_operations_due",
        "careforall_letters_oldest_seconds",
        "careforall_letters_kept",
        "careforall_webhooks_out",
    }
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for gauge in gauges():
        if gauge.name in wanted:
            value = gauge.ask()
            found[gauge.name] = {(): float(value)} if isinstance(value, int | float) else dict(value)
    return found


def lights(known: dict[str, Any] | None = None) -> list[Light]:
    known, here = known or figures(), reverse("admin:health")
    lag = known["careforall_outbox_lag_seconds"][()]
    behind = known["careforall_reporting_lag_seconds"][()]
    drift = known["careforall_ledger_drift_minor"][()]
    return [
        Light(
            _("Facts on their way"),
            native(_("%(seconds)d s behind") % {"seconds": lag}),
            "good" if lag < 10 else "wait" if lag < 60 else "bad",
            _("Age of the oldest fact that not everyone has heard of. Above a minute: are the workers running?"),
            f"{here}#outbox",
        ),
        Light(
            _("Lists and plots"),
            native(_("%(seconds)d s behind") % {"seconds": behind}),
            "good" if behind < 30 else "wait" if behind < 300 else "bad",
            _("Age of the oldest change to a gift that these pages do not show yet."),
            f"{here}#reports",
        ),
        Light(
            _("Totals"),
            _("in agreement") if not drift else _("%(minor)d minor units apart") % {"minor": drift},
            "good" if not drift else "bad",
            _("Campaigns' totals against their gifts, measured every minute. Any difference: run the audit."),
            f"{here}#audit",
        ),
        _letters(known, here),
        *(_circuit(provider, state, here) for (provider,), state in known["careforall_provider_circuit_state"].items()),
    ]


def _letters(known: dict[str, Any], here: str) -> Light:
    """Mail that waits, and mail that came back or could not be sent in the last weeks."""
    oldest = known["careforall_letters_oldest_seconds"][()]
    failed = int(known["careforall_letters_kept"].get(("dead",), 0))
    words = ngettext("%(n)d could not be delivered", "%(n)d could not be delivered", failed) % {"n": failed}
    return Light(
        _("Letters"),
        native(words if failed else _("%(seconds)d s behind") % {"seconds": oldest}),
        "bad" if oldest > 3600 else "wait" if failed or oldest > 600 else "good",
        _(
            "Mail of the last weeks that bounced or was refused, and the age of the oldest letter that waits to be sent."
        ),
        f"{here}#letters",
    )


def _circuit(provider: str, state: float, here: str) -> Light:
    words = {0.0: _("answers"), 1.0: _("is being tried again"), 2.0: _("is left alone for now")}
    tone = {0.0: "good", 1.0: "wait", 2.0: "bad"}
    return Light(
        _("Provider %(name)s") % {"name": provider},
        words.get(state, "?"),
        tone.get(state, "bad"),
        _("When a provider fails too often it is not called for some seconds; gifts wait and are not lost."),
        f"{here}#providers",
    )


def waiting() -> list[tuple[int, str, str]]:
    """What waits for staff, as number, words and place: findings about payments, dead deliveries, webhooks given up."""
    known = figures()
    dead = int(sum(known["careforall_outbox_dead"].values()))
    open_findings = sum(payments.open_anomalies().values())
    found = ngettext("%(n)d anomaly to decide", "%(n)d anomalies to decide", open_findings)
    given_up = ngettext("%(n)d delivery was given up", "%(n)d deliveries were given up", dead)
    unheard = int(known["careforall_webhooks_out"].get(("failed",), 0))
    lost = ngettext("%(n)d outgoing webhook was given up", "%(n)d outgoing webhooks were given up", unheard)
    return [
        (open_findings, found % {"n": open_findings}, reverse("admin:anomalies")),
        (dead, given_up % {"n": dead}, reverse("admin:dead-letters")),
        (unheard, lost % {"n": unheard}, f"{reverse('admin:health')}#webhooks-out"),
    ]
