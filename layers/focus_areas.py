"""Focus areas (Fokusraum): where the city has decided to look more often; drawn over other areas."""

from collections.abc import Mapping
from typing import Any, Final

from geodata.access import Asker
from layers.base import Layer, LegendEntry, Loaded, TableTwin, Theme, Trace, Wish
from layers.outlines import (
    area_columns,
    count_rows,
    feature_collection,
    fill_trace,
    line_trace,
    name_trace,
    read_counted,
)

FOCUS_KIND: Final = "fokusraum"
_FILL: Final = "rgba(15,118,140,0.10)"
_SCALE: Final[list[list[Any]]] = [[0, _FILL], [1, _FILL]]
_LINE: Final[Mapping[Theme, str]] = {"light": "#0f768c", "dark": "#4fc3d9"}


def _traces(theme: Theme) -> Mapping[str, Trace]:
    return {
        "focus_fill": fill_trace(_SCALE),
        "focus_line": line_trace(_LINE[theme], 3),
        "focus_names": name_trace(theme, size=12, from_zoom=12.5),
    }


def _load(asker: Asker, wish: Wish) -> Loaded:
    counted = read_counted(asker, wish, FOCUS_KIND)
    return Loaded(area_columns("focus", counted, wish), shown=len(counted))


LAYER = Layer(
    key="focus",
    title="Focus areas",
    permission="area:read",
    load=_load,
    trace=_traces,
    legend=(LegendEntry("Focus area with number of properties", swatch="focus-line"),),
    table=TableTwin(rows=lambda asker, wish: count_rows(asker, wish, FOCUS_KIND)),
    group="overlay",
    order=30,
    is_on=True,
    geometry=lambda asker, wish: feature_collection(asker, wish, FOCUS_KIND),
)
