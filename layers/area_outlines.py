"""Areas of one kind, shaded by the number of properties of the filter; kinds are never shown or summed together."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from geodata.access import Asker
from geodata.areas import read_areas
from layers.base import Layer, LegendEntry, Loaded, TableTwin, Theme, Trace, Wish
from layers.focus_areas import FOCUS_KIND
from layers.outlines import (
    area_columns,
    count_rows,
    feature_collection,
    fill_trace,
    line_trace,
    name_trace,
    read_counted,
)

_SCALE: Final[Mapping[Theme, list[list[Any]]]] = {
    "light": [[0, "rgba(88,104,128,0.0)"], [1, "rgba(88,104,128,0.20)"]],
    "dark": [[0, "rgba(150,168,194,0.0)"], [1, "rgba(150,168,194,0.16)"]],
}
_LINE: Final[Mapping[Theme, str]] = {"light": "rgba(60,72,90,0.75)", "dark": "rgba(190,202,220,0.65)"}


def _traces(theme: Theme) -> Mapping[str, Trace]:
    return {
        "areas_fill": fill_trace(_SCALE[theme]),
        "areas_line": line_trace(_LINE[theme], 1.6),
        "areas_names": name_trace(theme),
    }


def _kinds(asker: Asker, as_of: date) -> tuple[str, ...]:
    kinds = dict.fromkeys(area.kind for area in read_areas(asker, as_of))
    return tuple(kind for kind in kinds if kind != FOCUS_KIND)


def _kind(asker: Asker, wish: Wish) -> str:
    known = _kinds(asker, wish.as_of)
    return wish.option if wish.option in known else next(iter(known), "")


def _load(asker: Asker, wish: Wish) -> Loaded:
    counted = read_counted(asker, wish, _kind(asker, wish))
    return Loaded(area_columns("areas", counted, wish), shown=len(counted))


LAYER = Layer(
    key="areas",
    title="Areas",
    permission="area:read",
    load=_load,
    trace=_traces,
    legend=(
        LegendEntry("Outline with name and number of properties", swatch="area-line"),
        LegendEntry("The darker, the more properties", swatch="area-ramp"),
    ),
    table=TableTwin(rows=lambda asker, wish: count_rows(asker, wish, _kind(asker, wish))),
    group="areas",
    order=20,
    is_on=True,
    geometry=lambda asker, wish: feature_collection(asker, wish, _kind(asker, wish)),
    options=("area_kind", _kinds),
)
