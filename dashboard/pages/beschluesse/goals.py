"""Resolutions with their values as goals in words, and the release with which they are compared."""

from collections.abc import Mapping, Sequence
from datetime import date

from dashboard.form_words import MISSING
from dashboard.formatting import format_number
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.routes import href
from dashboard.target_words import Before, Goal
from geodata import demolition_figures
from geodata.access import Asker
from geodata.areas import Area
from geodata.figure import Unit
from geodata.figures import REGISTER
from geodata.publishing.publication import Content
from geodata.publishing.publications import find_publication, read_publications
from geodata.publishing.published_resolutions import measure_of, told_in
from geodata.resolutions import Resolution, Standing, filter_of, read_standings

_OF_PROJECTS = frozenset(figure.key for figure in demolition_figures.GROUP.figures)


def read_goals(asker: Asker, chosen: Sequence[Resolution], as_of: date) -> list[tuple[Standing, Goal]]:
    """The resolutions with their values on a date, beside those of the last release before it."""
    released = last_released(asker, as_of) if chosen else None
    return [(one, goal_of(one, as_of, released)) for one in read_standings(asker, chosen, as_of)]


def last_released(asker: Asker, as_of: date) -> Content | None:
    """The latest release that speaks for an earlier date than the page, or for the same one."""
    known = next((one for one in read_publications(asker) if one.as_of <= as_of), None)
    found = find_publication(asker, known.id) if known else None
    return found.content if found else None


def goal_of(one: Standing, as_of: date, released: Content | None) -> Goal:
    """A resolution in the words of the reader."""
    decided = one.resolution
    return Goal(
        reference=decided.number,
        decided_on=decided.decided_on,
        body=decided.body,
        title=decided.title,
        figure=figure_title(decided),
        place=place_name(decided, one.area),
        control_type=code_label("control_type", decided.control_type) if decided.control_type else "",
        unit=unit_of(decided),
        is_share=decided.is_share,
        target=decided.target,
        as_of=as_of,
        value=one.measured.value,
        counted=_counted(one),
        hidden=_hidden(one),
        before=_before(one, released),
        is_of_city=decided.area_id is None,
    )


def unit_of(one: Resolution) -> Unit:
    """The unit of target and value; of a share per cent."""
    if one.is_share or one.figure not in REGISTER:
        return "percent"
    return REGISTER[one.figure].unit


def figure_title(one: Resolution) -> str:
    """The title of the figure, with the whole of which it is a share."""
    found = REGISTER.get(one.figure)
    if found is None:
        return one.figure
    whole = REGISTER.get(found.part_of or "") if one.is_share else None
    if whole is None:
        return _(found.title)
    return _("%(part)s, share of: %(whole)s", part=_(found.title), whole=_(whole.title))


def place_name(one: Resolution, area: Area | None) -> str:
    """The name of the area, or that it is the whole city."""
    if one.area_id is None:
        return _("Whole city")
    return area.name if area else MISSING


def figure_address(one: Resolution, query: Mapping[str, str]) -> str:
    """The page that shows the figure, with the same filter, so that it shows the same number."""
    kept = {name: query[name] for name in ("as_of",) if query.get(name)}
    asked = filter_of(one.area_id, one.control_type, date.min).to_query()
    parts = {name: value for name, value in asked.items() if name != "as_of"}
    return href("/rueckbau" if one.figure in _OF_PROJECTS else "/kontrollen", {**parts, **kept})


def _counted(one: Standing) -> str:
    """ "362 of 520", where the value is a share."""
    part, whole = one.measured.part, one.measured.whole
    if part is None or whole is None:
        return ""
    return _("%(part)s of %(whole)s", part=format_number(part), whole=format_number(whole))


def _hidden(one: Standing) -> str:
    if not one.is_in_scope:
        return _("not in your area")
    if one.resolution.figure not in REGISTER:
        return _("this figure no longer exists")
    return _("nothing to measure it by") if one.measured.value is None else ""


def _before(one: Standing, released: Content | None) -> Before | None:
    if released is None:
        return None
    told = told_in(released, measure_of(one.resolution, one.area))
    return Before(released.header.as_of, told.shown, None if told.value is None else float(told.value))
