"""Ids of the page, and the query values beside those of the common filter."""

from typing import Final

PIPELINE: Final = "rueckbau-pipeline"
GANTT: Final = "rueckbau-gantt"
STAGES: Final = "rueckbau-stages"
TABLE: Final = "rueckbau-table"

# Query values: three restrict which projects are meant, `project` opens one, `kind` chooses the kind of areas.
STAGE: Final = "stage"
PROGRAMME: Final = "programme"
STATUS: Final = "status"
RESTRICTING: Final = (STAGE, PROGRAMME, STATUS)
PROJECT: Final = "project"
# Two properties may have projects of one key; then the link says whose is meant.
PROPERTY: Final = "property"
KIND: Final = "kind"
