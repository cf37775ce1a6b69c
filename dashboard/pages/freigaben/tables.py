"""The tables of a released state as files: what was released may be taken away by everybody who sees it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from dashboard import tables
from dashboard.formatting import format_date
from dashboard.i18n import N_, code_label
from dashboard.i18n import gettext as _
from dashboard.released import View, said
from dashboard.table import Column, RemoteTable, Slice, TablePage
from dashboard.wiring import Wiring
from geodata.access import Asker
from geodata.errors import InvalidFilter
from geodata.publishing.publications import Released, find_publication
from geodata.publishing.published_figures import CITY

RELEASE: Final = "release"
NUMBER_DIGITS_MAX: Final = 9


def query_of(found: Released) -> dict[str, str]:
    """The query by which the files of a released state are asked for."""
    return {RELEASE: str(found.publication.id), "as_of": found.publication.as_of.isoformat()}


def register(wiring: Wiring) -> None:
    """The routes of both tables."""
    tables.register(wiring, FIGURES, PROJECTS)


def read_figures(asker: Asker, query: Mapping[str, str], wanted: Slice) -> TablePage:
    """One row for each place and figure, in the order of the page; the whole city comes last."""
    return TablePage.of(list(_figure_rows(View(_released(asker, query).content))), wanted)


def read_projects(asker: Asker, query: Mapping[str, str], wanted: Slice) -> TablePage:
    """The projects that were released by name."""
    projects = _released(asker, query).content.projects
    rows = [
        {
            "id": one.number,
            "name": one.name,
            "programme": one.programme,
            "stage": said(one.stage_name),
            "progress": None if one.progress is None else float(one.progress),
            "planned_demolition_on": one.planned_demolition_on,
            "demolished_on": one.demolished_on,
        }
        for one in projects
    ]
    return TablePage.of(rows, wanted)


def say(asker: Asker, query: Mapping[str, str]) -> Sequence[str]:
    """Which released state the rows belong to, and what an empty number means."""
    found = _released(asker, query)
    one = found.publication
    return (
        _(
            "released state no. %(number)s, %(title)s, %(audience)s, released on %(day)s",
            number=one.id, title=one.title, audience=code_label("audience", one.audience),
            day=format_date(View(found.content).released_on),
        ),
        View(found.content).held_back_text,
    )  # fmt: skip


def _released(asker: Asker, query: Mapping[str, str]) -> Released:
    """The state of the link; InvalidFilter where there is none, or where the link names another date than its own."""
    given = query.get(RELEASE, "")
    is_number = given.isdecimal() and len(given) <= NUMBER_DIGITS_MAX
    found = find_publication(asker, int(given)) if is_number else None
    if found is None:
        raise InvalidFilter(RELEASE, f"{RELEASE} is the number of a released state.")
    if query.get("as_of") != found.publication.as_of.isoformat():
        raise InvalidFilter("as_of", f"This state was released for {found.publication.as_of}.")
    return found


def _figure_rows(view: View) -> Iterator[dict[str, Any]]:
    places = [((one.kind, one.key), said(one.kind_name), one.name) for one in view.content.areas]
    by_area = view.by_area()
    for place, kind, name in [*places, (CITY, _("Whole city"), view.content.header.municipality_name)]:
        for one in view.definitions.values() if place == CITY else by_area:
            value = view.number(place, one.key)
            yield {
                "id": f"{place[0]}/{place[1]}/{one.key}",
                "kind": kind,
                "area": name,
                "figure": said(one.title),
                "value": None if value is None else int(value) if value == int(value) else float(value),
                "unit": said(one.unit_name),
                "is_held_back": view.is_held_back(place, one.key),
                "definition": said(one.definition),
            }


FIGURES: Final = RemoteTable(
    key="freigegebene_zahlen",
    title=N_("Released figures"),
    permission="publication:read",
    columns=(
        Column("kind", N_("Kind of area"), "text"),
        Column("area", N_("Area"), "text", width=200),
        Column("figure", N_("Figure"), "text", width=260),
        Column("value", N_("Value"), "decimal", definition=N_("Empty where it is held back or there is none.")),
        Column("unit", N_("Unit"), "text"),
        Column("is_held_back", N_("Held back"), "yes_no",
               definition=N_("Too small to be shown, or it would give away what is.")),
        Column("definition", N_("Definition"), "text", width=480),
    ),
    read=read_figures,
    parameters=(RELEASE,),
    say=say,
    is_versioned=False,
    source=N_("A released state, which is never changed"),
    files_for="publication:read",
)  # fmt: skip
PROJECTS: Final = RemoteTable(
    key="freigegebene_vorhaben",
    title=N_("Released demolition projects"),
    permission="publication:read",
    columns=(
        Column("name", N_("Address"), "text", width=230),
        Column("programme", N_("Programme"), "text", width=290),
        Column("stage", N_("Stage"), "text", width=260),
        Column("progress", N_("Progress"), "percent"),
        Column("planned_demolition_on", N_("Planned demolition"), "date"),
        Column("demolished_on", N_("Demolished"), "date"),
    ),
    read=read_projects,
    parameters=(RELEASE,),
    say=say,
    is_versioned=False,
    source=N_("A released state, which is never changed"),
    files_for="publication:read",
)
