"""What the sources about money share: the rules of `geodata/funding/checks.py` in the words of a delivery report."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import pandas as pd

from etl.casts import Problem

MOST_EUR: Final = 999_999_999_999  # what the columns hold
_WORDS: Final = {
    "required": "expected a value, because another field of the row asks for it, found an empty field",
    "over_eligible": "expected at most the eligible cost, found more",
    "over_share": "expected at most the share of the eligible cost, found more",
    "before_grant": "expected a date from the day of the notice on, found an earlier one",
    "below_least": "expected at least the smallest share, found less",
    "beyond_bounds": "expected a share within the bounds of the programme, found another one",
    "before_call": "expected a date from the day of the call on, found an earlier one",
    "over_call": "expected at most the amount called, found more",
    "before_payment": "expected a date from the day of the payment on, found an earlier one",
    "over_payment": "expected at most the amount paid, found more",
}
Rule = Callable[[Mapping[str, Any]], dict[str, str]]


def checking(rule: Rule, *needed: str) -> Callable[[pd.DataFrame], list[Problem]]:
    """A check of all rows by a rule; rows that lack one of the `needed` fields are rejected for that already."""

    def check(frame: pd.DataFrame) -> list[Problem]:
        return list(_problems(frame, rule, needed))

    return check


def _problems(frame: pd.DataFrame, rule: Rule, needed: tuple[str, ...]) -> Iterator[Problem]:
    # Whole columns at once: money has thousands of rows, no millions.
    for position, row in enumerate(frame.to_dict("records")):
        known = {str(name): None if _is_missing(value) else value for name, value in row.items()}
        if all(known[name] is not None for name in needed):
            for name, code in rule(known).items():
                yield Problem(position, name, _WORDS[code])


def _is_missing(value: Any) -> bool:
    return not isinstance(value, list | tuple) and bool(pd.isna(value))
