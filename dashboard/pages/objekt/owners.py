"""The panel of the ownership: the kind for everybody who may see the property, the owners themselves on request.

Nothing of an owner is on the page until somebody with `owner:read` asks for it, because each reading is logged. A
neighbourhood office that a contractor runs has no panel at all.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from dash import dcc, html
from dash.dependencies import Input, Output, State
from dash.development.base_component import Component

from dashboard.auth import signed_in
from dashboard.components import badge, button, facts, panel
from dashboard.deps import Deps
from dashboard.formatting import MISSING, format_date
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.pages.objekt import ids
from dashboard.wiring import Wiring
from geodata.access import Scope
from geodata.owners import PERMISSION, Owner, read_owners

_SHAPES = {"certain": "circle", "likely": "triangle", "uncertain": "diamond"}
_KINDS = {"certain": "good", "likely": "warn", "uncertain": "bad"}


def owners_panel(property_id: int, ownership_form: str | None, scope: Scope, as_of: date) -> list[Component]:
    """The panel as a list of one; empty for roles that a contractor has."""
    if scope.role == "external_manager":
        return []
    kind = facts([(_("Kind of owner"), code_label("ownership_form", ownership_form))])
    if not scope.allows(PERMISSION):
        words = html.P(_("Building control sees who it is."), className="quiet")
        return [panel(_("Who owns it"), [kind, words], id="eigentum")]
    ask = [
        button(_("Show owners"), id=ids.OWNERS_ASK, symbol="person"),
        html.P(_("Is logged: who looked, when, and at which property."), className="quiet"),
    ]
    answer = html.Div(ask, id=ids.OWNERS, className="eigentum-answer", **{"aria-live": "polite"})
    return [panel(_("Who owns it"), [kind, _about(property_id, as_of), answer], id="eigentum")]


def register(wiring: Wiring) -> None:
    """The one callback that reads owners."""

    @wiring.callback(
        Output(ids.OWNERS, "children"),
        {"clicks": Input(ids.OWNERS_ASK, "n_clicks")},
        {"about": State(ids.OWNERS_ABOUT, "data")},
        permission=PERMISSION,
        prevent_initial_call=True,
    )
    def show(clicks: Any, about: Any) -> Any:
        return answer(wiring.deps, about)


def answer(deps: Deps, about: Any) -> list[Component]:
    """The owners of the property that the page is about, or words that there is none in scope."""
    property_id, as_of = _read_about(about)
    found = read_owners(deps.access, signed_in().scope, property_id, as_of)
    if found is None:
        return [html.P(_("There is no such property."), className="quiet")]
    logged = html.P(_("This look was logged."), className="quiet")
    if not found:
        words = _("No delivery names an owner of this property on %(date)s.", date=format_date(as_of))
        return [html.P(words), logged]
    return [owner_list(found), logged]


def owner_list(owners: Sequence[Owner]) -> Component:
    """Each owner with share, since when, where that stands and how sure the link to this property is."""
    return html.Ul([html.Li(_owner(one)) for one in owners], className="eigentum-list")


def _owner(one: Owner) -> list[Component]:
    name = one.name or code_label("ownership_form", one.kind)
    head = [html.Strong(name)]
    if one.name:
        head.append(html.Span(code_label("ownership_form", one.kind), className="quiet"))
    pairs: list[tuple[str, Any]] = [
        (_("Share"), _share(one)),
        (_("Owner since"), _since(one)),
        (_("Address for service"), one.address or MISSING),
        (_("Source"), one.source or MISSING),
        (_("Link to this property"), _link(one)),
    ]
    return [html.Div(head, className="eigentum-name"), facts(pairs)]


def _share(one: Owner) -> str:
    if one.share is None:
        return MISSING
    return _("sole owner") if one.share == 1 else f"{one.share.numerator}/{one.share.denominator}"


def _since(one: Owner) -> str:
    """What the register says, else the first delivery that named this owner."""
    if one.owned_since:
        return format_date(one.owned_since)
    return _("by %(date)s at the latest", date=format_date(one.stated_since))


def _link(one: Owner) -> Any:
    if one.link_confidence is None:
        return one.link_reason or _("not stated how sure")
    code = one.link_confidence
    mark = badge(code_label("link_confidence", code), kind=_KINDS[code], shape=_SHAPES[code])
    return html.Div([mark, html.Div(one.link_reason or "", className="quiet")])


def _about(property_id: int, as_of: date) -> Component:
    return dcc.Store(id=ids.OWNERS_ABOUT, data={"property": property_id, "as_of": as_of.isoformat()})


def _read_about(about: Any) -> tuple[int, date]:
    """What the page put there; anything else names no property."""
    given = about if isinstance(about, dict) else {}
    property_id, day = given.get("property"), given.get("as_of")
    try:
        as_of = date.fromisoformat(day if isinstance(day, str) else "")
    except ValueError:
        as_of = signed_in().default_as_of
    return (property_id if type(property_id) is int else 0), as_of
