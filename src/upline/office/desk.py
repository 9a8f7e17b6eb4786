"""The base of all the office's pages: a list, a page for each thing, and buttons. Nothing is
edited in place: Django's own add, change and delete forms do not exist here."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_safe

from upline.base.errors import IdempotencyKeyReused, Refusal
from upline.base.unit import Replayed
from upline.flows.second_person import NotConfirmed
from upline.language import gettext, lazy
from upline.office.asking import unit_of
from upline.office.buttons import Block, Button, ButtonForm, Shown
from upline.office.carried import mark_of, was_previewed
from upline.office.searching import hint_of, matching, typed
from upline.office.signing import Signing
from upline.office.signing_in import confirmed
from upline.screens.shown import NOTHING, status_word

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Any]
else:
    _Admin = admin.ModelAdmin

PER_PAGE = 50


class ByDay(admin.DateFieldListFilter):
    """Any date, today, the last seven days, this month, this year."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.title = gettext("day")


class ByStatus(admin.ChoicesFieldListFilter):
    """Any status, or one of them in the office's words."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.title = gettext("status")

    def choices(self, changelist: Any) -> Any:
        for choice in super().choices(changelist):
            yield choice | {"display": status_word(str(choice["display"]))}


class Desk(_Admin):
    """`plural` is what the list is called; `nothing` is said where it is empty; `buttons` are
    pressed on a thing, `list_buttons` on the list as a whole."""

    plural: ClassVar[str] = ""
    nothing: ClassVar[str] = lazy("There is nothing here yet.")
    buttons: ClassVar[Sequence[Button]] = ()
    list_buttons: ClassVar[Sequence[Button]] = ()
    actions: Any = None
    list_per_page = PER_PAGE
    list_max_show_all = PER_PAGE
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    change_list_template = "office/list.html"
    empty_value_display = NOTHING

    # --- What each kind of thing says ----------------------------------------------------

    def heading(self, thing: Any) -> str:
        """The title of a thing's page."""
        return str(thing)

    def blocks(self, request: HttpRequest, thing: Any) -> Sequence[Block]:
        """What a thing's page shows."""
        raise NotImplementedError

    # --- Searching -----------------------------------------------------------------------

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """Django shows the search box where there are some."""
        return ("pk",) if hint_of(self.model) else tuple(super().get_search_fields(request))

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        found = super().get_changelist_instance(request)
        found.search_help_text = hint_of(self.model) or found.search_help_text
        return found

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        said = typed(search_term)
        if not (said and hint_of(self.model)):
            return super().get_search_results(request, queryset, said)
        return queryset.filter(matching(self.model, said)), False

    # --- Nothing is edited in place ------------------------------------------------------

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    # --- Pages ---------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        return [
            path("", self._guarded(self.changelist_view), name=self._name("changelist")),
            *(
                path(
                    f"{button.name}/",
                    self._guarded(self._on_list(button)),
                    name=self._name(button.name),
                )
                for button in self.list_buttons
            ),
            path(
                "<int:pk>/",
                self._guarded(require_safe(self.thing_view)),
                name=self._name("change"),
            ),
            *(
                path(
                    f"<int:pk>/{button.name}/",
                    self._guarded(self._on_thing(button)),
                    name=self._name(button.name),
                )
                for button in self.buttons
            ),
        ]

    def _guarded(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        return self.admin_site.admin_view(view)

    def _name(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def address(self, page: str, *args: Any) -> str:
        return reverse(f"admin:{self._name(page)}", args=args)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if any("\0" in value for _, values in request.GET.lists() for value in values):
            return redirect(self.address("changelist"))  # no row of the database holds it
        pressable = [button for button in self.list_buttons if button.allowed(request)]
        context = {
            "title": self.plural,
            "subtitle": None,
            "buttons": [(each, self.address(each.name)) for each in pressable],
        }
        return super().changelist_view(request, context | (extra_context or {}))

    def thing_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        thing = self._find(request, pk)
        pressable = [each for each in self.buttons if each.allowed(request) and each.fits(thing)]
        main = [each for each in pressable if each.main]
        return self.page(
            request,
            "office/thing.html",
            title=self.heading(thing),
            blocks=self.blocks(request, thing),
            buttons=[(each, self.address(each.name, pk)) for each in pressable],
            main=main[-1] if main else None,
        )

    def page(self, request: HttpRequest, template: str, **context: Any) -> HttpResponse:
        """A page of the office within this list."""
        request.current_app = self.admin_site.name
        above = {"list_title": self.plural, "list_address": self.address("changelist")}
        return TemplateResponse(
            request, template, self.admin_site.each_context(request) | above | context
        )

    def _find(self, request: HttpRequest, pk: int) -> Any:
        if not self.has_view_permission(request):
            raise PermissionDenied
        thing = self.get_queryset(request).filter(pk=pk).first()
        if thing is None:
            raise Http404
        return thing

    # --- Buttons -------------------------------------------------------------------------

    def _on_list(self, button: Button) -> Callable[..., HttpResponse]:
        def view(request: HttpRequest) -> HttpResponse:
            if not self.has_view_permission(request):
                raise PermissionDenied
            return self._press(request, button, None, self.address("changelist"))

        return view

    def _on_thing(self, button: Button) -> Callable[..., HttpResponse]:
        def view(request: HttpRequest, pk: int) -> HttpResponse:
            thing = self._find(request, pk)
            return self._press(request, button, thing, self.address("change", pk))

        return view

    def _press(self, request: HttpRequest, button: Button, thing: Any, home: str) -> HttpResponse:
        if not button.allowed(request):
            raise PermissionDenied
        if button.confirms and (leads := confirmed(request)):
            return leads
        if request.method != "POST":
            form = button.form(thing, initial=dict(button.initial(thing)))
            return self._ask(request, button, thing, form, home, Signing(request))
        form, signing = button.form(thing, request.POST, request.FILES), Signing(request)
        if form.is_valid():
            done = self._act(request, button, thing, form, home, signing)
            if done is not None:
                return done
        return self._ask(request, button, thing, form, home, signing)

    def _act(
        self,
        request: HttpRequest,
        button: Button,
        thing: Any,
        form: ButtonForm,
        home: str,
        signing: Signing,
    ) -> HttpResponse | None:
        """Do it. None where it was refused, or has to be previewed first: then the form says so."""
        unit = unit_of(request, once=button.once)
        try:
            unit.replay()
            if not _may_go_ahead(request, button, thing, form):
                return None
            if not signing.is_done(unit):
                return None
            outcome = button.act(unit, thing, form.cleaned_data)
        except Replayed:
            messages.info(request, gettext("This was already done. It was not done a second time."))
            return redirect(home)
        except IdempotencyKeyReused:
            form.start_anew()
            return None
        except NotConfirmed as refusal:
            signing.ask(refusal)
            return None
        except Refusal as refusal:
            form.refuse(refusal)
            return None
        if isinstance(outcome, HttpResponse):
            return outcome
        if isinstance(outcome, Shown):
            return self._show(request, thing, outcome)
        messages.success(request, outcome)
        is_gone = thing is not None and not self.model._base_manager.filter(pk=thing.pk).exists()
        return redirect(self.address("changelist") if is_gone else home)

    def _show(self, request: HttpRequest, thing: Any, shown: Shown) -> HttpResponse:
        return self.page(
            request,
            "office/thing.html",
            title=shown.title,
            blocks=shown.blocks,
            says=shown.says,
            then=shown.then,
            **self._above(thing),
        )

    def _ask(
        self,
        request: HttpRequest,
        button: Button,
        thing: Any,
        form: ButtonForm,
        home: str,
        signing: Signing,
    ) -> HttpResponse:
        preview = self._preview(request, button, thing, form)
        must_preview = button.is_previewed and preview is None
        if button.by_second(thing) and not must_preview:
            signing.ask()
        return self.page(
            request,
            "office/press.html",
            title=button.label,
            button=button,
            form=form,
            home=home,
            preview=preview,
            previewed=mark_of(request, preview) if preview else "",
            must_preview=must_preview,
            signing=signing,
            may_preview=button.previews_only_asked,
            **self._above(thing),
        )

    def _preview(
        self, request: HttpRequest, button: Button, thing: Any, form: ButtonForm
    ) -> Block | None:
        """What would be done, as soon as nothing more has to be filled in."""
        is_complete = form.is_valid() if form.is_bound else not form.visible_fields()
        if not button.is_previewed or not is_complete:
            return None
        try:
            return button.look(request, thing, form.cleaned_data if form.is_bound else {})
        except Refusal as refusal:
            if form.is_bound:
                form.refuse(refusal)
            return None

    def _above(self, thing: Any) -> dict[str, Any]:
        if thing is None:
            return {}
        return {
            "thing_title": self.heading(thing),
            "thing_address": self.address("change", thing.pk),
        }


def _may_go_ahead(request: HttpRequest, button: Button, thing: Any, form: ButtonForm) -> bool:
    """Whether the sender has seen what it does, where a preview comes first."""
    if not button.is_previewed or (button.previews_only_asked and "preview" not in request.POST):
        return True
    return was_previewed(request, button.look(request, thing, form.cleaned_data))
