"""What a rejected row may tell of a source that takes over persons: its line, the field, and our own words.

Rejected rows are kept for 90 days where case workers read them, and reasons stand in reports, logs of jobs and on
screens. In a shifted row a name stands in any column, so nothing of such a row is kept and no value is quoted.
"""

import re
from dataclasses import replace
from typing import Final

from etl.rows import Rejection
from etl.source import Source

# Reasons in which nothing of the row stands.
_OURS: Final = re.compile(
    r"duplicate of line \d+|erased on .*|expected (a value|a parcel|an address), found an empty field"
    r"|expected a share like .*|expected one (row|description) for a key, .*|expected \d+ fields, but \d+ came"
)
_UNKNOWN: Final = re.compile(r"(expected a property of register [^,]*), but .* is unknown", re.DOTALL)


def withheld(rejections: list[Rejection], source: Source) -> list[Rejection]:
    """The rejections as they may be kept and shown; those of other sources as they are."""
    if not source.is_of_persons:
        return rejections
    return [replace(one, reason=_without_quote(one.reason), row={}) for one in rejections]


def _without_quote(reason: str) -> str:
    if _OURS.fullmatch(reason):
        return reason
    if unknown := _UNKNOWN.fullmatch(reason):
        return f'{unknown[1]}, but "…" is unknown'
    before, found, _ = reason.partition(", found ")
    if found:
        return f'{before}, found "…"'
    return "expected another value (what came is not kept, because this source tells of persons)"
