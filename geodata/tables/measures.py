"""Proceedings: their kinds and steps with clocks, the measures of a property, and cuts of supply."""

from typing import Any

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Numeric,
    SmallInteger,
    Table,
    Text,
    text,
)

from geodata import codes
from geodata.tables.columns import (
    code,
    code_list,
    count,
    current_unique,
    identity,
    metadata,
    municipality_key,
    property_reference,
    versioned,
)


def _yes_or_no(name: str, *, comment: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default=text("false"), comment=comment)


def _amount(name: str, *, comment: str) -> Column[Any]:
    """Euros, never negative; NULL = not stated."""
    return Column(name, Numeric(14, 2), CheckConstraint(f"{name} >= 0", name=name), comment=comment)


def _others(name: str, *, comment: str) -> Column[Any]:
    return Column(name, ARRAY(Text), nullable=False, server_default=text("'{}'"), comment=comment)


def _of_open_rows(table: str, *columns: str, name: str) -> Index:
    return Index(f"{table}_{name}_idx", *columns, postgresql_where=text("superseded_at IS NULL"))


measure_kind = Table(
    "measure_kind",
    metadata,
    Column("code", Text, primary_key=True, comment="kind of proceeding"),
    code("family", codes.MEASURE_FAMILIES, comment="group to which the kind belongs", nullable=False),
    Column("sort", SmallInteger, nullable=False, comment="usual order, milder ones first"),
    Column("legal_basis", Text, comment="legal basis; NULL = none is needed, or none was named yet"),
    _yes_or_no("is_confirmed", comment="false = to be checked: nobody in charge has confirmed the legal basis yet"),
    _yes_or_no("needs_safeguards", comment="true = milder means, replacement housing and who decided are required"),
    _yes_or_no("is_last_resort", comment="true = not proposed while a milder kind is open to take"),
    _others("follows", comment="kinds after which it usually comes; empty = it can come first"),
    _amount("amount_limit_eur", comment="highest amount in euros that it may order; NULL = none is known"),
    comment="Kinds of proceedings with their legal basis; data, so that a city can confirm and change them",
)

measure_step_kind = Table(
    "measure_step_kind",
    metadata,
    Column("measure_kind", Text, ForeignKey("qm.measure_kind.code"), primary_key=True, comment="kind of proceeding"),
    Column("code", Text, primary_key=True, comment="step of it"),
    Column("sort", SmallInteger, nullable=False, comment="usual order within the kind"),
    Column("legal_basis", Text, comment="legal basis; NULL = that of the kind"),
    _yes_or_no("is_confirmed", comment="false = to be checked: nobody in charge has confirmed basis and clock yet"),
    code("clock_from", codes.CLOCK_STARTS, comment="day from which the clock counts; NULL = the step has no deadline"),
    Column(
        "clock_months",
        SmallInteger,
        CheckConstraint("clock_months >= 0", name="clock_months"),
        comment="months of the clock; NULL = none by the rule",
    ),
    Column(
        "clock_days",
        SmallInteger,
        CheckConstraint("clock_days >= 0", name="clock_days"),
        comment="days of the clock, after its months; NULL = none by the rule",
    ),
    code("deadline_is", codes.DEADLINE_BASES, comment="what sets the deadline; NULL = the step has none"),
    _yes_or_no("moves_to_working_day", comment="true = from a weekend or holiday it moves to the next working day"),
    Column("extends", Text, comment="earlier step whose deadline the clock of this one prolongs; NULL = none"),
    _others("meets", comment="earlier steps whose deadline this step ends"),
    _others("comes_after", comment="steps of the kind after one of which it comes; empty = it can come first"),
    _yes_or_no("is_end", comment="true = with it the proceeding can be closed"),
    CheckConstraint("num_nonnulls(clock_months, clock_days) = 0 OR deadline_is IS NOT NULL", name="clock"),
    comment="Steps of each kind of proceeding with their clocks; data, so that a city can confirm and change them",
)

measure = Table(
    "measure",
    metadata,
    identity(),
    municipality_key(),
    property_reference(),
    Column("key", Text, nullable=False, comment="source key, or one of the application"),
    Column("kind", Text, ForeignKey("qm.measure_kind.code"), nullable=False, comment="kind of proceeding"),
    code("office", codes.OFFICES, comment="office that conducts it; NULL = not stated"),
    Column("file_reference", Text, comment="file reference of the proceeding"),
    Column("opened_on", Date, nullable=False, comment="first day"),
    Column("follows_key", Text, comment="key of the proceeding that this one enforces or collects; NULL = none"),
    Column("closed_on", Date, comment="last day; NULL = open"),
    code("outcome", codes.MEASURE_OUTCOMES, comment="how it ended; NULL = open"),
    Column("is_order_enforceable", Boolean, comment="whether what was ordered can be enforced; NULL = not stated"),
    Column("is_coercion_enforceable", Boolean, comment="whether the coercive step can be taken; NULL = not stated"),
    Column("final_on", Date, comment="day on which the order became final; NULL = not yet, or not stated"),
    code("court_status", codes.COURT_STATUSES, comment="where a court action stands; NULL = not stated"),
    Column("court_since_on", Date, comment="date since which it stands there"),
    _amount("amount_ordered_eur", comment="amount ordered in euros"),
    _amount("amount_paid_eur", comment="of it paid, in euros"),
    _amount("amount_recovered_eur", comment="of it recovered by execution, in euros"),
    code_list("causes", codes.MEASURE_CAUSES, comment="why it began"),
    code_list("milder_means", codes.MILDER_MEANS, comment="what was weighed before; or immediate danger"),
    Column("milder_means_note", Text, comment="why it was not enough; for case workers only"),
    count("replacement_dwellings_offered", comment="number of dwellings offered as replacement; NULL = not stated"),
    count("replacement_households_offered", comment="number of households offered replacement; NULL = not stated"),
    Column("decided_by", Text, comment="function or body that decided, never a person"),
    Column("decided_on", Date, comment="date of the decision"),
    Column("averted_until_on", Date, comment="last day until which what averted a pre-emption binds; NULL = none"),
    Column("next_check_on", Date, comment="day on which somebody looks at it again; NULL = none"),
    Column("note", Text, comment="free text; for case workers only"),
    *versioned(is_editable=True),
    CheckConstraint("closed_on >= opened_on", name="closed"),
    CheckConstraint("(closed_on IS NULL) = (outcome IS NULL)", name="outcome_dated"),
    current_unique("measure", "municipality", "key"),
    _of_open_rows("measure", "property_id", name="property"),
    # The deadlines of a city are those of its open proceedings, a small part of all.
    _of_open_rows("measure", "municipality", "closed_on", name="closed"),
    comment="Proceedings of a property: legal instruments and the cooperative path",
)

measure_step = Table(
    "measure_step",
    metadata,
    identity(),
    municipality_key(),
    property_reference(),
    Column("key", Text, nullable=False, comment="source key, or one of the application"),
    Column("measure_key", Text, nullable=False, comment="key of the proceeding to which it belongs"),
    code("kind", codes.MEASURE_STEPS, comment="what was done", nullable=False),
    Column("happened_on", Date, nullable=False, comment="day on which it was done; of a letter its date"),
    Column("served_on", Date, comment="date of service, from which clocks run; NULL = not served, or not known"),
    Column("due_on", Date, comment="deadline as the letter states it or as agreed; NULL = by the rule of the step"),
    Column("met_on", Date, comment="day on which what was asked was done; NULL = not yet, or a later step says it"),
    _amount("amount_eur", comment="amount of the step in euros"),
    Column("note", Text, comment="free text; for case workers only"),
    *versioned(is_editable=True),
    CheckConstraint("served_on >= happened_on", name="served"),
    CheckConstraint("due_on >= happened_on", name="due"),
    CheckConstraint("met_on >= happened_on", name="met"),
    current_unique("measure_step", "municipality", "key"),
    _of_open_rows("measure_step", "property_id", name="property"),
    _of_open_rows("measure_step", "municipality", "measure_key", name="measure"),
    comment="Steps of a proceeding with their date of service and deadline",
)

supply_cut = Table(
    "supply_cut",
    metadata,
    identity(),
    municipality_key(),
    property_reference(),
    Column("key", Text, nullable=False, comment="source key, or one of the application"),
    code("utility", codes.UTILITIES, comment="what is cut off", nullable=False),
    code("reason", codes.CUT_REASONS, comment="why", nullable=False),
    Column("announced_on", Date, comment="day on which it was announced; NULL = not known"),
    Column("planned_on", Date, comment="day for which it is announced; NULL = not known"),
    Column("cut_on", Date, comment="day on which it was cut off; NULL = not yet"),
    Column("restored_on", Date, comment="day on which it was restored, or the threat was over; NULL = not yet"),
    count("dwellings_affected", comment="number of dwellings concerned; NULL = not stated"),
    Column("note", Text, comment="free text; for case workers only"),
    *versioned(is_editable=True),
    CheckConstraint("num_nonnulls(announced_on, cut_on) > 0", name="dated"),
    CheckConstraint("planned_on >= announced_on", name="planned"),
    CheckConstraint("cut_on >= announced_on", name="cut"),
    CheckConstraint("restored_on >= coalesce(cut_on, announced_on)", name="restored"),
    current_unique("supply_cut", "municipality", "key"),
    _of_open_rows("supply_cut", "property_id", name="property"),
    comment="Cuts of supply of a house: announced, done, restored",
)
