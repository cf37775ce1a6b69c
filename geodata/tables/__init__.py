"""The tables of the database, schema `qm`, as SQLAlchemy sees them.

Rules that hold for every table here:

- A table with a city's data starts with `municipality` and is under row policies (`migrations/versions`).
- A *fact* is a versioned row: `recorded_at` says when the system learnt it, `superseded_at` when a later fact replaced
  it (the only column that is ever updated, once). A partial unique index keeps one current row for each business key.
- `delivery_id` names the delivery that brought the row; NULL means that it was entered in the application.
- Geometry is EPSG:25832, metres; a name that ends in `_4326` is longitude and latitude, simplified for display.
- Business dates are `date` (Europe/Berlin), moments `timestamptz` (UTC). Codes are text with a CHECK (`codes.py`).
"""

from geodata.tables.accounts import account, ended_session, sign_in_attempt
from geodata.tables.assessments import (
    assessment_contribution,
    assessment_current,
    assessment_report,
    assessment_run,
    assessment_setting,
    assessment_threshold,
)
from geodata.tables.columns import SCHEMA, metadata
from geodata.tables.controls import (
    control_type,
    control_type_satisfies,
    inspection,
    inspection_round,
    interval_release,
    interval_rule,
)
from geodata.tables.deliveries import delivery, rejected_row, repair
from geodata.tables.demolitions import demolition_stage, demolition_stage_kind
from geodata.tables.derived import (
    cell_count,
    figure_cube,
    overdue_day,
    pair_cube,
    property_area,
    property_current,
    property_due,
    refresh,
)
from geodata.tables.edits import edit, note, photograph, property_link, watch
from geodata.tables.funding import funding_call, funding_cost, funding_grant, funding_interest, funding_programme
from geodata.tables.housing import (
    closure,
    closure_event,
    dwelling_change,
    housing_definition,
    replacement_dwelling,
)
from geodata.tables.jobs import job
from geodata.tables.keeping import erasure, erasure_reason, retention_rule
from geodata.tables.loading import set_aside
from geodata.tables.measures import measure, measure_kind, measure_step, measure_step_kind, supply_cut
from geodata.tables.places import address, area, area_kind, area_relation, area_version, context_feature, municipality
from geodata.tables.properties import (
    assessment_colour,
    assessment_event,
    property_,
    property_address,
    property_version,
    status_event,
)
from geodata.tables.resolutions import resolution
from geodata.tables.round_plans import round_plan, round_plan_skip, round_plan_stop
from geodata.tables.scenarios import scenario

# Facts about a property: their row policies ask whether the asker may see the property.
PROPERTY_FACTS = (
    property_version,
    status_event,
    assessment_event,
    inspection,
    demolition_stage,
    measure,
    measure_step,
    supply_cut,
    closure,
    closure_event,
    dwelling_change,
    property_area,
    property_due,
)
VERSIONED = (
    area_version,
    area_relation,
    address,
    context_feature,
    property_version,
    status_event,
    assessment_event,
    interval_rule,
    inspection_round,
    inspection,
    demolition_stage,
    measure,
    measure_step,
    supply_cut,
    resolution,
    closure,
    closure_event,
    dwelling_change,
    replacement_dwelling,
    funding_programme,
    funding_grant,
    funding_call,
    funding_cost,
)

__all__ = [
    "PROPERTY_FACTS",
    "SCHEMA",
    "VERSIONED",
    "account",
    "address",
    "area",
    "area_kind",
    "area_relation",
    "area_version",
    "assessment_colour",
    "assessment_contribution",
    "assessment_current",
    "assessment_event",
    "assessment_report",
    "assessment_run",
    "assessment_setting",
    "assessment_threshold",
    "cell_count",
    "closure",
    "closure_event",
    "context_feature",
    "control_type",
    "control_type_satisfies",
    "delivery",
    "demolition_stage",
    "demolition_stage_kind",
    "dwelling_change",
    "edit",
    "ended_session",
    "erasure",
    "erasure_reason",
    "figure_cube",
    "funding_call",
    "funding_cost",
    "funding_grant",
    "funding_interest",
    "funding_programme",
    "housing_definition",
    "inspection",
    "inspection_round",
    "interval_release",
    "interval_rule",
    "job",
    "measure",
    "measure_kind",
    "measure_step",
    "measure_step_kind",
    "metadata",
    "municipality",
    "note",
    "overdue_day",
    "pair_cube",
    "photograph",
    "property_",
    "property_address",
    "property_area",
    "property_current",
    "property_due",
    "property_link",
    "property_version",
    "refresh",
    "rejected_row",
    "repair",
    "replacement_dwelling",
    "resolution",
    "retention_rule",
    "round_plan",
    "round_plan_skip",
    "round_plan_stop",
    "scenario",
    "set_aside",
    "sign_in_attempt",
    "status_event",
    "supply_cut",
    "watch",
]
