"""The panel as a site of Django's admin: our own screens first, then the records that contexts register."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, reverse
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite

from apps.platform.errors import Forbidden

from . import access, navigation

NOT_OURS = ("search", "password_change", "password_change_done", "app_list", "autocomplete", "jsi18n", "view_on_site")


class PanelSite(UnfoldAdminSite):
    site_title = site_header = "CareForAll"  # type: ignore[assignment]
    index_title = _("Overview")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return access.may_enter(request)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Every screen, also those of the admin itself, asks for the second factor where it is required."""
        return super().admin_view(access.with_second_factor(view), cacheable)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The site's own sign-in; whoever is signed in already lacks the role."""
        goal = request.GET.get("next") or reverse("admin:index")
        if access.actor(request).is_anonymous:
            return redirect_to_login(goal, str(settings.LOGIN_URL))
        return access.refusal(request, Forbidden(str(_("The panel is for campaign managers and staff."))))

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Ends the session, which is the site's; a link alone does not."""
        if request.method == "POST":
            logout(request)
        return redirect("site:home")

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """What the frame shows. Unfold's own context is for its own frame, which is not used."""
        return {
            "site_title": self.site_title,
            "site_header": self.site_header,
            "has_permission": self.has_permission(request),
            "navigation": navigation.sections(request) if self.has_permission(request) else [],
            "languages": navigation.languages(request),
            "is_popup": False,
            "is_nav_sidebar_enabled": False,
        }

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        from .overview import overview

        return overview(request)

    def get_urls(self) -> list[URLPattern | URLResolver]:  # type: ignore[override]
        """Accounts, sign-out and passwords are the site's business; the generic search would look past the contexts."""
        from .urls import screens

        kept = [each for each in super().get_urls() if getattr(each, "name", None) not in NOT_OURS]
        return [*screens(self.admin_view), *kept]

    def catch_all_view(self, request: HttpRequest, url: str) -> HttpResponse:
        return access.page(request, "panel/refused.html", {"title": _("There is nothing here.")}, 404)
