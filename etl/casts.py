"""Text of a column -> typed values and the reasons why some are none: pure, vectorised, nothing guessed.

Each cast works on the distinct values of a chunk, because dates, codes and numbers repeat: a million rows cost as
much as their few thousand different texts. A value that cannot be read becomes NA *and* a problem that says what was
expected and what came; empty text is NA without a problem. Values are pandas extension arrays: str, Int64, Float64,
boolean, datetime64 (dates, midnight) and, for lists, str with a PostgreSQL array literal.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from etl.source import Field, Kind

EARLIEST_YEAR = 1900
LONGEST_QUOTE = 60
# ISO is unambiguous and is what spreadsheets give for a cell that holds a date, so it is always understood.
ISO_FORMATS = ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")
DEFAULT_DATE_FORMATS = ("%d.%m.%Y",)
OTHER = "*"
TRUE_WORDS = frozenset({"ja", "j", "yes", "y", "true", "wahr", "t", "1", "x"})
FALSE_WORDS = frozenset({"nein", "n", "no", "false", "falsch", "f", "0"})
INTEGER_LIMIT = 2**31 - 1

_INTEGER = r"[+-]?[0-9]{1,18}(?:[.,]0+)?"
_DECIMAL = {mark: rf"[+-]?[0-9]+(?:{re.escape(mark)}[0-9]+)?(?:[eE][+-]?[0-9]+)?" for mark in (".", ",")}
_LIST_BREAKERS = re.compile(r'(["\\])')


class Problem(NamedTuple):
    """A value that could not be read: position in the chunk, field, and the reason in words."""

    position: int
    field: str
    reason: str


@dataclass(frozen=True)
class Format:
    """How one column of one city writes its values."""

    dates: tuple[str, ...] = DEFAULT_DATE_FORMATS
    decimal: str = "."
    list_separator: str = ","
    pattern: re.Pattern[str] | None = None
    codes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Cast:
    """Values in the order of the rows, and the problems."""

    values: pd.Series
    problems: list[Problem]


_Reasons = dict[int, str]
_Unique = tuple[Any, _Reasons]  # values for the distinct texts, reasons by their position


def cast(texts: pd.Series, target: Field, form: Format) -> Cast:
    """Cast one column for one field; never raises for what stands in the file."""
    rows, distinct = pd.factorize(texts.astype("str"))
    cleaned, broken = _without_zero_bytes(_apply_pattern(clean(pd.Series(distinct, dtype="str")), form.pattern))
    # Texts that differ in blanks around them are one text now, and those that were nothing but blanks are none.
    positions, unique = pd.factorize(cleaned)
    values, reasons = _cast_distinct(pd.Series(unique, dtype="str"), target, form)
    by_distinct = {**broken, **{at: reasons[place] for at, place in enumerate(positions.tolist()) if place in reasons}}
    # Factorize says -1 for a missing value, and so finds the last place.
    taken = values.take(np.append(positions, -1)[rows], allow_fill=True)
    return Cast(pd.Series(taken, index=texts.index), _problems(rows, by_distinct, target))


def _cast_distinct(unique: pd.Series, target: Field, form: Format) -> _Unique:
    if target.kind is Kind.TEXT and not form.codes:
        return unique.array, {}
    return _CASTS[target.kind](unique, target, form)


def _problems(rows: npt.NDArray[np.intp], reasons: _Reasons, target: Field) -> list[Problem]:
    if not reasons:
        return []
    found = np.flatnonzero(np.isin(rows, list(reasons)))
    return [Problem(int(row), target.name, reasons[int(rows[row])]) for row in found]


def clean(texts: pd.Series) -> pd.Series:
    """Text without blanks around it; what is then empty is NA."""
    stripped = texts.astype("str").str.strip()
    return stripped.mask(stripped == "")


def quote(value: object) -> str:
    """The value as it came, shortened, for a reason."""
    text = str(value).replace("\x00", "\\0")
    return f'"{text[:LONGEST_QUOTE]}..."' if len(text) > LONGEST_QUOTE else f'"{text}"'


def array_literal(items: Iterable[str]) -> str:
    """A PostgreSQL array literal of texts."""
    return "{" + ",".join('"' + _LIST_BREAKERS.sub(r"\\\1", item) + '"' for item in items) + "}"


def split_list(text: str, separator: str) -> list[str]:
    """The items of a list in one cell, each once, in their order."""
    return list(dict.fromkeys(item for part in text.split(separator) if (item := part.strip())))


def _apply_pattern(texts: pd.Series, pattern: re.Pattern[str] | None) -> pd.Series:
    """What the pattern finds (its first group, else all of it); a text in which it finds nothing stays as it is."""
    if pattern is None:
        return texts
    expression = pattern.pattern if pattern.groups else f"({pattern.pattern})"
    found = texts.str.extract(expression, expand=True)[0]
    return found.where(found.notna(), texts)


def _without_zero_bytes(texts: pd.Series) -> tuple[pd.Series, _Reasons]:
    """PostgreSQL cannot store a zero byte in text, and one is a sign of a broken export."""
    is_broken = texts.str.contains("\x00", regex=False).fillna(value=False).astype(bool).to_numpy()
    if not is_broken.any():
        return texts, {}
    return texts.mask(is_broken), dict.fromkeys(
        np.flatnonzero(is_broken).tolist(), "expected text, found a zero byte in it"
    )


def _text_codes(unique: pd.Series, target: Field, form: Format) -> _Unique:
    """Text for which the mapping translates some values; all others stay."""
    other = form.codes.get(OTHER)
    values = [form.codes.get(text, text if other is None else other) or None for text in unique]
    return pd.array(values, dtype="str"), {}


def _dates(unique: pd.Series, target: Field, form: Format) -> _Unique:
    values = pd.Series(pd.NaT, index=unique.index, dtype="datetime64[us]")
    for layout in dict.fromkeys((*form.dates, *ISO_FORMATS)):
        missing = values.isna()
        if not missing.any():
            break
        values[missing] = _parse_dates(unique[missing], layout)
    too_early = values.dt.year < EARLIEST_YEAR
    values = values.mask(too_early)
    example = date(2025, 12, 24).strftime(form.dates[0])
    reasons = {
        int(at): f"expected a date from {EARLIEST_YEAR} on, found {quote(unique[at])}"
        if too_early[at]
        else f"expected a date like {example}, found {quote(unique[at])}"
        for at in np.flatnonzero(values.isna())
    }
    return values.array, reasons


def _parse_dates(texts: pd.Series, layout: str) -> pd.Series:
    if "%z" in layout:
        moments = pd.to_datetime(texts, format=layout, errors="coerce", utc=True)
        moments = moments.dt.tz_convert("Europe/Berlin").dt.tz_localize(None)
    else:
        moments = pd.to_datetime(texts, format=layout, errors="coerce")
    return moments.astype("datetime64[us]").dt.normalize()


def _integers(unique: pd.Series, target: Field, form: Format) -> _Unique:
    is_number = unique.str.fullmatch(_INTEGER).fillna(value=False).astype(bool)
    whole = unique.where(is_number).str.replace(r"[.,]0+$", "", regex=True)
    numbers = pd.Series([pd.NA if pd.isna(text) else int(text) for text in whole], dtype="Int64", index=unique.index)
    return _bounded(unique, numbers, target, "a whole number")


def _decimals(unique: pd.Series, target: Field, form: Format) -> _Unique:
    is_number = unique.str.fullmatch(_DECIMAL[form.decimal]).fillna(value=False).astype(bool)
    texts = unique.where(is_number).str.replace(",", ".", regex=False)
    numbers = pd.to_numeric(texts).astype("Float64")
    mark = "comma" if form.decimal == "," else "point"
    return _bounded(unique, numbers, target, f"a number with a decimal {mark}")


def _bounded(unique: pd.Series, numbers: pd.Series, target: Field, what: str) -> _Unique:
    low = -INTEGER_LIMIT if target.minimum is None else target.minimum
    high = INTEGER_LIMIT if target.maximum is None else target.maximum
    is_outside = ((numbers < low) | (numbers > high)).fillna(value=False).astype(bool)
    reasons = {
        int(at): f"expected {what}{_range_in_words(target)}, found {quote(unique[at])}"
        for at in np.flatnonzero(numbers.isna() | is_outside)
    }
    return numbers.mask(is_outside).array, reasons


def _range_in_words(target: Field) -> str:
    if target.minimum is None and target.maximum is None:
        return ""
    if target.maximum is None:
        return f" from {target.minimum} on"
    return f" from {target.minimum} to {target.maximum}"


def _booleans(unique: pd.Series, target: Field, form: Format) -> _Unique:
    words = [form.codes.get(text, form.codes.get(OTHER, text)).lower() for text in unique]
    values = [True if word in TRUE_WORDS else False if word in FALSE_WORDS else pd.NA for word in words]
    reasons = {
        at: f"expected yes or no (ja, nein, true, false, 1, 0), found {quote(unique[at])}"
        for at, value in enumerate(values)
        if value is pd.NA and words[at]
    }
    return pd.array(values, dtype="boolean"), reasons


def _codes(unique: pd.Series, target: Field, form: Format) -> _Unique:
    found = [_code_of(text, target, form) for text in unique]
    reasons = {at: _code_reason(unique[at], target, form) for at, code in enumerate(found) if code is None}
    return pd.array([code or None for code in found], dtype="str"), reasons


def _code_of(text: str, target: Field, form: Format) -> str | None:
    """The code of a value, "" where the mapping says that it means nothing, None where nobody knows it."""
    if text in form.codes:
        return form.codes[text]
    return text if text in target.codes else form.codes.get(OTHER)


def _code_reason(text: str, target: Field, form: Format) -> str:
    expected = ", ".join(sorted(quote(known) for known in form.codes if known != OTHER) or target.codes)
    return f"expected one of {expected}, found {quote(text)}"


def _code_lists(unique: pd.Series, target: Field, form: Format) -> _Unique:
    order = {code: at for at, code in enumerate(target.codes)}
    values: list[str | None] = []
    reasons: _Reasons = {}
    for at, text in enumerate(unique):
        items = [text] if text in form.codes else split_list(text, form.list_separator)
        found = [_code_of(item, target, form) for item in items]
        if None in found:
            reasons[at] = _code_reason(items[found.index(None)], target, form)
            values.append(None)
        else:
            values.append(array_literal(sorted({code for code in found if code}, key=order.__getitem__)))
    return pd.array(values, dtype="str"), reasons


def _text_lists(unique: pd.Series, target: Field, form: Format) -> _Unique:
    values = [array_literal(split_list(text, form.list_separator)) for text in unique]
    return pd.array(values, dtype="str"), {}


_CASTS: dict[Kind, Callable[[pd.Series, Field, Format], _Unique]] = {
    Kind.TEXT: _text_codes,
    Kind.DATE: _dates,
    Kind.INTEGER: _integers,
    Kind.DECIMAL: _decimals,
    Kind.BOOLEAN: _booleans,
    Kind.CODE: _codes,
    Kind.CODE_LIST: _code_lists,
    Kind.TEXT_LIST: _text_lists,
}


def parse_one_date(text: str, layouts: Iterable[str]) -> date | None:
    """One date in one of these formats, else None."""
    for layout in (*layouts, "%Y-%m-%d"):
        try:
            return datetime.strptime(text, layout).date()  # noqa: DTZ007 - a business date has no time zone
        except ValueError:
            continue
    return None
