"""Rules of fields as one table: the server and the browser must give the same code for each of them."""

from typing import Any, Final

from dashboard.form_fields import FormField

_TEXT = FormField("a", "A", "text", max_length=5)
_MUST = FormField("a", "A", "text", is_required=True)
_LINES = FormField("a", "A", "lines", max_length=5)
_DAY = FormField("a", "A", "date", not_after_today=True)
_ANY_DAY = FormField("a", "A", "date")
_NUMBER = FormField("a", "A", "integer", at_least=0, at_most=500)
_CHOICE = FormField("a", "A", "choice", options=(("x", "X"), ("y", "Y")))
_CHOICES = FormField("a", "A", "choices", options=(("x", "X"), ("y", "Y")), is_required=True)
_YES_NO = FormField("a", "A", "yes_no", is_required=True)
_ADDRESS = FormField("a", "A", "address", max_length=5, is_required=True)
_PLACE = FormField("a", "A", "place", is_required=True)

# Field, value as the browser keeps it, code of the problem; the date of today is 2026-11-15.
CASES: Final[tuple[tuple[FormField, Any, str | None], ...]] = (
    (_TEXT, "", None),
    (_TEXT, " abcde ", None),
    (_TEXT, "abcdef", "too_long"),
    (_TEXT, "🏠🏠🏠🏠🏠", None),
    (_MUST, "  ", "required"),
    (_MUST, "a", None),
    (_LINES, "ab\ncd", None),
    (_LINES, "ab\ncde", "too_long"),
    (_DAY, "", None),
    (_DAY, "2026-11-15", None),
    (_DAY, "2026-11-16", "future"),
    (_DAY, "1899-12-31", "too_early"),
    (_DAY, "0202-01-01", "too_early"),
    (_DAY, "2026-02-31", "not_a_date"),
    (_DAY, "31.12.2025", "not_a_date"),
    (_ANY_DAY, "2030-01-01", None),
    (_NUMBER, "0", None),
    (_NUMBER, "500", None),
    (_NUMBER, "501", "too_large"),
    (_NUMBER, "-1", "too_small"),
    (_NUMBER, "1,5", "not_a_number"),
    (_NUMBER, "viele", "not_a_number"),
    (_NUMBER, "1234567890", "not_a_number"),
    (_NUMBER, "٣", "not_a_number"),
    (_CHOICE, "", None),
    (_CHOICE, "x", None),
    (_CHOICE, "z", "unknown"),
    (_CHOICES, [], "required"),
    (_CHOICES, ["y"], None),
    (_CHOICES, ["y", "z"], "unknown"),
    (_YES_NO, None, "required"),
    (_YES_NO, False, None),
    (_ADDRESS, None, "required"),
    (_ADDRESS, {"text": "Weg 1", "id": None}, None),
    (_ADDRESS, {"text": "Wege 1", "id": None}, "too_long"),
    (_PLACE, None, "required"),
    (_PLACE, [7.46, 51.36], None),
)
