"""The search for an owner: by name, logged before it is answered, and never in a link."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from dash import dcc, html
from dash.dependencies import Input, Output, State
from dash.development.base_component import Component

from dashboard.auth import signed_in
from dashboard.components import button, panel
from dashboard.components.native import text_input
from dashboard.deps import Deps
from dashboard.formatting import format_number
from dashboard.i18n import code_label, ngettext
from dashboard.i18n import gettext as _
from dashboard.pages.eigentum import ids
from dashboard.routes import href
from dashboard.wiring import Wiring
from geodata.errors import InvalidEdit
from geodata.owner_holdings import LEAST_LETTERS, MOST_FOUND, MOST_LETTERS, OwnerFound, search_owners
from geodata.owners import PERMISSION

# A search is logged, so it begins with Enter, with the button or on leaving the field, and never while one types.
_NEVER_MS = 600_000


def search_panel(as_of: date, query_as_of: str | None) -> Component:
    """The field with its answer."""
    field = text_input(ids.WORDS, _("Name of the owner"), kind="search", delay_ms=_NEVER_MS)
    row = html.Div([field, button(_("Search"), symbol="search")], className="eigentum-search", role="search")
    hint = _("At least %(count)s letters. Is logged: who searched and when, not for whom.", count=LEAST_LETTERS)
    about = dcc.Store(id=ids.DATE, data={"as_of": as_of.isoformat(), "query": query_as_of})
    answer = html.Div(id=ids.FOUND, className="eigentum-found", **{"aria-live": "polite"})
    return panel(_("All objects of one owner"), [row, html.P(hint, className="quiet"), about, answer])


def register(wiring: Wiring) -> None:
    """The one callback that searches."""

    @wiring.callback(
        Output(ids.FOUND, "children"),
        {"words": Input(ids.WORDS, "value")},
        {"about": State(ids.DATE, "data")},
        permission=PERMISSION,
        prevent_initial_call=True,
    )
    def show(words: Any, about: Any) -> Any:
        return answer(wiring.deps, words, about)


def answer(deps: Deps, words: Any, about: Any) -> list[Component]:
    """The owners found as links, or why there are none."""
    wanted = words if isinstance(words, str) else ""
    if not wanted.strip():
        return []
    as_of, kept = _read_about(about)
    try:
        found = search_owners(deps.access, signed_in().scope, wanted, as_of)
    except InvalidEdit as problem:
        return [html.P(_refused(problem), className="quiet")]
    logged = html.P(_("This search was logged."), className="quiet")
    if not found:
        return [html.P(_("No owner of this name is known.")), logged]
    more = [html.P(_("Only the first %(count)s. Enter more letters.", count=MOST_FOUND), className="quiet")]
    return [found_list(found, kept), *(more if len(found) == MOST_FOUND else []), logged]


def _refused(problem: InvalidEdit) -> str:
    if problem.fields.get("words") == "too_long":
        return _("At most %(count)s letters.", count=MOST_LETTERS)
    return _("Please enter at least %(count)s letters.", count=LEAST_LETTERS)


def found_list(found: Sequence[OwnerFound], kept: str | None) -> Component:
    """Each owner with its kind, its address for service and how many objects it has."""
    return html.Ul([html.Li(_entry(one, kept)) for one in found], className="eigentum-list")


def _entry(one: OwnerFound, kept: str | None) -> list[Component]:
    query = {"owner": one.number, "as_of": kept}
    count = ngettext("%(count)s object", "%(count)s objects", one.properties, count=format_number(one.properties))
    words = " · ".join(part for part in (code_label("ownership_form", one.kind), one.address or "", count) if part)
    return [
        html.A(one.name or _("without a name"), href=href("/eigentum", query), className="qm-link"),
        html.Div(words, className="quiet"),
    ]


def _read_about(about: Any) -> tuple[date, str | None]:
    given = about if isinstance(about, dict) else {}
    day, kept = given.get("as_of"), given.get("query")
    try:
        as_of = date.fromisoformat(day if isinstance(day, str) else "")
    except ValueError:
        as_of = signed_in().default_as_of
    return as_of, as_of.isoformat() if isinstance(kept, str) else None
