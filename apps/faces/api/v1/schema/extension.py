"""Tells drf-spectacular of our header; what each operation asks for is said in hooks.py."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from apps.faces.shared.openapi import SECURITY_SCHEMES


class HeaderScheme(OpenApiAuthenticationExtension):
    target_class = "apps.faces.shared.auth.HeaderAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return dict(SECURITY_SCHEMES["bearer"])
