"""Reads a mapping from TOML and checks it: one mistake never hides another, the reader gets all of them together."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pandas as pd

from etl.casts import DEFAULT_DATE_FORMATS, Format, cast
from etl.mapping import DEFAULT_MATCH_THRESHOLD, DEFAULT_MAX_DISTANCE_M, AsOfRule, Column, Filter, Mapping
from etl.person_columns import is_person_column
from etl.source import Field, Kind, Past, Source, sources
from geodata.errors import MappingError

TEXT_CLASSES = ("case_workers", "staff", "public")
MATCHES = ("key", "parcel", "address")


def read_mapping(path: Path, name: str) -> Mapping:
    """Read and check one mapping file; a MappingError names every problem in it."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MappingError(f"{path.name}: expected a TOML file in UTF-8, but: {error}.") from None
    return build_mapping(content, name, file_name=path.name)


def build_mapping(content: dict[str, Any], name: str, *, file_name: str) -> Mapping:
    """Check the content of a mapping file and freeze it."""
    reader = _Reader(content)
    source = reader.source()
    if source is None:
        raise MappingError(_in_words(file_name, reader.errors))
    mapping = _read_all(reader, name, source)
    _check_together(reader, mapping)
    reader.refuse_unknown_keys()
    if reader.errors:
        raise MappingError(_in_words(file_name, reader.errors))
    return mapping


def _in_words(file_name: str, errors: list[str]) -> str:
    count = "one problem" if len(errors) == 1 else f"{len(errors)} problems"
    return f"The mapping {file_name} has {count}: " + " ".join(f"{error}." for error in errors)


def _read_all(reader: "_Reader", name: str, source: Source) -> Mapping:
    is_complete = reader.boolean("complete", default=source.is_complete)
    return Mapping(
        name=name,
        source=source,
        municipality=reader.text("municipality", is_required=True) or "",
        municipality_name=reader.text("municipality_name"),
        country=reader.text("country") or "DE",
        is_demonstration=reader.boolean("demonstration", default=False),
        register=reader.text("register", is_required=source.is_of_property or source.name == "properties"),
        encoding=reader.text("encoding"),
        delimiter=reader.text("delimiter"),
        sheet=reader.text("sheet"),
        header=reader.texts("header"),
        decimal=reader.choice("decimal", (".", ","), default="."),
        crs=reader.text("crs"),
        expected_extent=reader.extent(),
        is_complete=is_complete,
        implies_property=reader.boolean("implies_property", default=False),
        match=reader.choice("match", MATCHES, default="key"),
        match_threshold=reader.number("match_threshold", 0, 100, default=DEFAULT_MATCH_THRESHOLD),
        max_distance_m=reader.number("max_distance_m", 0, 100_000, default=DEFAULT_MAX_DISTANCE_M),
        as_of=reader.as_of(),
        filters=reader.filters(),
        columns=reader.columns(source),
        constants=reader.constants(source),
        text=reader.text_classes(source),
    )


class _Reader:
    """Takes values out of the parsed TOML one by one and collects what is wrong with them."""

    def __init__(self, content: dict[str, Any]) -> None:
        self._content = content
        self._known: set[str] = set()
        self.errors: list[str] = []

    def expected(self, key: str, what: str, found: object) -> None:
        self.errors.append(f"{key}: expected {what}, found {found!r}")

    def take(self, key: str) -> Any:
        self._known.add(key)
        return self._content.get(key)

    def refuse_unknown_keys(self) -> None:
        for key in self._content.keys() - self._known:
            self.errors.append(f"{key}: there is no such key; there are {', '.join(sorted(self._known))}")

    def source(self) -> Source | None:
        name = self.take("source")
        if name in sources():
            return sources()[name]
        self.expected("source", f"one of {', '.join(sources())}", name)
        return None

    def text(self, key: str, *, is_required: bool = False) -> str | None:
        value = self.take(key)
        if isinstance(value, str) and value:
            return value
        if value is not None or is_required:
            self.expected(key, "a text", value)
        return None

    def texts(self, key: str) -> tuple[str, ...] | None:
        value = self.take(key)
        if value is None or _is_texts(value):
            return None if value is None else tuple(value)
        self.expected(key, "a list of texts", value)
        return None

    def boolean(self, key: str, *, default: bool) -> bool:
        value = self.take(key)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self.expected(key, "true or false", value)
        return default

    def number(self, key: str, low: float, high: float, *, default: float) -> float:
        value = self.take(key)
        if value is None:
            return default
        if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
            return float(value)
        self.expected(key, f"a number from {low:g} to {high:g}", value)
        return default

    def choice(self, key: str, values: tuple[str, ...], *, default: str) -> str:
        value = self.take(key)
        if value is None or value in values:
            return value or default
        self.expected(key, f"one of {', '.join(values)}", value)
        return default

    def extent(self) -> tuple[float, float, float, float] | None:
        value = self.take("expected_extent")
        if value is None:
            return None
        is_four = isinstance(value, list) and len(value) == 4 and all(isinstance(one, int | float) for one in value)
        if is_four and -180 <= value[0] < value[2] <= 180 and -90 <= value[1] < value[3] <= 90:
            return (float(value[0]), float(value[1]), float(value[2]), float(value[3]))
        self.expected("expected_extent", "[west, south, east, north] in degrees (EPSG:4326)", value)
        return None

    def as_of(self) -> AsOfRule | None:
        value = self.take("as_of")
        if value is None:
            return None
        what = "{ column = ..., format = ... } or { file_name = ..., format = ... }"
        if (
            not isinstance(value, dict)
            or set(value) not in ({"column", "format"}, {"file_name", "format"})
            or not (_is_texts(list(value.values())))
        ):
            self.expected("as_of", what, value)
            return None
        pattern = self.pattern("as_of.file_name", value.get("file_name"))
        return AsOfRule(value["format"], value.get("column"), pattern)

    def pattern(self, key: str, value: object) -> re.Pattern[str] | None:
        if value is None:
            return None
        try:
            return re.compile(str(value))
        except re.error as error:
            self.expected(key, f"a regular expression ({error})", value)
            return None

    def filters(self) -> tuple[Filter, ...]:
        value = self.take("filter")
        if value is None:
            return ()
        if not isinstance(value, list):
            self.expected("filter", "a list of tables", value)
            return ()
        return tuple(found for at, one in enumerate(value) if (found := self._filter(f"filter[{at}]", one)) is not None)

    def _filter(self, key: str, value: Any) -> Filter | None:
        kinds = {"in", "not_in", "empty"}
        is_table = isinstance(value, dict) and isinstance(value.get("column"), str)
        if is_table and len(value) == 2 and (kind := next(iter(value.keys() & kinds), None)):
            given = value[kind]
            if kind == "empty" and isinstance(given, bool):
                return Filter(value["column"], is_empty=given)
            if kind != "empty" and _is_texts(given):
                listed = frozenset(given)
                is_in = kind == "in"
                return Filter(value["column"], one_of=listed if is_in else None, none_of=None if is_in else listed)
        self.expected(key, "{ column = ..., in = [...] }, with not_in = [...] or with empty = true or false", value)
        return None

    def table(self, key: str) -> dict[str, Any]:
        value = self.take(key)
        if value is None or isinstance(value, dict):
            return value or {}
        self.expected(key, "a table", value)
        return {}

    def columns(self, source: Source) -> dict[str, Column]:
        codes, defaults = self._codes(source), self._format()
        found: dict[str, Column] = {}
        for name, value in self.table("columns").items():
            if name not in source.by_name:
                self.errors.append(_no_such_field(f"columns.{name}", source))
            elif (column := self._column(f"columns.{name}", value, defaults, codes.get(name, {}))) is not None:
                found[name] = column
        return found

    def _format(self) -> Format:
        return Format(
            dates=self._layouts("date_format", self.take("date_format")) or DEFAULT_DATE_FORMATS,
            decimal=self.choice("decimal", (".", ","), default="."),
            list_separator=self.text("list_separator") or ",",
        )

    def _layouts(self, key: str, value: Any) -> tuple[str, ...] | None:
        layouts = [value] if isinstance(value, str) else value
        if layouts is None or (_is_texts(layouts) and layouts and all("%" in one for one in layouts)):
            return None if layouts is None else tuple(layouts)
        self.expected(key, "a date format like %d.%m.%Y, or a list of them", value)
        return None

    def _column(self, key: str, value: Any, defaults: Format, codes: dict[str, str]) -> Column | None:
        given = {"column": value} if isinstance(value, str) else value
        allowed = {"column", "format", "pattern", "list_separator", "decimal"}
        if not isinstance(given, dict) or not isinstance(given.get("column"), str) or given.keys() - allowed:
            self.expected(key, "the name of a column, or a table with column and format, pattern, ...", value)
            return None
        form = Format(
            dates=self._layouts(f"{key}.format", given.get("format")) or defaults.dates,
            decimal=str(given.get("decimal", defaults.decimal)),
            list_separator=str(given.get("list_separator", defaults.list_separator)),
            pattern=self.pattern(f"{key}.pattern", given.get("pattern")),
            codes=codes,
        )
        if form.decimal not in (".", ","):
            self.expected(f"{key}.decimal", '"." or ","', form.decimal)
            return None
        return Column(given["column"], form)

    def _codes(self, source: Source) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for name, values in self.table("codes").items():
            target = source.by_name.get(name)
            if target is None:
                self.errors.append(_no_such_field(f"codes.{name}", source))
            elif not isinstance(values, dict):
                self.expected(f"codes.{name}", "a table of value = code", values)
            else:
                found[name] = {text: _code_text(code) for text, code in values.items()}
                self._check_codes(name, target, found[name])
        return found

    def _check_codes(self, name: str, target: Field, values: dict[str, str]) -> None:
        allowed = target.codes or (("true", "false") if target.kind is Kind.BOOLEAN else ())
        if not allowed and target.kind is not Kind.TEXT:
            self.errors.append(f"codes.{name}: a field of the kind {target.kind} has no codes")
        for text, code in values.items():
            if allowed and code and code not in allowed:
                self.expected(f'codes.{name}."{text}"', f"one of {', '.join(allowed)}", code)

    def constants(self, source: Source) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, value in self.table("constants").items():
            target = source.by_name.get(name)
            if target is None:
                self.errors.append(_no_such_field(f"constants.{name}", source))
                continue
            found[name] = _code_text(value)
            for problem in cast(pd.Series([found[name]], dtype="str"), target, Format()).problems:
                self.errors.append(f"constants.{name}: {problem.reason}")
        return found

    def text_classes(self, source: Source) -> dict[str, str]:
        found = self.table("text")
        for name, value in found.items():
            if name not in source.by_name:
                self.errors.append(_no_such_field(f"text.{name}", source))
            if value not in TEXT_CLASSES:
                self.expected(f"text.{name}", f"one of {', '.join(TEXT_CLASSES)}", value)
        return {name: str(value) for name, value in found.items()}


def _check_together(reader: _Reader, mapping: Mapping) -> None:
    """What can only be judged when everything is read."""
    source = mapping.source
    reader.errors += [
        f"columns.{target.name}: expected a column or a constant for this field ({target.doc})"
        for target in source.fields
        if target.is_required and not mapping.maps(target.name)
    ]
    reader.errors += [
        f"text.{name}: expected the class of this free text (one of {', '.join(TEXT_CLASSES)}), because it is mapped"
        for name in mapping.columns
        if source.by_name[name].is_free_text and name not in mapping.text
    ]
    reader.errors += [
        f"{name} stands in columns and in constants; expected it in one of them"
        for name in mapping.columns.keys() & mapping.constants.keys()
    ]
    allowed = mapping.person_columns
    persons = [name for name in mapping.columns_needed if is_person_column(name) and name not in allowed]
    if persons:
        listed = ", ".join(repr(name) for name in persons)
        reader.errors.append(f"columns: {listed} tells of single persons, and persons are never taken over")
    if source.has("x", "y") and mapping.maps("x") != mapping.maps("y"):
        reader.errors.append("columns: expected both x and y, or none of them")
    _check_scope_of_keys(reader, mapping)


def _check_scope_of_keys(reader: _Reader, mapping: Mapping) -> None:
    source = mapping.source
    ways = {"key": ("property_key",), "parcel": ("parcel",), "address": ("address", "street")}
    if source.is_property_optional and mapping.match != "key":
        reader.errors.append(f"match: rows of {source.name} name their property by its key, if they have one")
    elif source.is_of_property and not any(mapping.maps(name) for name in ways[mapping.match]):
        expected = " or ".join(ways[mapping.match])
        reader.errors.append(f'columns: expected {expected}, because match is "{mapping.match}"')
    if mapping.implies_property and not (source.is_of_property and mapping.match == "key"):
        reader.errors.append('implies_property: is only for facts of properties that are found by match = "key"')
    if mapping.is_complete and source.past is Past.REPLACED:
        reader.errors.append(f"complete: rows of {source.name} do not end, so a delivery cannot be complete")


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _code_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _no_such_field(key: str, source: Source) -> str:
    return f"{key}: {source.name} has no such field; there are {', '.join(source.by_name)}"
