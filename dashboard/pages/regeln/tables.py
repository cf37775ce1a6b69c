"""The table of rules as files: all that stands on the page, with values of their types."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from dashboard.i18n import N_
from dashboard.rule_words import where_words, years_words
from dashboard.tables import Column, RemoteTable, Slice, TablePage
from geodata.access import Asker
from geodata.rules.burden import Burden, read_burden
from geodata.rules.reads import RuleShown, read_rules


def read(asker: Asker, query: Mapping[str, str], wanted: Slice) -> TablePage:
    """Rules in force, later ones and ended ones, in the order of the page."""
    as_of = date.fromisoformat(query["as_of"])
    burden = read_burden(asker, as_of)
    rules = read_rules(asker, as_of, with_ended=True)
    return TablePage.of([row_values(rule, burden.get(rule.key)) for rule in rules], wanted)


def state_of(rule: RuleShown) -> str:
    """In force, later or ended on the as-of date."""
    return "in_force" if rule.is_in_force else "later" if rule.begins_on_later else "ended"


def row_values(rule: RuleShown, burden: Burden | None) -> dict[str, Any]:
    """One row in the columns of the table."""
    names = (
        "id", "key", "control_type", "area_name", "use_type", "interval_days", "access_required",
        "access_required_if_empty", "is_statutory", "legal_basis", "reason", "resolution", "decided_by", "valid_from",
        "valid_to", "release_after_clean_visits", "pairs", "overdue",
    )  # fmt: skip
    return {
        **{name: getattr(rule, name) for name in names},
        "area_name": where_words(rule.area_name, None),
        "rule_state": state_of(rule),
        "years": years_words(rule.interval_days),
        "on_time": rule.pairs - rule.overdue,
        "visits_asked": 365 / rule.interval_days,
        "visits_held": burden.visits_of_year / rule.pairs if burden and rule.pairs else None,
        "controls": burden.controls if burden else 0,
        "without_finding": burden.without_finding if burden else 0,
    }


TABLE = RemoteTable(
    key="regeln",
    title=N_("Interval rules"),
    permission="plan:read",
    columns=(
        Column("control_type", N_("Kind of control"), "code", code_list="control_type", width=240),
        Column("area_name", N_("Area"), "text", width=200),
        Column("use_type", N_("Use"), "code", code_list="use_type", width=140),
        Column("interval_days", N_("Interval"), "days", width=120),
        Column("years", N_("In years"), "text", width=120),
        Column("rule_state", N_("In force or not"), "code", code_list="rule_state", width=120),
        Column("is_statutory", N_("Duty by law"), "yes_no", width=120),
        Column("access_required", N_("Access needed"), "code", code_list="access", width=160),
        Column("access_required_if_empty", N_("Access needed at an empty building"), "code", code_list="access"),
        Column(
            "pairs",
            N_("Objects under the rule"),
            "integer",
            definition=N_("Recorded objects that are not closed, for which this rule is the one that counts."),
        ),
        Column("on_time", N_("On time"), "integer", definition=N_("Of these, not overdue on the as-of date.")),
        Column("overdue", N_("Overdue"), "integer"),
        Column(
            "visits_asked",
            N_("Visits per house and year asked for"),
            "decimal",
            definition=N_("365 days divided by the interval."),
        ),
        Column(
            "visits_held",
            N_("Visits per house and year held"),
            "decimal",
            definition=N_("Controls of this kind in the last 365 days, divided by the objects under the rule."),
        ),
        Column(
            "without_finding",
            N_("Without a finding"),
            "integer",
            definition=N_(
                "Of all controls of this kind in the last three years at the objects under the rule, completed or not."
            ),
        ),
        Column("controls", N_("Controls in three years"), "integer"),
        Column("legal_basis", N_("Legal basis"), "text"),
        Column("reason", N_("Reason"), "text"),
        Column("resolution", N_("Resolution"), "text"),
        Column("decided_by", N_("Decided by"), "text"),
        Column("valid_from", N_("In force from"), "date"),
        Column("valid_to", N_("No longer in force from"), "date"),
        Column("release_after_clean_visits", N_("Release proposed after"), "integer"),
        Column("key", N_("Key"), "text"),
    ),
    read=read,
)
