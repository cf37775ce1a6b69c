"""Ids of the page, and which control stands for which part of the link."""

from typing import Final

from geodata.codes import AREA_KINDS

GRAPH: Final = "karte-graph"
TABLE: Final = "karte-table"
SETUP: Final = "karte-setup"

# What the link says, as stores; each has one writer, `karte.read_link`.
FILTER: Final = "karte-filter"
SCENE: Final = "karte-scene"
OBJECT: Final = "karte-object"

COUNT: Final = "karte-count"
SUMMARY: Final = "karte-summary"
AREA_TABLES: Final = "karte-area-tables"
CARD: Final = "karte-card"
PLACE: Final = "karte-place"

# Where clientside functions end that only act (on the link, the table, the map): Dash wants an output.
DONE: Final = "karte-done"

TEXT: Final = "karte-text"
STATE: Final = "karte-state"
USE: Final = "karte-use"
COLOUR: Final = "karte-colour"
INHABITED: Final = "karte-inhabited"
DUE: Final = "karte-due"
CONTROL: Final = "karte-control"
LAST_BEFORE: Final = "karte-last-before"
NEVER: Final = "karte-never"
AREAS: Final = {kind: f"karte-area-{kind}" for kind in AREA_KINDS}

LAYERS_OBJECTS: Final = "karte-layers-objects"
LAYERS_AREAS: Final = "karte-layers-areas"
LAYERS_MORE: Final = "karte-layers-more"

# (id of a control, part of the link); several controls may fill one part. `layers` is put together in the browser.
CONTROLS: Final = (
    (TEXT, "text"),
    (STATE, "state"),
    (USE, "use"),
    (COLOUR, "colour"),
    (INHABITED, "inhabited"),
    (DUE, "due"),
    (CONTROL, "control"),
    (LAST_BEFORE, "last_before"),
    (NEVER, "never"),
    *((control, "area") for control in AREAS.values()),
    (LAYERS_OBJECTS, "layers"),
    (LAYERS_AREAS, "layers"),
    (LAYERS_MORE, "layers"),
)


def done(name: str) -> str:
    """Id of the store in which one acting function ends."""
    return f"{DONE}-{name}"
