"""A filter in words: what a page, an export, a handout and a publication write over their numbers."""

from collections.abc import Mapping, Sequence

from dashboard.formatting import format_date
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from geodata.areas import Area
from geodata.filters import PropertyFilter


def area_names(areas: Sequence[Area]) -> dict[int, str]:
    """Names of areas by their id."""
    return {area.id: area.name for area in areas}


def filter_words(chosen: PropertyFilter, names: Mapping[int, str]) -> tuple[str, ...]:
    """One phrase for each part of the filter that is set, without the as-of date; empty = everything."""
    parts = [
        _listed(_("Area"), [names.get(area_id, _("area no. %(id)s", id=area_id)) for area_id in chosen.area_ids]),
        _listed(_("State"), [code_label("state", code) for code in chosen.states]),
        _listed(_("Use"), [code_label("use_type", code) for code in chosen.use_types]),
        _listed(_("Assessment"), [code_label("colour", code) for code in chosen.colours]),
        _listed(_("Inhabited"), [code_label("inhabited", code) for code in chosen.inhabited]),
        _("Last inspection before %(day)s", day=format_date(chosen.last_before)) if chosen.last_before else "",
        _("never inspected") if chosen.never_inspected else "",
        _listed(_("Inspections"), [code_label("due", chosen.due)] if chosen.due else []),
        _listed(_("Kind of control"), [code_label("control_type", code) for code in chosen.control_types]),
        _("Text: %(text)s", text=chosen.text) if chosen.text else "",
        _("within a selection on the map") if chosen.selection else "",
    ]
    return tuple(part for part in parts if part)


def _listed(name: str, values: Sequence[str]) -> str:
    return f"{name}: {', '.join(values)}" if values else ""
