"""The quiet background: streets, buildings, water, railway and green as vector tiles from the city's own database."""

from layers.base import Layer, LegendEntry, TableTwin, no_traces, nothing
from layers.style import context_style

LAYER = Layer(
    key="context",
    title="Streets and buildings",
    permission="area:read",
    load=nothing,
    trace=no_traces,
    legend=(
        LegendEntry("Street", swatch="street"),
        LegendEntry("Building", swatch="building"),
        LegendEntry("Green", swatch="green"),
        LegendEntry("Water", swatch="water"),
        LegendEntry("Railway", swatch="railway"),
    ),
    table=TableTwin(),
    group="background",
    order=10,
    is_on=True,
    style=context_style,
)
