"""The slides: title, map, inspections, demolition, resolutions and a scenario where there are, definitions and sources.

Each carries its date, the audience, its number and, for an invented city, "invented example data". All text can be read
from ten metres, so there is room for little: the rest stands on the page of released states.
"""

from collections.abc import Sequence
from datetime import date

from dash import html
from dash.development.base_component import Component

from dashboard.components.area_map import area_map
from dashboard.formatting import format_date, format_number, format_percent
from dashboard.i18n import N_
from dashboard.i18n import gettext as _
from dashboard.pages.praesentation import council_slides, ids
from dashboard.released import HELD_BACK, View, said
from geodata.publishing.publication import PublishedProject
from geodata.publishing.publications import Released
from geodata.publishing.published_figures import CITY

MAP_KEY = "objects_open"
OVERDUE = "objects_overdue"
# What slide 5 has room for; the others stand on the page of released states.
DEFINED = ("objects_open", "controls_on_time", "objects_overdue", "demolition_progress")
LEFT_DEFINITIONS = 3
# Beside the map, which names all areas, there is room for six; bars stand in two columns where they are more.
MOST_ROWS = 6
MOST_BARS = 10
# A title of more characters than this gets smaller letters: at full size it would leave the stage.
LONG_TITLE = 44
# In thousandths of the width of the map: 2.2 hundredths of the stage.
TEXT_SIZE = 57
MOST_PROJECTS = 4
LINE_LENGTH = 44
TITLE = N_("Title")
SCENARIO = N_("Scenario")
# The slides that every released state has, and those that only some have; each with the class of its look.
_OF_ALL = (
    (TITLE, "title"),
    (N_("Where the objects are"), "map"),
    (N_("Inspections"), "inspections"),
    (N_("Demolition"), "demolition"),
)
_OF_SOME = ((N_("Resolution and state"), "goals"), (SCENARIO, "scenario"))
_LAST = (N_("Definitions and sources"), "definitions")


def kinds(view: View) -> list[tuple[str, str]]:
    """The slides of a released state: title (msgid) and class of each, in their order."""
    there = (bool(view.goals), view.scenario is not None)
    return [*_OF_ALL, *(kind for kind, is_there in zip(_OF_SOME, there, strict=True) if is_there), _LAST]


def titles(view: View) -> list[str]:
    """Titles of the slides in the language of the request."""
    return [_(title) for title, _class in kinds(view)]


def all_slides(found: Released, view: View) -> list[Component]:
    """All slides in their order."""
    build = {
        "title": _title,
        "map": _map,
        "inspections": _inspections,
        "demolition": _demolition,
        "goals": council_slides.goals,
        "scenario": council_slides.scenario,
        "definitions": lambda shown: _definitions(found, shown),
    }
    shown = kinds(view)
    return [
        _slide(number, _(title), class_name, build[class_name](view), view, len(shown))
        for number, (title, class_name) in enumerate(shown, start=1)
    ]


def _slide(number: int, title: str, class_name: str, body: list[Component], view: View, count: int) -> Component:
    header = view.content.header
    marks = [html.Span(view.as_of_text), html.Span(view.audience_text)]
    if header.is_demonstration:
        marks.append(html.Span(_("Invented example data"), className="slide-invented"))
    foot = html.Div([*marks, html.Span(f"{number} / {count}", className="slide-number")], className="slide-foot")
    head = [] if number == 1 else [html.H2(title, className="slide-title")]
    label = _("Slide %(number)s of %(count)s", number=number, count=count)
    return html.Section(
        [*head, html.Div(body, className="slide-body"), foot],
        className=f"slide slide-of-{class_name}",
        **{"data-number": str(number), "aria-label": f"{label}: {title}"},
    )


def _title(view: View) -> list[Component]:
    header = view.content.header
    long = " slide-heading-long" if len(header.title) > LONG_TITLE else ""
    return [
        html.P(header.municipality_name, className="slide-city"),
        html.H2(header.title, className=f"slide-heading{long}"),
        html.P(view.as_of_text, className="slide-date"),
        html.P(
            _("%(audience)s, released on %(day)s", audience=view.audience_text, day=format_date(view.released_on)),
            className="slide-quiet",
        ),
    ]


def _map(view: View) -> list[Component]:
    kind = view.kinds[0] if view.kinds else ""
    shapes, height = view.shapes(kind, MAP_KEY, text_size=TEXT_SIZE)
    title = view.title(MAP_KEY)
    label = _("Map: %(figure)s by area; the same numbers stand beside it.", figure=title)
    drawing = [html.Div(area_map(ids.MAP, shapes, height, label=label, text_size=TEXT_SIZE), className="slide-map")]
    rows = [
        html.Li([html.Span(one["name"], className="slide-area"), html.Strong(one["value"])], className="slide-row")
        for one in shapes
    ]
    note = [html.P(_("• held back"), className="slide-quiet")] if _dots(view, kind, MAP_KEY) else []
    side = [
        html.P(
            [html.Strong(view.value(CITY, MAP_KEY), className="slide-big"), html.Span(title)], className="slide-total"
        ),
        html.Ul(rows[:MOST_ROWS], className="slide-rows"),
        *_more(len(rows), MOST_ROWS),
        *note,
    ]
    return [*(drawing if shapes else []), html.Div(side, className="slide-side")]


def _more(count: int, most: int) -> list[Component]:
    """How many areas stand in the list only, where a slide has no room for them."""
    if count <= most:
        return []
    text = _("and %(count)s more in the list", count=format_number(count - most))
    return [html.P(text, className="slide-quiet")]


def _dots(view: View, kind: str, key: str) -> bool:
    return any(view.is_held_back((one.kind, one.key), key) for one in view.areas(kind))


def _inspections(view: View) -> list[Component]:
    header = view.content.header
    period = f"{format_date(header.period_first_on)} – {format_date(header.period_last_on)}"
    done = _(
        "%(inspections)s object inspections; %(rounds)s joint rounds",
        inspections=view.value(CITY, "inspections_done"), rounds=view.value(CITY, "rounds_held"),
    )  # fmt: skip
    kind = view.kinds[0] if view.kinds else ""
    left = [
        _big(view, "controls_on_time"),
        _bar(view.share(CITY, "controls_on_time")),
        html.P([done, html.Br(), html.Span(period, className="slide-quiet")]),
    ]
    rows = [_bar_row(view, one.name, (one.kind, one.key)) for one in view.areas(kind)]
    more = _more(len(rows), MOST_BARS)
    rows = [*rows[:MOST_BARS], _bar_row(view, _("Whole city"), CITY)]
    note = [html.P(_("• held back"), className="slide-quiet")] if _dots(view, kind, OVERDUE) else []
    right = [html.H3(view.title(OVERDUE), className="slide-sub"), html.Ul(rows, className="slide-rows"), *more, *note]
    return [html.Div(left, className="slide-side"), html.Div(right, className="slide-side slide-wide")]


def _big(view: View, key: str) -> Component:
    """ "361 of 520 on time" with the share."""
    parts = [html.Strong(view.of_whole(CITY, key), className="slide-big"), html.Span(view.title(key))]
    share = view.share_text(CITY, key)
    if share:
        parts[-1] = html.Span(f"{view.title(key)} ({share})")
    return html.P(parts, className="slide-total")


def _bar_row(view: View, name: str, place: tuple[str, str]) -> Component:
    value = html.Strong(view.of_whole(place, OVERDUE))
    return html.Li(
        [html.Span(name, className="slide-area"), value, _bar(view.share(place, OVERDUE))],
        className="slide-row slide-row-bar",
    )


def _bar(share: float | None) -> Component:
    """A share as a bar; its number stands beside it."""
    if share is None:
        return html.Span(className="slide-bar slide-bar-unknown", **{"aria-hidden": "true"})
    fill = html.Span(className="slide-bar-fill", style={"width": f"{100 * share:.1f}%"})
    return html.Span(fill, className="slide-bar", **{"aria-hidden": "true"})


def _demolition(view: View) -> list[Component]:
    progress = view.number(CITY, "demolition_progress")
    left = [
        html.P(
            [
                html.Strong(view.of_whole(CITY, "projects_demolished"), className="slide-big"),
                html.Span(view.title("projects_demolished")),
            ],
            className="slide-total",
        ),
        _bar(view.share(CITY, "projects_demolished")),
        html.P(f"{view.title('demolition_progress')}: {view.value(CITY, 'demolition_progress')}"),
        html.P(f"{view.title('projects_late')}: {view.value(CITY, 'projects_late')}"),
    ]
    if progress is None:
        left = left[:2]
    return [html.Div(left, className="slide-side"), html.Div(_projects(view), className="slide-side slide-wide")]


def _projects(view: View) -> list[Component]:
    projects = view.content.projects
    if not projects:
        return [html.P(_("No project was released by name to this audience."), className="slide-quiet")]
    shown = _interesting(projects)[:MOST_PROJECTS]
    rows = [_project(one) for one in shown]
    more = len(projects) - len(shown)
    rest = (
        [html.P(_("and %(count)s more in the list", count=format_number(more)), className="slide-quiet")]
        if more
        else []
    )
    return [html.H3(_("Released projects"), className="slide-sub"), html.Ul(rows, className="slide-rows"), *rest]


def _interesting(projects: Sequence[PublishedProject]) -> list[PublishedProject]:
    """Those under way first, the farthest before the others; then those that are done or ended."""
    return sorted(projects, key=lambda one: (bool(one.demolished_on or one.ended_on), -(one.progress or 0), one.number))


def _project(one: PublishedProject) -> Component:
    share = None if one.progress is None else float(one.progress)
    return html.Li(
        [
            html.Span(one.name),
            html.Strong(format_percent(share)),
            _bar(share),
            html.Span(_under(one), className="slide-quiet slide-under"),
        ],
        className="slide-row slide-row-bar",
    )


def _under(one: PublishedProject) -> str:
    """Where the project stands, with a date as far as one line has room for it."""
    stage, day = said(one.stage_name), one.demolished_on or one.ended_on
    if day is None and one.planned_demolition_on is not None:
        text = f"{stage} · {_('planned %(day)s', day=format_date(one.planned_demolition_on))}"
    else:
        text = stage if day is None else f"{stage} · {format_date(day)}"
    return text if len(text) <= LINE_LENGTH else stage


def _definitions(found: Released, view: View) -> list[Component]:
    known = [view.definitions[key] for key in DEFINED if key in view.definitions]
    rows = [html.Div([html.Dt(said(one.title)), html.Dd(said(one.definition))]) for one in known]
    about = [
        html.P([html.Strong(f"{HELD_BACK} "), _held_back(view)]),
        html.P(_("Sources: %(sources)s", sources=_sources(view)), className="slide-sources"),
        html.P([_("Check number"), " ", html.Code(found.publication.hash[:12])]),
    ]
    left, right = rows[:LEFT_DEFINITIONS], rows[LEFT_DEFINITIONS:]
    beside = [html.Dl(right, className="slide-definitions")] if right else []
    return [
        html.Dl(left, className="slide-side slide-definitions"),
        html.Div([*beside, *about], className="slide-side slide-about"),
    ]


def _sources(view: View) -> str:
    """Sources of one date together, the latest date first."""
    by_day: dict[date, list[str]] = {}
    for one in view.content.sources:
        by_day.setdefault(one.as_of, []).append(said(one.name))
    return "; ".join(f"{', '.join(names)} ({format_date(day)})" for day, names in sorted(by_day.items(), reverse=True))


def _held_back(view: View) -> str:
    return _("held back: 1 to %(most)s objects, or what would give them away.", most=view.content.header.k - 1)
