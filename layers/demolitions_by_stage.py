"""Demolition projects by the phase that they are in: sixteen stages are five phases that the eye tells apart."""

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

from geodata.access import Asker
from geodata.demolitions import Project, read_projects
from geodata.progress import PHASES, Phase
from geodata.properties import POINTS_MAX
from geodata.selection import Box
from layers.base import Columns, Layer, LegendEntry, Loaded, TableTwin, Theme, Trace, Wish, Words
from layers.objects import object_traces
from layers.symbols import SYMBOLS

LABELS: Final[Mapping[Phase, str]] = {
    "preparing": "Preparing: decision, acquisition, vacating",
    "approvals": "Approvals, surveys, tender",
    "site_works": "Works on the site",
    "demolished": "Demolished",
    "given_up": "Given up or renovated instead",
}
_DRAWN: Final = ("demolition_points", "demolition_symbols")


def _traces(theme: Theme) -> Mapping[str, Trace]:
    return {name: trace for name, trace in object_traces("demolition", theme).items() if name in _DRAWN}


def _load(asker: Asker, wish: Wish) -> Loaded:
    projects = [one for one in read_projects(asker, wish.chosen) if one.place and _lies_in(one.place, wish.frame.box)]
    if not projects:
        return Loaded({}, shown=0)
    if len(projects) > POINTS_MAX:
        return Loaded({}, shown=0, is_summed=True)
    return Loaded(columns(projects, wish.words), shown=len(projects))


def columns(projects: Sequence[Project], words: Words) -> Mapping[str, Columns]:
    """The columns of both traces for projects that have a place; others are left out."""
    placed = [one for one in projects if one.place]
    symbols = [f"demolition_{one.phase}" for one in placed]
    place = {"lon": [one.place[0] for one in placed if one.place], "lat": [one.place[1] for one in placed if one.place]}
    points = {
        "customdata": [one.property_id for one in placed],
        "text": [_describe(one, words) for one in placed],
        "marker.color": [SYMBOLS[name].fill for name in symbols],
    }
    return {"demolition_points": place | points, "demolition_symbols": place | {"marker.symbol": symbols}}


def _describe(project: Project, words: Words) -> str:
    """What the pointer over a project says, as lines of Plotly's little HTML; text from outside is escaped."""
    lines = [f"<b>{escape(project.address)}</b>", words.message(LABELS[project.phase])]
    if project.outcome:
        lines.append(f"{words.code('demolition_outcome', project.outcome)}, {words.day(project.ended_on)}")
    elif project.current_stage:
        lines.append(f"{words.message('Stage')}: {words.code('demolition_stage', project.current_stage)}")
    lines.append(f"{words.message('Progress')}: {words.number(round(100 * project.progress))}\u00a0%")
    if project.blocker:
        lines.append(f"{words.message('Held up')}: {words.code('demolition_blocker', project.blocker)}")
    return "<br>".join(lines)


def _lies_in(place: tuple[float, float], box: Box) -> bool:
    west, south, east, north = box
    return west <= place[0] <= east and south <= place[1] <= north


def _count_rows(asker: Asker, wish: Wish) -> Sequence[tuple[str, int]]:
    """How many projects are in which phase, those without a place among them."""
    counted: Counter[Any] = Counter(one.phase for one in read_projects(asker, wish.chosen))
    return [(wish.words.message(LABELS[phase]), counted[phase]) for phase in PHASES]


LAYER = Layer(
    key="demolition",
    title="Demolition projects by stage",
    permission="demolition:read",
    load=_load,
    trace=_traces,
    legend=tuple(LegendEntry(LABELS[phase], symbol=f"demolition_{phase}") for phase in PHASES),
    table=TableTwin(rows=_count_rows, head=("Phase", "Projects")),
    group="objects",
    order=43,
    hint="Only properties with a demolition project are shown.",
)
