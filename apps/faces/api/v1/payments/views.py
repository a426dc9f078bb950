from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from apps.faces.shared.jsonio import json_response, read_body
from apps.faces.shared.problems import handled
from apps.payments import interface as payments

_STATUS = {payments.Receipt.STORED: 202, payments.Receipt.ALREADY: 200}


@csrf_exempt
@require_POST
@handled
def receive(request: HttpRequest, provider: str) -> HttpResponse:
    """Let a provider's webhook in: verified and stored, nothing else."""
    receipt = payments.receive_webhook(provider=provider, headers=request.headers, body=read_body(request))
    return json_response({"status": receipt.value}, status=_STATUS[receipt])
