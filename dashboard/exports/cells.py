"""What CSV and XLSX share: the header of a column with its unit, and a value with its type."""

from typing import Any, Final

from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.table import Column, cell_in_words

# Units that a number format of a spreadsheet shows beside each value; plain text has them in the header.
_FORMATTED: Final = ("money", "percent")


def heading(column: Column, *, has_number_formats: bool) -> str:
    """Title of a column with the unit of its numbers."""
    unit = unit_of(column)
    shown = unit and not (has_number_formats and column.kind in _FORMATTED)
    return f"{plain_title(column)} ({unit})" if shown else plain_title(column)


def plain_title(column: Column) -> str:
    """Title of a column without the soft hyphens that narrow heads of a page need: a name in a file must be found."""
    return _(column.title).replace("\N{SOFT HYPHEN}", "")


def unit_of(column: Column) -> str:
    """The unit of a column's numbers; empty where it has none."""
    return {"days": _("days"), "money": "€", "percent": "%"}.get(column.kind, "")


def text_of(column: Column, value: Any) -> Any:
    """A value with its type: codes as their labels, dates and numbers as they are, nothing as None."""
    if value is None or value in ("", ()):
        return None
    if column.kind == "code":
        return cell_in_words(column, value)
    if column.kind == "yes_no":
        return code_label("yes_no", "yes" if value else "no")
    return str(value) if column.kind in ("text", "link") else value
