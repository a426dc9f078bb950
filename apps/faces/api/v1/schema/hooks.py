"""The schema's last step: the plain views and the refusals, from each package's own words."""

from __future__ import annotations

from typing import Any

from apps.faces.api.v1.bank.operations import OPERATIONS as BANK
from apps.faces.api.v1.payments.operations import OPERATIONS as PAYMENTS
from apps.faces.api.v1.pledges.operations import OPERATIONS as PLEDGES
from apps.faces.shared.openapi import ANYONE, NOBODY, SIGNED_IN, Refusals, describe

OPERATIONS = {**PLEDGES, **PAYMENTS, **BANK}
_CAMPAIGN = "/api/v1/campaigns/{campaign_id}"
_ENDPOINTS = "/api/v1/webhook-endpoints"
_ENDPOINT = f"{_ENDPOINTS}/{{endpoint_id}}"
_JSON = (400, 413, 415)
_MOVES = {
    (f"{_CAMPAIGN}/{move}", "post"): (400, 401, 403, 404, 409, 413, 415)
    for move in ("submission", "publication", "return", "pause", "closure")
}
# What the views that REST framework describes may refuse.
REFUSALS: Refusals = {
    ("/api/v1/auth/register", "post"): (*_JSON, 409, 429),
    ("/api/v1/auth/token", "post"): (*_JSON, 401, 429),
    ("/api/v1/auth/token/refresh", "post"): (*_JSON, 401),
    ("/api/v1/auth/token/revoke", "post"): _JSON,
    ("/api/v1/auth/me", "get"): (401, 403),
    ("/api/v1/auth/me", "patch"): (*_JSON, 401, 403),
    ("/api/v1/auth/ws-ticket", "post"): (400, 401, 403, 415),
    ("/api/v1/campaigns", "get"): (400, 401),
    ("/api/v1/campaigns", "post"): (*_JSON, 401, 403),
    (_CAMPAIGN, "get"): (401, 404),
    (_CAMPAIGN, "patch"): (*_JSON, 401, 403, 404, 409),
    (_CAMPAIGN, "delete"): (401, 403, 404, 409),
    (f"{_CAMPAIGN}/updates", "get"): (400, 401, 404),
    (f"{_CAMPAIGN}/updates", "post"): (*_JSON, 401, 403, 404, 409),
    (f"{_CAMPAIGN}/updates/{{update_id}}", "patch"): (*_JSON, 401, 403, 404),
    (f"{_CAMPAIGN}/updates/{{update_id}}", "delete"): (401, 403, 404),
    (f"{_CAMPAIGN}/cover", "put"): (400, 401, 403, 404, 413, 415),
    **_MOVES,
    (_ENDPOINTS, "get"): (401, 403),
    (_ENDPOINTS, "post"): (*_JSON, 401, 403, 409),
    (_ENDPOINT, "get"): (401, 403, 404),
    (_ENDPOINT, "patch"): (*_JSON, 401, 403, 404, 409),
    (_ENDPOINT, "delete"): (401, 403, 404),
    (f"{_ENDPOINT}/deliveries", "get"): (400, 401, 403, 404),
    (f"{_ENDPOINT}/pings", "post"): (400, 401, 403, 404, 409, 415, 429),
    (f"{_ENDPOINT}/replays", "post"): (*_JSON, 401, 403, 404, 409, 429),
    (f"{_ENDPOINT}/secrets", "post"): (400, 401, 403, 404, 409, 415),
}
_OPEN = {"/api/v1/auth/register", "/api/v1/auth/token", "/api/v1/auth/token/refresh", "/api/v1/auth/token/revoke"}
_READABLE = {"/api/v1/campaigns", _CAMPAIGN, f"{_CAMPAIGN}/updates"}


def complete(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """drf-spectacular's post-processing hook."""
    for path, methods in result["paths"].items():
        for method, operation in methods.items():
            if path in _OPEN:
                operation["security"] = NOBODY
            else:
                operation["security"] = ANYONE if path in _READABLE and method == "get" else SIGNED_IN
    if _CAMPAIGN in result["paths"]:
        result["paths"][_CAMPAIGN]["get"]["responses"]["304"] = {"description": "Not changed since the ETag given."}
    return describe(result, OPERATIONS, REFUSALS)
