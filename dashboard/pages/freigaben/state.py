"""One released state: its figures by area as map and tables, its projects, its definitions, and the list of all."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.components import badge, link_button, panel
from dashboard.components.area_map import area_map
from dashboard.components.export_links import download_menu, table_downloads
from dashboard.formatting import MISSING, format_date, format_moment, format_percent
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.pages.freigaben import council, ids, tables
from dashboard.released import HELD_BACK, View, said
from dashboard.routes import href
from geodata.publishing.publication import PublishedProject
from geodata.publishing.publications import Publication, Released
from geodata.publishing.published_figures import CITY

MAP_KEY = "objects_open"
TEXT_SIZE = 25


def parts(known: Sequence[Publication], found: Released) -> list[Component]:
    """Everything about one released state."""
    view = View(found.content)
    return [
        _head(found, view),
        html.Div(
            [
                html.Div(_overview(view), className="freigaben-main"),
                html.Div([list_panel(known, found.publication.id), _about(found, view)], className="freigaben-side"),
            ],
            className="freigaben-grid",
        ),
        _areas(view),
        *council.parts(view),
        panel(_("Demolition projects"), project_table(view.content.projects)),
        panel(_("Definitions"), _definitions(view)),
    ]


def list_panel(known: Sequence[Publication], current: int | None) -> Component:
    """All released states, the latest first."""
    links = [
        html.Li(
            html.A(
                [
                    html.Span(one.title, className="freigaben-title"),
                    html.Span(
                        f"{_('State of %(day)s', day=format_date(one.as_of))} · {code_label('audience', one.audience)}",
                        className="quiet",
                    ),
                ],
                href=href("/freigaben", {"release": one.id}),
                className="freigaben-link qm-link",
                **({"aria-current": "true"} if one.id == current else {}),
            )
        )
        for one in known
    ]
    return panel(_("All released states"), html.Ul(links, className="freigaben-list"))


def area_tables(view: View) -> list[Component]:
    """A table for each kind of area; the whole city stands in the last line of each."""
    return [_area_table(view, kind) for kind in view.kinds]


def _head(found: Released, view: View) -> Component:
    header = found.content.header
    marks = [badge(view.as_of_text, kind="good"), badge(view.audience_text)]
    if header.is_demonstration:
        marks.append(badge(_("Invented example data"), kind="demo"))
    actions = [
        link_button(
            _("Presentation"), href(f"/praesentation/{found.publication.id}"), symbol="presentation", kind="primary"
        ),
        html.Button(_("Print"), type="button", className="button", **{"data-print": "true"}),
        download_menu(
            [*table_downloads(tables.FIGURES), *table_downloads(tables.PROJECTS)],
            tables.query_of(found),
            permission=tables.FIGURES.files_for,
        ),
    ]
    return html.Div(
        [
            html.Div(
                [html.H2(header.title, className="freigaben-heading"), html.Div(marks, className="freigaben-marks")]
            ),
            html.Div(actions, className="page-actions"),
        ],
        className="freigaben-head",
    )


def _areas(view: View) -> Component:
    note = [html.P(view.held_back_text, className="freigaben-note")] if view.has_held_back else []
    return panel(_("Figures by area"), [*note, *area_tables(view)])


def _overview(view: View) -> list[Component]:
    kind = view.kinds[0] if view.kinds else ""
    shapes, height = view.shapes(kind, MAP_KEY, text_size=TEXT_SIZE)
    title = view.title(MAP_KEY)
    drawing: list[Component] = [html.P(_("There were no areas."), className="quiet")]
    if shapes:
        label = _("Map: %(figure)s by area; the same numbers stand in the table below.", figure=title)
        drawing = [
            html.Div(area_map(ids.MAP, shapes, height, label=label, text_size=TEXT_SIZE), className="freigaben-map")
        ]
    return [panel(_("Whole city"), _city(view)), panel(_("Map: %(figure)s", figure=title), drawing)]


def _city(view: View) -> Component:
    tiles = [
        html.Div(
            [
                html.Dt(said(one.title), className="tile-label"),
                html.Dd(
                    [
                        html.Span(view.of_whole(CITY, one.key), className="tile-value"),
                        html.Span(view.share_text(CITY, one.key) or said(one.unit_name), className="tile-unit"),
                    ],
                    className="tile-figure",
                ),
            ],
            className="tile",
        )
        for one in view.definitions.values()
    ]
    return html.Dl(tiles, className="tiles freigaben-tiles")


def _area_table(view: View, kind: str) -> Component:
    columns = view.by_area()
    areas = view.areas(kind)
    places = [((one.kind, one.key), one.name) for one in areas]
    head = html.Tr(
        [html.Th(said(areas[0].kind_name), scope="col")]
        + [html.Th(said(one.title), scope="col", className="number") for one in columns]
    )
    body = [
        html.Tr([html.Th(name, scope="row"), *[_cell(view, place, one.key) for one in columns]])
        for place, name in places
    ]
    city = html.Tr([html.Th(_("Whole city"), scope="row"), *[_cell(view, CITY, one.key) for one in columns]])
    caption = _("Figures by %(kind)s", kind=said(areas[0].kind_name))
    table = html.Table(
        [html.Caption(caption, className="visually-hidden"), html.Thead(head), html.Tbody(body), html.Tfoot(city)],
        className="plain-table freigaben-table",
    )
    return html.Div(table, className="freigaben-scroll", tabIndex="0", role="region", **{"aria-label": caption})


def _cell(view: View, place: tuple[str, str], key: str) -> Component:
    text = view.value(place, key)
    if text != HELD_BACK:
        return html.Td(text, className="number")
    spoken = html.Span(_("held back"), className="visually-hidden")
    return html.Td([html.Span(text, **{"aria-hidden": "true"}), spoken], className="number freigaben-dot")


def project_table(projects: Sequence[PublishedProject]) -> Component:
    """The projects that were released by name."""
    if not projects:
        return html.P(_("No project was released by name to this audience."), className="quiet")
    names = [_("Address"), _("Programme"), _("Stage"), _("Progress"), _("Planned demolition"), _("Demolished")]
    head = html.Tr([html.Th(name, scope="col", className="number" if name == names[3] else None) for name in names])
    body = [
        html.Tr(
            [
                html.Th(one.name, scope="row"),
                html.Td(one.programme or MISSING),
                html.Td(said(one.stage_name)),
                html.Td(format_percent(None if one.progress is None else float(one.progress)), className="number"),
                html.Td(format_date(one.planned_demolition_on)),
                html.Td(format_date(one.demolished_on)),
            ]
        )
        for one in projects
    ]
    caption = _("Demolition projects")
    table = html.Table(
        [html.Caption(caption, className="visually-hidden"), html.Thead(head), html.Tbody(body)],
        className="plain-table",
    )
    return html.Div(table, className="freigaben-scroll", tabIndex="0", role="region", **{"aria-label": caption})


def _about(found: Released, view: View) -> Component:
    header = found.content.header
    period = f"{format_date(header.period_first_on)} – {format_date(header.period_last_on)}"
    pairs = [
        (_("For whom"), view.audience_text),
        (_("State of"), format_date(header.as_of)),
        (_("Counted over days"), period),
        (_("Released"), format_moment(header.published_at)),
        (_("Threshold"), str(header.k)),
        (_("Check number"), html.Code(found.publication.hash[:16], title=found.publication.hash)),
    ]
    rows = [html.Div([html.Dt(name), html.Dd(value)], className="fact") for name, value in pairs]
    words = html.P(
        _("What was released is never changed: a later correction stands in the next released state."),
        className="quiet freigaben-note",
    )
    return panel(_("About this state"), [html.Dl(rows, className="facts"), words, *_sources(view)])


def _sources(view: View) -> list[Component]:
    if not view.content.sources:
        return []
    items = [html.Li(f"{said(one.name)}: {format_date(one.as_of)}") for one in view.content.sources]
    return [html.H3(_("Sources"), className="freigaben-sub"), html.Ul(items)]


def _definitions(view: View) -> Component:
    rows = [
        html.Div(
            [
                html.Dt(said(one.title)),
                html.Dd([said(one.definition), html.Div(said(one.basis), className="quiet")]),
            ],
            className="fact",
        )
        for one in view.definitions.values()
    ]
    return html.Dl(rows, className="facts freigaben-definitions")
