"""Proceedings: talks, orders, coercion, fines and acquisitions of properties, with what came of them.

Their dated steps come in a source of their own (`measure_steps`). Which kinds there are, and which of them close a
house, is data of the database; what closes a house is rejected without its safeguards.
"""

from collections.abc import Iterator
from typing import Final

import pandas as pd

from etl.casts import Problem
from etl.row_rules import earlier_than, lonely
from etl.source import IS_NEWS, PROPERTY_KEY, Field, Kind, Lookup, Source, Unfit, implying, leaves_parts, source_key
from geodata import codes
from geodata.tables import measure

_MOST_EUR: Final = 999_999_999_999  # what the column holds
_MOST: Final = 9_999

_EMPTY: Final = "'expected a value before a house is closed, found an empty field'"
_IS_IN_DANGER: Final = "'immediate_danger' = ANY (l.milder_means)"
_NEEDS_HOUSING: Final = f"l.needs_safeguards AND NOT ({_IS_IN_DANGER})"

_FIRST_STEP_ON: Final = (
    "(SELECT min(f.happened_on) FROM qm.measure_step AS f WHERE f.municipality = :municipality"
    " AND f.measure_key = l.key AND f.superseded_at IS NULL)"
)
_LOOKUP: Final = Lookup(
    joins="LEFT JOIN qm.measure_kind AS mk ON mk.code = s.kind",
    columns=(
        "mk.code AS known_kind",
        "mk.needs_safeguards",
    ),
    unfit=(
        Unfit("(l.known_kind IS NULL)", "kind", "'expected a known kind of proceeding, but there is no ' || l.kind"),
        Unfit("(l.follows_key = l.key)", "follows_key", "'expected another proceeding, but it cannot follow itself'"),
        Unfit("(l.needs_safeguards AND cardinality(l.milder_means) = 0)", "milder_means", _EMPTY),
        *(
            Unfit(f"({_NEEDS_HOUSING} AND l.{name} IS NULL)", name, _EMPTY)
            for name in ("replacement_dwellings_offered", "replacement_households_offered")
        ),
        Unfit("(l.needs_safeguards AND l.decided_by IS NULL)", "decided_by", _EMPTY),
        Unfit(
            leaves_parts("qm.measure_step", "measure_key"),
            "property_key",
            "'expected the property to which the steps of this proceeding belong, found another one'",
        ),
        Unfit(
            f"({IS_NEWS} AND l.opened_on > {_FIRST_STEP_ON})",
            "opened_on",
            f"'expected a date up to the first step (' || to_char({_FIRST_STEP_ON}, 'DD.MM.YYYY')"
            " || '), found a later one'",
        ),
    ),
    # What a proceeding follows may come further down in the same file.
    rejecting="reject_followers",
)


def check(frame: pd.DataFrame) -> list[Problem]:
    """What does not fit together in a row, each reason once."""
    return list(_problems(frame))


def _problems(frame: pd.DataFrame) -> Iterator[Problem]:
    for end in ("closed_on", "final_on", "court_since_on", "averted_until_on", "next_check_on"):
        yield from earlier_than(frame, "opened_on", end)
    for name, other in (("outcome", "closed_on"), ("closed_on", "outcome"), ("court_since_on", "court_status")):
        yield from lonely(frame, name, other)


SOURCE = Source(
    name="measures",
    doc="Proceedings of properties: legal instruments and the cooperative path",
    table=measure,
    changes_state=False,
    fields=(
        source_key("property, kind and first day"),
        *implying(codes.USE_TYPES),
        Field("kind", "kind of proceeding", Kind.CODE, is_required=True, codes=codes.MEASURE_KINDS),
        Field("office", "office that conducts it", Kind.CODE, codes=codes.OFFICES),
        Field("file_reference", "file reference of the proceeding"),
        Field("opened_on", "first day", Kind.DATE, is_required=True),
        Field("follows_key", "key of the proceeding that this one enforces or collects"),
        Field("closed_on", "last day; empty = open", Kind.DATE),
        Field("outcome", "how it ended", Kind.CODE, codes=codes.MEASURE_OUTCOMES),
        Field("is_order_enforceable", "what was ordered can be enforced", Kind.BOOLEAN),
        Field("is_coercion_enforceable", "the coercive step can be taken", Kind.BOOLEAN),
        Field("final_on", "day on which the order became final", Kind.DATE),
        Field("court_status", "where a court action stands", Kind.CODE, codes=codes.COURT_STATUSES),
        Field("court_since_on", "date since which it stands there", Kind.DATE),
        *(
            Field(name, doc, Kind.DECIMAL, minimum=0, maximum=_MOST_EUR)
            for name, doc in (
                ("amount_ordered_eur", "amount ordered in euros"),
                ("amount_paid_eur", "of it paid, in euros"),
                ("amount_recovered_eur", "of it recovered by execution, in euros"),
            )
        ),
        Field("causes", "why it began", Kind.CODE_LIST, codes=codes.MEASURE_CAUSES),
        Field("milder_means", "what was weighed before", Kind.CODE_LIST, codes=codes.MILDER_MEANS),
        Field("milder_means_note", "why it was not enough", is_free_text=True),
        Field("replacement_dwellings_offered", "dwellings offered", Kind.INTEGER, minimum=0, maximum=_MOST),
        Field("replacement_households_offered", "households offered one", Kind.INTEGER, minimum=0, maximum=_MOST),
        Field("decided_by", "function or body that decided, never a person"),
        Field("decided_on", "date of the decision", Kind.DATE),
        Field("averted_until_on", "last day on which what averted a pre-emption binds", Kind.DATE, is_plan=True),
        Field("next_check_on", "day on which somebody looks at it again", Kind.DATE, is_plan=True),
        Field("note", "note in words", is_free_text=True),
    ),
    key_parts=(PROPERTY_KEY.name, "kind", "opened_on"),
    is_of_property=True,
    dated_by="opened_on",
    lookup=_LOOKUP,
    check=check,
)
