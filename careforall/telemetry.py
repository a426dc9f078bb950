"""Traces, where OTEL_EXPORTER_OTLP_ENDPOINT says where to; nothing is imported or slowed without it.

Requests are traced by OpenTelemetry's Django instrumentation, gifts by `apps.platform.tracing`. Tasks and statements are
not: workers look for work every second, and each look would be a trace of nothing.
"""

import os
from typing import Any

# What instrumentation writes of a request that may name people or open something: searches, tracking links, machines.
_PRIVATE = (
    "http.url",
    "http.target",
    "url.full",
    "url.path",
    "url.query",
    "http.user_agent",
    "user_agent.original",
    "http.client_ip",
    "net.peer.ip",
    "client.address",
)


def start_tracing(service: str) -> None:
    """Trace this process as `service` (OTEL_SERVICE_NAME has precedence), OTEL_TRACES_SAMPLER_ARG of all (1.0 by default).

    A gift is traced in all processes or in none, since its id decides. No bodies, parameters or personal data are sent.
    """
    if not os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        return
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.instrumentation.django import DjangoInstrumentor
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
    from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

    from apps.platform import tracing

    class GiftIds(RandomIdGenerator):
        """The ids that a gift's root span is to have; random ones for everything else."""

        def generate_trace_id(self) -> int:
            forced = tracing.forced_ids.get()
            return forced[0] if forced else super().generate_trace_id()

        def generate_span_id(self) -> int:
            forced = tracing.forced_ids.get()
            return forced[1] if forced else super().generate_span_id()

    share = TraceIdRatioBased(float(os.environ.get("OTEL_TRACES_SAMPLER_ARG") or 1.0))
    provider = TracerProvider(
        resource=Resource.create({"service.name": os.environ.get("OTEL_SERVICE_NAME") or f"careforall-{service}"}),
        sampler=ParentBased(share, remote_parent_sampled=share),
        id_generator=GiftIds(),
    )
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    tracing.use(trace.get_tracer("careforall"))
    DjangoInstrumentor().instrument(request_hook=_forget_address)


def _forget_address(span: Any, request: Any) -> None:
    for name in _PRIVATE:
        if name in (getattr(span, "attributes", None) or {}):
            span.set_attribute(name, "")
