"""Dated steps of proceedings: letters with their date of service, deadlines, and when they were met.

A step names its proceeding by the key under which that was delivered or entered. It belongs to the property of its
proceeding: where that went to another property with a split, its later steps follow.
"""

from collections.abc import Iterator
from typing import Final

import pandas as pd

from etl.casts import Problem
from etl.row_rules import earlier_than
from etl.source import Field, Kind, Lookup, Source, Unfit, implying, source_key
from geodata import codes
from geodata.tables import measure_step

_MOST_EUR: Final = 999_999_999_999  # what the column holds

_SPLIT: Final = (
    "SELECT FROM qm.property_link AS d WHERE d.from_property_id = p.id AND d.to_property_id = mm.property_id"
    " AND d.kind = 'split' AND d.superseded_at IS NULL"
)
_LOOKUP: Final = Lookup(
    joins=(
        "LEFT JOIN qm.measure AS mm ON mm.municipality = :municipality AND mm.key = s.measure_key"
        " AND mm.superseded_at IS NULL"
        " LEFT JOIN qm.measure_step_kind AS ms ON ms.measure_kind = mm.kind AND ms.code = s.kind"
    ),
    columns=(
        "mm.kind AS measure_kind",
        "mm.opened_on AS measure_opened_on",
        "ms.code AS known_step",
        "mm.property_id IS DISTINCT FROM coalesce(m.to_property_id, p.id) AND p.id IS NOT NULL"
        f" AND NOT EXISTS ({_SPLIT}) AS is_elsewhere",
    ),
    unfit=(
        Unfit(
            "(l.measure_kind IS NULL)",
            "measure_key",
            "'expected a known proceeding, but there is no ' || l.measure_key",
        ),
        Unfit(
            "l.is_elsewhere",
            "property_key",
            "'expected the property of proceeding ' || l.measure_key || ', but it has another one'",
        ),
        Unfit(
            "(l.known_step IS NULL)",
            "kind",
            "'expected a step of the kind of proceeding ' || l.measure_kind || ', but ' || l.kind || ' is none'",
        ),
        Unfit(
            "(l.happened_on < l.measure_opened_on)",
            "happened_on",
            "'expected a date from opened_on (' || to_char(l.measure_opened_on, 'DD.MM.YYYY')"
            " || ') on, found an earlier one'",
        ),
    ),
    property_id="CASE WHEN p.id IS NOT NULL THEN coalesce(mm.property_id, {named}) END",
)


def check(frame: pd.DataFrame) -> list[Problem]:
    """What does not fit together in a row, each reason once."""
    return list(_problems(frame))


def _problems(frame: pd.DataFrame) -> Iterator[Problem]:
    for end in ("served_on", "due_on", "met_on"):
        yield from earlier_than(frame, "happened_on", end)


SOURCE = Source(
    name="measure_steps",
    doc="Steps of proceedings with their date of service and deadline",
    table=measure_step,
    changes_state=False,
    fields=(
        source_key("proceeding, step and date"),
        *implying(codes.USE_TYPES),
        Field("measure_key", "key of the proceeding", is_required=True),
        Field("kind", "what was done", Kind.CODE, is_required=True, codes=codes.MEASURE_STEPS),
        Field("happened_on", "day on which it was done; of a letter its date", Kind.DATE, is_required=True),
        Field("served_on", "date of service, from which clocks run", Kind.DATE),
        Field("due_on", "deadline as stated or agreed; empty = by the rule of the step", Kind.DATE, is_plan=True),
        Field("met_on", "day on which what was asked was done", Kind.DATE),
        Field("amount_eur", "amount of the step in euros", Kind.DECIMAL, minimum=0, maximum=_MOST_EUR),
        Field("note", "note in words", is_free_text=True),
    ),
    key_parts=("measure_key", "kind", "happened_on"),
    is_of_property=True,
    dated_by="happened_on",
    lookup=_LOOKUP,
    check=check,
)
