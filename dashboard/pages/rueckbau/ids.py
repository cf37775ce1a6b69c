"""Ids of the page, and the query values beside those of the common filter."""

from typing import Final

PIPELINE: Final = "rueckbau-pipeline"
GANTT: Final = "rueckbau-gantt"
STAGES: Final = "rueckbau-stages"
TABLE: Final = "rueckbau-table"
MAP: Final = "rueckbau-map"
MAP_PARTS: Final = "rueckbau-map-parts"
COURSE: Final = "rueckbau-course"
COST: Final = "rueckbau-cost"
COSTS: Final = "rueckbau-costs"
OBSTACLES: Final = "rueckbau-obstacles"

# Query values: three restrict which projects are meant, `project` opens one, `kind` chooses the kind of areas, `view`
# what is shown of them, `measure` what the course is a course of, `form` the form that is open.
STAGE: Final = "stage"
PROGRAMME: Final = "programme"
STATUS: Final = "status"
RESTRICTING: Final = (STAGE, PROGRAMME, STATUS)
PROJECT: Final = "project"
# Two properties may have projects of one key; then the link says whose is meant.
PROPERTY: Final = "property"
KIND: Final = "kind"
VIEW: Final = "view"
MEASURE: Final = "measure"
FORM: Final = "form"


def choice(name: str, value: str) -> str:
    """A link that gives a part of the page's link another value; named, so that the focus stays on it."""
    return f"rueckbau-{name}-{value}"
