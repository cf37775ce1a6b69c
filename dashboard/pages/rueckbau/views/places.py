"""The view of the map: the projects by phase, the table with the same filter for the keyboard, the areas."""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import log2
from typing import Any, Final
from urllib.parse import quote

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.auth import signed_in
from dashboard.components import graph, panel, plain_table
from dashboard.formatting import format_number, format_percent
from dashboard.i18n import code_label, ngettext
from dashboard.i18n import gettext as _
from dashboard.layer_routes import words as layer_words
from dashboard.pages.rueckbau import areas, ids, links, words
from dashboard.pages.rueckbau.shown import Shown
from geodata.demolitions import Project
from geodata.progress import PHASES, Phase
from geodata.properties import POINTS_MAX
from geodata.settings import Settings
from layers import demolitions_by_stage
from layers.base import THEMES, Theme
from layers.style import base_style, context_style, raster_source
from layers.symbols import svg

_NEAREST_ZOOM: Final = 15.0
_FARTHEST_ZOOM: Final = 9.0
_ONE_PLACE_DEGREES: Final = 0.002
# At zoom 0 the world is 512 pixels wide; a map of the page is about 700 pixels, of which some air is left.
_DEGREES_AT_ZOOM_0: Final = 360.0


def view(shown: Shown) -> Sequence[Component]:
    """Map with legend, table, areas."""
    return [mapped(shown), listed(shown), areas.areas(shown.projects, shown.areas, shown.query)]


def mapped(shown: Shown) -> Component:
    """The map in the browser's theme, the legend with its counts, and who is not on it."""
    placed = [one for one in shown.projects if one.place]
    legend = _legend(shown.projects)
    large = links.map_link(_("Show on the large map"), shown.query)
    title = _("Projects by phase")
    missing = len(shown.projects) - len(placed)
    note = ngettext(
        "%(count)s project has no point and stands in the table only.",
        "%(count)s projects have no point and stand in the table only.",
        missing,
        count=format_number(missing),
    )
    notes = [html.P(note, className="quiet rueckbau-note")] if missing else []
    if not placed or len(placed) > POINTS_MAX:
        text = _("There is no project of this filter that could be drawn here; the table below has all of them.")
        return panel(title, [legend, html.P(text, className="quiet")], actions=large)
    label = ngettext(
        "Map with %(count)s project; it is also in the table below",
        "Map with %(count)s projects; they are also in the table below",
        len(placed),
        count=format_number(len(placed)),
    )
    settings = shown.context.deps.settings
    parts = [
        legend,
        dcc.Store(id=ids.MAP_PARTS, data=map_parts(placed, shown, basemap_of(settings))),
        graph(ids.MAP, label=label, className="rueckbau-map", config={"scrollZoom": False, "displayModeBar": False}),
        *notes,
    ]
    return panel(title, parts, actions=large)


def basemap_of(settings: Settings) -> dict[str, Any] | None:
    """The raster base map of the settings; never under invented data, which must not lie on real houses."""
    if settings.basemap is None or signed_in().account.is_demonstration_city:
        return None
    return raster_source(settings.basemap, settings.basemap_attribution)


def map_parts(placed: Sequence[Project], shown: Shown, basemap: Mapping[str, Any] | None) -> dict[str, Any]:
    """What the browser puts together: traces and style of both themes, centre, zoom, and where each point leads."""
    columns = demolitions_by_stage.columns(placed, layer_words())
    lead = [links.project_address(one, shown.known, shown.query) for one in placed]
    return {
        "traces": {theme: [_filled(name, theme, columns[name], lead) for name in columns] for theme in THEMES},
        "styles": {theme: base_style(theme, context_style(theme), basemap, ()) for theme in THEMES},
        **frame([one.place for one in placed if one.place]),
    }


def frame(places: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """Centre and zoom at which all of these places are seen."""
    lons, lats = [lon for lon, _lat in places], [lat for _lon, lat in places]
    # A degree of latitude is about 1.6 degrees of longitude here.
    wide = max(max(lons) - min(lons), 1.6 * (max(lats) - min(lats)), _ONE_PLACE_DEGREES)
    zoom = min(_NEAREST_ZOOM, max(_FARTHEST_ZOOM, log2(_DEGREES_AT_ZOOM_0 / wide) - 0.4))
    centre = {"lon": (max(lons) + min(lons)) / 2, "lat": (max(lats) + min(lats)) / 2}
    return {"center": centre, "zoom": round(zoom, 2)}


def _filled(name: str, theme: Theme, columns: Mapping[str, Any], lead: Sequence[str]) -> dict[str, Any]:
    """A trace of the layer with its columns; a dot in their names leads into the template."""
    template = demolitions_by_stage.LAYER.trace(theme)[name]
    trace: dict[str, Any] = {key: value for key, value in template.items() if key not in ("below", "marker")}
    trace["marker"] = dict(template["marker"])
    for path, values in columns.items():
        part, _dot, inner = path.partition(".")
        if inner:
            trace[part][inner] = values
        else:
            trace[path] = values
    return {**trace, "customdata": list(lead)}


def _legend(projects: Sequence[Project]) -> Component:
    """Symbol, phase and how many: says in words what the map shows."""
    counted = Counter(one.phase for one in projects)
    entries = [
        html.Li(
            [
                _sign(phase),
                html.Span(_(demolitions_by_stage.LABELS[phase])),
                html.Strong(format_number(counted[phase])),
            ]
        )
        for phase in PHASES
    ]  # fmt: skip
    return html.Ul(entries, className="rueckbau-legend", **{"aria-label": _("Legend with the number of projects")})


def _sign(phase: Phase) -> Component:
    drawing = quote(svg(f"demolition_{phase}"))
    return html.Img(src=f"data:image/svg+xml,{drawing}", alt="", className="rueckbau-sign")


def listed(shown: Shown) -> Component:
    """The same projects as a table: each address opens its project, without a map and without a mouse."""
    title = _("The same projects as a table")
    head = (_("Address"), _("Phase"), _("Stage"), _("Where it stands"), _("Progress"))
    ordered = sorted(shown.projects, key=lambda one: (PHASES.index(one.phase), one.address, one.key))
    rows = [
        [
            links.project_link(one, shown.known, shown.query),
            _(demolitions_by_stage.LABELS[one.phase]),
            code_label("demolition_stage", one.current_stage),
            words.project_text(one),
            format_percent(one.progress),
        ]
        for one in ordered[:POINTS_MAX]
    ]
    return panel(title, plain_table(head, rows, title, numbers_from=4))
