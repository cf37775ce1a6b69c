"""Properties by the phase of their case: sixteen states are six phases, because nobody tells sixteen symbols apart."""

from typing import Final

from geodata.access import Asker
from geodata.codes import PROCEEDING_STATES
from geodata.properties import Points
from layers.base import Layer, LegendEntry, Loaded, TableTwin, Wish
from layers.objects import FAR_OUT, load_objects, object_traces

PHASES: Final[dict[str, tuple[str, tuple[str | None, ...]]]] = {
    "state_hint": ("Hint or suspicion", ("hint", "suspicion", None)),
    "state_clarified": ("Recorded, being clarified", ("recorded", "assessed", "owner_clarified", "reopened")),
    "state_procedure": (
        "Procedure",
        PROCEEDING_STATES,
    ),
    "state_works": ("Securing, renovation, demolition", ("securing", "renovation", "demolition")),
    "state_aftercare": ("Reuse or observation", ("reuse", "observation")),
    "state_closed": ("Closed or not confirmed", ("closed", "not_confirmed")),
}
_SYMBOL_OF: Final = {state: symbol for symbol, (_, states) in PHASES.items() for state in states}


def _symbol(points: Points, index: int) -> str:
    return _SYMBOL_OF[points.state[index]]


def _load(asker: Asker, wish: Wish) -> Loaded:
    return load_objects(asker, wish, "state", _symbol)


LAYER = Layer(
    key="state",
    title="Properties by state",
    permission="property:read",
    load=_load,
    trace=lambda theme: object_traces("state", theme),
    legend=tuple(
        LegendEntry(
            label, symbol=symbol, permission="proceeding:read" if set(states) <= set(PROCEEDING_STATES) else None
        )
        for symbol, (label, states) in PHASES.items()
    ),
    table=TableTwin(columns=("state", "state_since_on")),
    group="objects",
    order=40,
    is_on=True,
    hint=FAR_OUT,
)
