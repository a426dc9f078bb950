from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from apps.faces.shared.jsonio import json_response, read_body
from apps.faces.shared.methods import by_method
from apps.payments import interface as payments

_STATUS = {payments.Receipt.STORED: 202, payments.Receipt.ALREADY: 200}


def take_in(request: HttpRequest, provider: str) -> HttpResponse:
    """Let a provider's webhook in: verified and stored, nothing else."""
    receipt = payments.receive_webhook(provider=provider, headers=request.headers, body=read_body(request))
    return json_response({"status": receipt.value}, status=_STATUS[receipt])


receive = by_method(post=take_in)
