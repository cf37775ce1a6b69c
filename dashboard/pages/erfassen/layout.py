"""The page: at the left the place with its map and what is there already, at the right the form."""

from collections.abc import Mapping
from typing import Any, Final

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.auth import signed_in
from dashboard.components import button, graph, link_button, notice, page_header, panel, text_input
from dashboard.components.edit_form import edit_form
from dashboard.form import AddressText
from dashboard.i18n import gettext as _
from dashboard.page import PageContext
from dashboard.pages.erfassen import ids
from dashboard.pages.erfassen.capture import FIRST_STATES, FORM
from dashboard.place_routes import DUPLICATES, PLACE
from dashboard.place_words import PLACE_FIELD
from dashboard.routes import href
from geodata.address_search import has_addresses
from geodata.areas import Outline, read_areas, read_extent, read_outlines
from geodata.calendar import today
from geodata.filters import TEXT_MAX_LENGTH
from geodata.settings import Settings
from layers.base import THEMES
from layers.objects import object_traces
from layers.style import base_style, context_style, raster_source

_OUTLINE_COLOUR: Final = {"light": "rgba(60,72,90,0.75)", "dark": "rgba(190,202,220,0.65)"}


def layout(context: PageContext) -> Component:
    """The page for whoever asks; `?address=`, `?point=lon,lat` and `?state=` fill the form in advance."""
    with context.deps.asker() as asker:
        is_loaded = has_addresses(asker)
        extent = read_extent(asker, context.as_of)
        kinds = [area.kind for area in read_areas(asker, context.as_of)]
        outlines = read_outlines(asker, kinds[0], context.as_of) if kinds else ()
    parts = _map_parts(context.deps.settings, extent, outlines) | {"as_of": context.as_of.isoformat()}
    head = page_header(
        _("Record a hint or an object"),
        lead=_("First the place: address or point on the map. What is there already is shown at once."),
        actions=link_button(_("Record a round"), href("/runde"), symbol="inspection"),
    )
    form = edit_form(FORM, values=_given(context.query), has_title=False)
    return html.Div(
        [
            dcc.Store(id=ids.MAP_PARTS, data=parts),
            dcc.Store(id=ids.PLACE),
            dcc.Store(id=ids.OBJECTS),
            head,
            html.Button(id="erfassen-edge", type="button", hidden=True, **{"data-erfassen": "edge"}),
            *([] if is_loaded else [_no_addresses()]),
            html.Div([_place_panel(), panel(_("Entry"), form)], className="erfassen-columns"),
        ],
        className="page erfassen",
        id="erfassen",
    )


def _given(query: Mapping[str, str]) -> dict[str, Any]:
    """What a link fills in; an unreadable part is left out, because the user sees what is there."""
    values: dict[str, Any] = {"valid_on": today(), "state": "hint"}
    if query.get("state") in FIRST_STATES:
        values["state"] = query["state"]
    address = query.get("address", "").strip()
    if address and len(address) <= TEXT_MAX_LENGTH:
        values["addresses"] = AddressText(address)
    point = _point(query.get("point", ""))
    return values | ({PLACE_FIELD: point} if point else {})


def _point(text: str) -> tuple[float, float] | None:
    try:
        lon, lat = (float(number[:20]) for number in text.split(","))
    except ValueError:
        return None
    return (lon, lat) if -180 <= lon <= 180 and -85 <= lat <= 85 else None


def _no_addresses() -> Component:
    text = _(
        "No official addresses of this city have been loaded, so none are proposed. Write street and house number, and "
        "set the point on the map."
    )
    return notice(text)


# --- the place --------------------------------------------------------------------------------------------------------


def _place_panel() -> Component:
    drawn = graph(
        ids.MAP,
        label=_("Map for choosing a point, with the objects that are there already"),
        className="erfassen-map",
        config={"scrollZoom": True, "displayModeBar": False},
    )
    return panel(
        _("Place on the map"),
        [
            html.Div([drawn, _map_tools(), html.P(id="erfassen-wait", className="erfassen-wait")], id="erfassen-stage"),
            _coordinates(),
            html.P(id="erfassen-areas", className="erfassen-areas", role="status"),
            html.Div(id="erfassen-nearest", className="erfassen-nearest"),
            html.Div(id="erfassen-duplicates", role="status"),
        ],
        id="erfassen-place-panel",
    )


def _map_tools() -> Component:
    tools = [("zoom-in", "plus", _("Zoom in")), ("zoom-out", "minus", _("Zoom out")), ("fit", "map", _("Show all"))]
    buttons = [
        button("", kind="icon", symbol=symbol, title=label, **{"aria-label": label, "data-erfassen": name})
        for name, symbol, label in tools
    ]
    centre = button(_("Set the point in the middle"), symbol="target", **{"data-erfassen": "centre"})
    return html.Div([*buttons, centre], className="erfassen-tools", role="toolbar", **{"aria-label": _("Map tools")})


def _coordinates() -> Component:
    """The way without a map: degrees typed by hand."""

    fields = [text_input("erfassen-lat", _("Latitude")), text_input("erfassen-lon", _("Longitude"))]
    use = button(_("Set this point"), **{"data-erfassen": "coordinates"})
    problem = html.P(id="erfassen-coordinates-problem", className="form-problem", role="alert", hidden=True)
    body = html.Div([*fields, use], className="erfassen-coordinates-fields")
    return html.Details([html.Summary(_("Enter coordinates")), body, problem], className="erfassen-coordinates")


def _map_parts(settings: Settings, extent: Any, outlines: tuple[Outline, ...]) -> dict[str, Any]:
    is_invented = signed_in().account.is_demonstration_city
    basemap = None
    # A real base map never lies under invented data.
    if settings.basemap is not None and not is_invented:
        basemap = raster_source(settings.basemap, settings.basemap_attribution)
    return {
        "extent": extent,
        "styles": {theme: _style(theme, basemap, outlines) for theme in THEMES},
        "templates": {theme: _templates(theme) for theme in THEMES},
        "urls": {"place": href(PLACE), "duplicates": href(DUPLICATES)},
        "form": ids.FORM,
        "words": _words(),
    }


def _templates(theme: Any) -> list[list[Any]]:
    """The layer of objects by state, without the places between layers of the large map's style."""
    traces = object_traces("state", theme)
    return [[name, {key: value for key, value in one.items() if key != "below"}] for name, one in traces.items()]


def _style(theme: Any, basemap: Mapping[str, Any] | None, outlines: tuple[Outline, ...]) -> dict[str, Any]:
    line = {
        "id": "outlines",
        "type": "line",
        "source": "outlines",
        "metadata": {"part": "ways"},
        "paint": {"line-color": _OUTLINE_COLOUR[theme], "line-width": 1.6, "line-dasharray": [3, 2]},
    }
    style = base_style(theme, [*context_style(theme), line], basemap, ())
    features = [{"type": "Feature", "geometry": one.geometry, "properties": {}} for one in outlines]
    style["sources"]["outlines"] = {"type": "geojson", "data": {"type": "FeatureCollection", "features": features}}
    return style


def _words() -> dict[str, str]:
    return {
        "canvas": _("Map for choosing a point. Arrow keys move it, plus and minus change the scale."),
        "attribution": _("Source of the base map"),
        "unable": _("This browser cannot draw the map. Choose an address or enter coordinates."),
        "failed": _("The place could not be looked up. Check the connection; you can go on all the same."),
        "looking": _("Looking what lies here …"),
        "nearest": _("Nearest official address:"),
        "no_nearest": _("No official address within 150 m."),
        "take": _("Take over"),
        "coordinates": _("Please enter degrees, for example 51.3600 and 7.4700."),
        "duplicates": _("Likely there already"),
        "add_there": _("Add a note there"),
        "no_duplicates": _("Nothing is recorded at this place yet."),
    }
