"""Links of the page: its views, other choices of the same page, one closed house, a form, the page of an object."""

from collections.abc import Mapping, Sequence

from dash.development.base_component import Component

from dashboard.components.choices import Choice, value_choices, view_choices
from dashboard.i18n import gettext as _
from dashboard.pages.wohnraum import ids
from dashboard.pages.wohnraum.question import SURVEY, VIEWS, WHEREABOUTS
from dashboard.routes import href
from geodata.filters import FIELDS

PATH = "/wohnraum"
_KEPT = (*FIELDS, *ids.PARAMETERS, "lang")
_LEFT = (ids.HOUSE, ids.FORM)


def same_page(query: Mapping[str, str], **changes: str | None) -> str:
    """The link to this page with other values of some parts; no house and no form is open there."""
    kept: dict[str, str | None] = {name: query[name] for name in _KEPT if query.get(name) and name not in _LEFT}
    return href(PATH, {**kept, **changes})


def house_address(key: str, query: Mapping[str, str], **more: str) -> str:
    """The page of one closed house."""
    return same_page(query, **{ids.HOUSE: key, **more})


def object_address(property_id: int, query: Mapping[str, str]) -> str:
    """The page of an object, at the date of this page."""
    dated = {name: query[name] for name in ("as_of", "lang") if query.get(name)}
    return href(f"/objekt/{property_id}", dated)


def view_links(query: Mapping[str, str], chosen: str, *, has_survey: bool) -> Component:
    """The views as links side by side; the filter goes along."""
    views = [
        Choice(
            ids.choice("view", key), _(title), same_page(query, view=None if key == WHEREABOUTS else key), key == chosen
        )
        for key, title in VIEWS.items()
        if has_survey or key != SURVEY
    ]
    return view_choices(views, label=_("Views of housing"))


def _view_address(query: Mapping[str, str], key: str) -> str:
    return same_page(query, view=None if key == WHEREABOUTS else key)


def choice_links(
    query: Mapping[str, str], name: str, options: Sequence[tuple[str, str]], chosen: str, *, label: str
) -> Component:
    """Links to the same page with another value of one part of the link."""
    values = [
        Choice(ids.choice(name, code), text, same_page(query, **{name: code}), code == chosen) for code, text in options
    ]
    return value_choices(values, label=label, says=label)
