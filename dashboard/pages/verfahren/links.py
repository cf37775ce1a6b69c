"""Links of the page: its views, other choices of the same page, one proceeding, a form, the page of an object."""

from collections.abc import Mapping, Sequence

from dash.development.base_component import Component

from dashboard.components.choices import Choice, value_choices, view_choices
from dashboard.i18n import gettext as _
from dashboard.pages.verfahren import ids
from dashboard.pages.verfahren.question import DEADLINES, VIEWS, kept
from dashboard.routes import href, proceeding_href

PATH = "/verfahren"


def same_page(query: Mapping[str, str], **changes: str | None) -> str:
    """The link to the list with other values of some parts; None takes a part away. No form is open there."""
    return href(PATH, {**kept(query), **changes})


def proceeding(key: str, query: Mapping[str, str], **more: str) -> str:
    """The page of one proceeding, at the date of this page."""
    dated = {name: query[name] for name in ("as_of", "lang") if query.get(name)}
    return proceeding_href(key, {**dated, **more})


def object_address(property_id: int, query: Mapping[str, str]) -> str:
    """The page of an object, at the date of this page."""
    dated = {name: query[name] for name in ("as_of", "lang") if query.get(name)}
    return href(f"/objekt/{property_id}", dated)


def view_links(query: Mapping[str, str], chosen: str) -> Component:
    """The views as links side by side; the filter goes along."""
    views = [
        Choice(
            ids.choice("view", key), _(title), same_page(query, view=None if key == DEADLINES else key), key == chosen
        )
        for key, title in VIEWS.items()
    ]
    return view_choices(views, label=_("Views of the proceedings"))


def _view_address(query: Mapping[str, str], key: str) -> str:
    return same_page(query, view=None if key == DEADLINES else key)


def choice_links(
    query: Mapping[str, str], name: str, options: Sequence[tuple[str, str]], chosen: str | None, *, label: str
) -> Component:
    """Links to the same page with another value of one part of the link."""
    values = [
        Choice(ids.choice(name, code), text, same_page(query, **{name: code}), code == chosen) for code, text in options
    ]
    return value_choices(values, label=label)
