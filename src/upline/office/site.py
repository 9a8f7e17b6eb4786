"""The office as a whole: who gets in, and what the menu lists."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone

from upline.base.speaking import spoken
from upline.books import invariants
from upline.company import current as company
from upline.company.queries import NotFounded, load_company
from upline.flows import checking, office_door
from upline.flows.permissions import Right, may
from upline.language import choosing, gettext, lazy
from upline.markets import current as markets
from upline.members.queries import language_of
from upline.office import account
from upline.office.asking import unit_of
from upline.office.desk import Desk
from upline.office.first_page import tiles
from upline.office.runs_in_progress import in_progress
from upline.office.search_page import found
from upline.office.searching import typed
from upline.office.signing_in import CodePage, ForgotPage, PasswordPage, look_at_session

View = Callable[..., HttpResponseBase]
_MENU = (
    (
        lazy("People"),
        (
            ("members.member", lazy("Members")),
            ("genealogy.position", lazy("Waiting for a place")),
            ("kyc.kycreview", lazy("KYC reviews")),
        ),
    ),
    (
        lazy("Sales"),
        (
            ("orders.order", lazy("Orders")),
            ("orders.refundtosend", lazy("Refunds to send")),
            ("payments.surplus", lazy("Surplus payments")),
            ("payments.paymentevent", lazy("Payment events")),
            ("catalog.package", lazy("Packages")),
            ("markets.market", lazy("Markets")),
        ),
    ),
    (
        lazy("Money"),
        (
            ("commissions.run", lazy("Commission runs")),
            ("wallet.transfer", lazy("Wallet ledger")),
            ("wallet.account", lazy("Company books")),
            ("payouts.payout", lazy("Payouts")),
            ("payouts.batch", lazy("Payout batches")),
            ("epins.epin", lazy("E-pins")),
            ("epins.epinbatch", lazy("E-pin batches")),
        ),
    ),
    (
        lazy("Company"),
        (
            ("company.company", lazy("Settings")),
            ("members.stepasked", lazy("Steps to confirm")),
            ("company.apiclient", lazy("API keys")),
            ("payments.providersecret", lazy("Provider secrets")),
            ("mailings.mail", lazy("Sent mail")),
            ("procrastinate.procrastinatejob", lazy("Jobs")),
            ("events.event", lazy("Events")),
            ("base.auditentry", lazy("Audit log")),
            ("members.user", lazy("Staff")),
            ("auth.group", lazy("Roles")),
        ),
    ),
)


def at_the_desk(view: View) -> View:
    """Inside, one version of the company's settings holds, clocks show its time zone, and all is
    said in the language of whoever is signed in; what is refused or missing is a page of the
    office."""

    def inner(request: HttpRequest, *args: Any, **more: Any) -> HttpResponseBase:
        try:
            facts = load_company()
        except NotFounded as error:
            return HttpResponse(str(error), status=503, content_type="text/plain")
        with company.bound(facts), timezone.override(facts.time_zone):
            look_at_session(request)
            with spoken(_language(request)):
                return _answer(view, request, *args, **more)

    return update_wrapper(inner, view)


def _language(request: HttpRequest) -> str:
    """Before somebody signs in, that of the home market."""
    if request.user.pk is not None:
        return language_of(request.user.pk)
    return choosing.first_of(markets.home().language) or "en"


def _answer(view: View, request: HttpRequest, *args: Any, **more: Any) -> HttpResponseBase:
    try:
        response = view(request, *args, **more)
        return response.render() if isinstance(response, TemplateResponse) else response
    except PermissionDenied:
        return _refused(
            request, 403, gettext("You do not have permission to do this. Ask an owner for it.")
        )
    except Http404:
        return _refused(request, 404, gettext("Not found."))


def _refused(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": sentence}
    return render(request, "office/refused.html", context, status=status)


class Office(admin.AdminSite):
    """Django's admin site with our door, menu and first page."""

    index_title = lazy("Today")
    enable_nav_sidebar = True
    site_url = None

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only our own desks: Django's and the queue's own pages would edit in place."""
        if admin_class is not None and issubclass(admin_class, Desk):
            super().register(model_or_iterable, admin_class, **options)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        name = company.current().name
        return super().each_context(request) | {
            "site_header": name,
            "site_title": gettext("{company} office", company=name),
        }

    def admin_view(self, view: View, cacheable: bool = False) -> View:  # type: ignore[override]
        return at_the_desk(super().admin_view(_second_factor_first(view), cacheable))

    def login(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return self._door(PasswordPage.as_view())(request)

    def _door(self, page: Callable[..., HttpResponseBase]) -> View:
        """A page for whoever is not inside."""

        def view(request: HttpRequest) -> HttpResponseBase:
            if request.method == "GET" and self.has_permission(request):
                return redirect("admin:index")
            request.current_app = self.name
            return page(request)

        return at_the_desk(view)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        context = self.each_context(request) | (extra_context or {})
        return account.ChangeOwnPassword.as_view(extra_context=context)(request)

    def get_urls(self) -> list[Any]:
        return [
            path("login/code/", self._door(CodePage.as_view()), name="login_code"),
            path("login/forgot/", self._door(ForgotPage.as_view()), name="login_forgot"),
            path("verify/", self.admin_view(self.verify), name="verify"),
            *account.pages(self.admin_view),
            path("search/", self.admin_view(self.search), name="search"),
            *super().get_urls(),
        ]

    def get_log_entries(self, request: HttpRequest) -> Any:
        """Django's own log is not written: the audit log is."""
        return None

    # --- The menu ------------------------------------------------------------------------

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The menu: what this staff user may see, in our order and words."""
        seen = {
            f"{app}.{each['object_name'].lower()}": each
            for app, shelf in self._build_app_dict(request).items()
            for each in shelf["models"]
        }
        groups = [
            {
                "name": name,
                "models": [
                    {**seen[key], "name": label, "add_url": None}
                    for key, label in entries
                    if key in seen
                ],
            }
            for name, entries in _MENU
        ]
        return [group for group in groups if group["models"]]

    def app_index(self, request: HttpRequest, app_label: str, extra_context: Any = None) -> Any:
        return redirect("admin:index")

    # --- The first page ------------------------------------------------------------------

    def index(self, request: HttpRequest, extra_context: Any = None) -> Any:
        may_see = request.user.has_perm(Right.VIEW_RUNS)
        return super().index(
            request,
            {
                "tiles": tiles(request),
                "runs": in_progress() if may_see else None,
                "may_verify": _may_verify(request),
            },
        )

    def search(self, request: HttpRequest) -> HttpResponse:
        """Everything that identifies somebody or something, in one box."""
        context = _search_page(request, typed(request.GET.get("q", "")))
        return TemplateResponse(request, "office/search.html", self.each_context(request) | context)

    def verify(self, request: HttpRequest) -> HttpResponse:
        """The button "Check the books"."""
        if request.method != "POST":
            return redirect("admin:index")
        if not _may_verify(request):
            raise PermissionDenied
        broken = checking.verify(unit_of(request))
        results = [(each.promise, broken.get(each.promise, [])) for each in invariants.ALL]
        context = {"title": gettext("Check of the books"), "results": results, "broken": broken}
        return TemplateResponse(
            request, "office/verified.html", self.each_context(request) | context
        )


# What somebody sees who still has to set a second factor up.
_BEFORE_SECOND_FACTOR = {"second_factor", "second_factor_begin", "confirm", "logout"}


def _second_factor_first(view: View) -> View:
    """Where the office wants a second factor, one without it sees nothing else before."""

    def inner(request: HttpRequest, *args: Any, **more: Any) -> HttpResponseBase:
        match = request.resolver_match
        is_open = match is not None and match.url_name in _BEFORE_SECOND_FACTOR
        if not is_open and office_door.must_set_up_second_factor(request.user.pk or 0):
            return redirect("admin:second_factor")
        return view(request, *args, **more)

    return update_wrapper(inner, view)


def _search_page(request: HttpRequest, said: str) -> dict[str, Any]:
    desks = {model: desk for model, desk in admin.site._registry.items() if isinstance(desk, Desk)}
    blocks = found(request, desks, said) if said else []
    title = gettext("Search for “{said}”", said=said) if said else gettext("Search")
    return {"title": title, "said": said, "blocks": blocks}


def _may_verify(request: HttpRequest) -> bool:
    return may(request.user, checking.verify)
