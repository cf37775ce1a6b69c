"""Inspections that are due, as rings round the properties: the symbol in the ring still says what the property is."""

from datetime import timedelta

from geodata.access import Asker
from geodata.filters import SOON_DAYS
from geodata.properties import Cells, read_view
from layers.base import Layer, LegendEntry, Loaded, TableTwin, Wish
from layers.objects import symbol_trace


def _load(asker: Asker, wish: Wish) -> Loaded:
    asker.require("plan:read")
    view = read_view(asker, wish.chosen, wish.frame)
    if isinstance(view, Cells):
        # Hexagons count properties; a second count in the same place would be read as a part of the first.
        return Loaded({}, shown=0, is_summed=True)
    soon = wish.as_of + timedelta(days=SOON_DAYS)
    due = [(index, due_on) for index, due_on in enumerate(view.due_on) if due_on is not None and due_on <= soon]
    if not due:
        return Loaded({}, shown=0)
    columns = {
        "lon": [view.lon[index] for index, _ in due],
        "lat": [view.lat[index] for index, _ in due],
        "marker.symbol": ["due_overdue" if due_on < wish.as_of else "due_soon" for _, due_on in due],
    }
    return Loaded({"due_rings": columns}, shown=len(due))


LAYER = Layer(
    key="due",
    title="Inspections due",
    permission="plan:read",
    load=_load,
    trace=lambda theme: {"due_rings": symbol_trace(size=11)},
    legend=(
        LegendEntry("Overdue", symbol="due_overdue"),
        LegendEntry("Due within 30 days", symbol="due_soon"),
    ),
    table=TableTwin(columns=("due_on",)),
    group="overlay",
    order=42,
    hint="Rings appear where single properties are shown.",
)
