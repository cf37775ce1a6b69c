"""Ids of the page."""

from typing import Final

FORM: Final = "planspiel-form"
APPLY: Final = "planspiel-apply"
COURSE: Final = "planspiel-course"
COMPARE: Final = "planspiel-compare"
COMPARE_BUTTON: Final = "planspiel-compare-button"
LIST: Final = "planspiel-saved"


def part(name: str) -> str:
    """The control of one part of the link."""
    return f"planspiel-{name}"
