"""When a delivery is refused whole: pure rules over its counts, each with its sentence."""

from collections.abc import Mapping
from dataclasses import dataclass

MOST_REJECTED_SHARE = 0.05
MOST_REJECTED_ROWS = 5


@dataclass(frozen=True)
class Placement:
    """How many rows were placed, and how many of these outside the expected extent."""

    placed: int = 0
    outside: int = 0
    hint: str | None = None


def refusal(counts: Mapping[str, int], placement: Placement, *, erased: int = 0) -> str | None:
    """Why the delivery is refused, None where it is not. Rows that the mapping's filter leaves out do not count.

    `erased` of the rejected rows bring back what was erased: no fault of the file, so they do not speak against it.
    """
    considered = counts["read"] - counts["skipped"]
    rejected = counts["rejected"]
    if erased < considered:
        considered, rejected = considered - erased, rejected - erased
    if placement.placed and placement.outside == placement.placed:
        return " ".join(filter(None, ["Everything lies outside the expected extent.", placement.hint]))
    if counts["read"] == 0:
        return "The file has no rows."
    if considered == 0:
        return f"The filter of the mapping leaves none of the {counts['read']} rows."
    if rejected == considered:
        return f"Nothing would be loaded: all {rejected} rows are rejected."
    if rejected > MOST_REJECTED_ROWS and rejected > MOST_REJECTED_SHARE * considered:
        return (
            f"{rejected} of {considered} rows are rejected; expected at most {MOST_REJECTED_ROWS} rows "
            f"or {MOST_REJECTED_SHARE:.0%}."
        )
    return None
