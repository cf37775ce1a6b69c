"""Properties by the colour of their assessment (pressure of the problem x room to act)."""

from geodata.access import Asker
from geodata.properties import Points
from layers.base import Layer, LegendEntry, Loaded, TableTwin, Wish
from layers.objects import FAR_OUT, load_objects, object_traces


def _symbol(points: Points, index: int) -> str:
    return f"assessment_{points.colour[index] or 'none'}"


def _load(asker: Asker, wish: Wish) -> Loaded:
    asker.require("proceeding:read")
    return load_objects(asker, wish, "assessment", _symbol)


LAYER = Layer(
    key="assessment",
    title="Properties by assessment",
    permission="proceeding:read",
    load=_load,
    trace=lambda theme: object_traces("assessment", theme),
    legend=(
        LegendEntry("Red: act first", symbol="assessment_red"),
        LegendEntry("Yellow: act as planned", symbol="assessment_yellow"),
        LegendEntry("Green: keep an eye on it", symbol="assessment_green"),
        LegendEntry("Not assessed", symbol="assessment_none"),
    ),
    table=TableTwin(columns=("colour",)),
    group="objects",
    order=41,
    hint=FAR_OUT,
)
