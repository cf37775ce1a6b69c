"""A rule as a form states it, and a change of the rules; typed, unchecked, and free of the database."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class RuleDraft:
    """One interval rule; `area_id` and `use_type` None = the whole city and every use type.

    `release_after_clean_visits`: after so many effective visits in a row without finding a release is proposed; None =
    never. Whether a rule is statutory is no matter of a form: the law comes with a delivery.
    """

    control_type: str
    area_id: int | None
    use_type: str | None
    interval_days: int
    access_required: str
    access_required_if_empty: str | None
    legal_basis: str | None
    reason: str
    resolution: str | None
    decided_by: str | None
    valid_from: date
    valid_to: date | None = None
    release_after_clean_visits: int | None = None


@dataclass(frozen=True)
class AddRule:
    """A new rule beside the others."""

    draft: RuleDraft


@dataclass(frozen=True)
class ReplaceRule:
    """Another rule in the place of one, from the first day of the draft on."""

    rule_id: int
    draft: RuleDraft


@dataclass(frozen=True)
class EndRule:
    """A rule is no longer in force from `ends_on` on."""

    rule_id: int
    ends_on: date


RuleChange = AddRule | ReplaceRule | EndRule
