"""Ids of the page, and the parts of its link beside those of the common filter."""

from typing import Final

LIST: Final = "verfahren-list"
DEADLINES: Final = "verfahren-deadlines"
CUTS: Final = "verfahren-cuts"

VIEW: Final = "view"
OFFICE: Final = "office"
FAMILY: Final = "family"
STATUS: Final = "status"
COURT: Final = "court"
AREA_KIND: Final = "areas"
# What opens a form: its key, and what it is about.
FORM: Final = "form"
PROPERTY: Final = "property"
KIND: Final = "kind"
STEP: Final = "step"
MEASURE: Final = "measure"
CUT: Final = "cut"
FOLLOWS: Final = "follows"
FIND: Final = "find"
OPENING: Final = (FORM, PROPERTY, KIND, STEP, MEASURE, FOLLOWS, CUT, FIND)


def choice(name: str, value: str) -> str:
    """A link that gives a part of the page's link another value; named, so that the focus stays on it."""
    return f"verfahren-{name}-{value}"
