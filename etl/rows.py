"""One chunk of a file -> typed rows ready to stage, and what is rejected: filter, cast, check, place, link, key.

Nothing here knows a database. Geometry leaves in EPSG:25832. A row with several troubles is rejected once and has
several rejections, so that whoever mends the file sees them all.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as declared
from datetime import date, timedelta
from functools import cache
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyproj
import shapely

from etl import geometry
from etl.casts import Format, Problem, cast, quote
from etl.erased import erased_rows
from etl.files import Chunk
from etl.linking import KnownProperties, joined_addresses
from etl.mapping import Filter, Mapping
from etl.source import Field, Kind
from geodata.address_text import normalise_street, split_house_number
from geodata.keeping.erasure_ledger import ErasedKeys

Geometries = npt.NDArray[np.object_]
POINT, MULTI_POINT = 0, 4
KEY_SEPARATOR = "|"


@dataclass(frozen=True)
class Rejection:
    """A row that is not taken over: line of the file, field concerned (None: the row as a whole), reason in words."""

    line: int | None
    field: str | None
    reason: str
    row: dict[str, str | None] = declared(default_factory=dict)


@dataclass(frozen=True)
class Repair:
    """A geometry that was mended on the way in."""

    line: int
    reason: str
    area_lost_m2: float


@dataclass
class Prepared:
    """Typed rows of one chunk. `frame` has the columns of `staging.stage_columns`; geometry is shapely."""

    frame: pd.DataFrame
    rejections: list[Rejection] = declared(default_factory=list)
    repairs: list[Repair] = declared(default_factory=list)
    read: int = 0
    skipped: int = 0
    placed: int = 0
    outside: int = 0
    erased: int = 0
    remarks: tuple[str, ...] = ()
    hint: str | None = None


class Linker(Protocol):
    """Finds addresses and properties for the rows of a chunk; adds columns, returns what could not be found."""

    def link(self, frame: pd.DataFrame) -> list[Problem]: ...


@dataclass(frozen=True)
class Task:
    """What all chunks of one delivery have in common."""

    mapping: Mapping
    as_of: date
    crs: pyproj.CRS | None
    linker: Linker | None = None
    known: KnownProperties | None = None
    erased: ErasedKeys | None = None

    @property
    def last_day(self) -> date:
        """The last day on which a fact may lie."""
        return self.as_of + timedelta(days=1)


def prepare(chunk: Chunk, task: Task) -> Prepared:
    """All steps of one chunk."""
    mapping = task.mapping
    passing = passes(chunk.frame, mapping.filters)
    raw = chunk.frame[passing].reset_index(drop=True)
    lines = np.asarray(chunk.lines, dtype=np.int64)[passing]
    shapes = None if chunk.geometry is None else chunk.geometry[passing]
    frame, problems = cast_fields(raw, mapping)
    problems += missing_values(frame, mapping, problems) + half_places(frame, problems)
    problems += late_dates(frame, task) + reversed_periods(frame)
    frame["line"] = lines
    done = Prepared(frame, read=len(chunk.frame) + len(chunk.broken), skipped=int((~passing).sum()))
    problems += place(frame, shapes, task, done)
    problems += name_addresses(frame, mapping)
    if task.linker is not None:
        unread = {(one.position, one.field) for one in problems}
        problems += [one for one in task.linker.link(frame) if (one.position, one.field) not in unread]
    fill_from_others(frame, mapping)
    if mapping.source.check is not None:
        problems += mapping.source.check(frame)
    if task.known is not None:
        broken = {one.position for one in problems}
        problems += [one for one in task.known.find(frame) if one.position not in broken]
    if mapping.implies_property:
        frame["address"] = joined_addresses(frame)
    frame["key"] = business_key(frame, mapping)
    _reject(done, raw, problems, task)
    done.rejections += [Rejection(line, None, reason) for line, reason in chunk.broken]
    return done


def passes(frame: pd.DataFrame, filters: Iterable[Filter]) -> npt.NDArray[np.bool_]:
    """Which rows pass all filters of the mapping."""
    mask = np.ones(len(frame), dtype=bool)
    for one in filters:
        texts = frame[one.column].astype("str").str.strip()
        if one.one_of is not None:
            mask &= texts.isin(one.one_of).to_numpy(dtype=bool)
        elif one.none_of is not None:
            mask &= ~texts.isin(one.none_of).to_numpy(dtype=bool)
        else:
            is_empty = (texts.isna() | (texts == "")).to_numpy(dtype=bool)
            mask &= is_empty if one.is_empty else ~is_empty
    return mask


def cast_fields(raw: pd.DataFrame, mapping: Mapping) -> tuple[pd.DataFrame, list[Problem]]:
    """The canonical fields that the mapping names or fixes, typed, in a frame of their own."""
    values: dict[str, pd.Series] = {}
    problems: list[Problem] = []
    for target in mapping.source.fields:
        if target.name in mapping.columns:
            column = mapping.columns[target.name]
            done = cast(raw[column.name], target, column.form)
            values[target.name] = _with_default(done.values, target, {one.position for one in done.problems})
            problems += done.problems
        else:
            values[target.name] = _constant(target, mapping.constants.get(target.name, target.default), len(raw))
    return pd.DataFrame(values, index=raw.index), problems


def _constant(target: Field, text: str | None, length: int) -> pd.Series:
    return pd.Series(_one_constant(target, text).take(np.zeros(length, dtype=np.intp)))


@cache
def _one_constant(target: Field, text: str | None) -> Any:
    """A column that stands in no file, one row of it as an array."""
    if text is None and target.kind in (Kind.CODE_LIST, Kind.TEXT_LIST):
        return pd.array(["{}"], dtype="str")
    return cast(pd.Series([text], dtype="str"), target, Format()).values.array


def _with_default(values: pd.Series, target: Field, broken: set[int]) -> pd.Series:
    """An empty cell means the default; a broken one does not."""
    if target.kind in (Kind.CODE_LIST, Kind.TEXT_LIST):
        return values.fillna("{}")
    if target.default is None or not values.isna().any():
        return values
    is_empty = values.isna() & ~values.index.isin(list(broken))
    return values.mask(is_empty, _constant(target, target.default, 1)[0])


def fill_from_others(frame: pd.DataFrame, mapping: Mapping) -> None:
    """Empty cells that take over the value of another field; after linking, which may have found that one."""
    for one in mapping.source.fields:
        if one.default_from is not None:
            frame[one.name] = frame[one.name].fillna(frame[one.default_from])


def missing_values(frame: pd.DataFrame, mapping: Mapping, unread: Iterable[Problem]) -> list[Problem]:
    """Required fields that are empty; those that could not be read have their own reason already."""
    required = [one.name for one in mapping.source.fields if one.is_required]
    if mapping.maps("key") and "key" not in required:
        required.append("key")
    if mapping.source.is_of_property and mapping.match == "key" and not mapping.source.is_property_optional:
        required.append("property_key")
    explained = {(one.position, one.field) for one in unread}
    return [
        Problem(int(row), name, "expected a value, found an empty field")
        for name in required
        for row in np.flatnonzero(frame[name].isna())
        if (int(row), name) not in explained
    ]


def half_places(frame: pd.DataFrame, unread: Iterable[Problem]) -> list[Problem]:
    """Rows with one of two coordinates: taken as "without a place" they would vanish from the map without a word."""
    if not {"x", "y"} <= set(frame.columns):
        return []
    explained = {one.position for one in unread if one.field in ("x", "y")}
    return [
        Problem(int(row), name, f"expected a number beside {other}, found an empty field")
        for name, other in (("x", "y"), ("y", "x"))
        for row in np.flatnonzero((frame[name].isna() & frame[other].notna()).to_numpy(dtype=bool))
        if int(row) not in explained
    ]


def late_dates(frame: pd.DataFrame, task: Task) -> list[Problem]:
    """Facts dated later than the as-of date + 1 day; plans may lie in the future."""
    limit = pd.Timestamp(task.last_day)
    return [
        Problem(
            int(row),
            one.name,
            f"expected a date up to {task.last_day:%d.%m.%Y} (as-of date + 1 day), "
            f"found {frame[one.name].iloc[row]:%d.%m.%Y}",
        )
        for one in task.mapping.source.fields
        if one.kind is Kind.DATE and not one.is_plan
        for row in np.flatnonzero((frame[one.name] > limit).to_numpy())
    ]


def reversed_periods(frame: pd.DataFrame) -> list[Problem]:
    """Periods that end before they begin."""
    if not {"valid_from", "valid_to"} <= set(frame.columns):
        return []
    is_reversed = (frame["valid_to"] <= frame["valid_from"]).to_numpy()
    return [Problem(int(row), "valid_to", "expected a date after valid_from") for row in np.flatnonzero(is_reversed)]


def place(frame: pd.DataFrame, shapes: Geometries | None, task: Task, done: Prepared) -> list[Problem]:
    """Put geometry into column `geom` (EPSG:25832), from x and y or from the features of the file."""
    source = task.mapping.source
    if source.geometry is None and not task.mapping.implies_property:
        return []
    if task.mapping.maps("x", "y"):
        shapes = geometry.points(_floats(frame["x"]), _floats(frame["y"]))
    if shapes is None:
        shapes = np.full(len(frame), None, dtype=object)
    known = np.flatnonzero(~shapely.is_missing(shapes))
    problems: list[Problem] = []
    if len(known):
        shapes, problems = _to_storage(shapes, known, frame, task, done)
    frame["geom"] = shapes
    explained = {one.position for one in problems}
    return problems + [one for one in _geometry_missing(shapes, task) if one.position not in explained]


def _to_storage(
    shapes: Geometries, known: npt.NDArray[np.intp], frame: pd.DataFrame, task: Task, done: Prepared
) -> tuple[Geometries, list[Problem]]:
    """Place and shape the geometries that there are; each row gets its first reason only."""
    placed = geometry.to_storage(shapes[known], task.crs, expected_extent=task.mapping.expected_extent)
    done.remarks, done.hint = placed.remarks, placed.hint
    done.placed, done.outside = int((~shapely.is_missing(placed.geometries)).sum()), int(placed.outside.sum())
    reasons = {int(known[at]): reason for at, reason in placed.problems.items()}
    reasons |= {int(at): _outside_reason(task) for at in known[placed.outside]}
    stored = np.full(len(frame), None, dtype=object)
    # What lies outside has its reason; measuring how far it lies from an address would only give a second one.
    stored[known] = placed.geometries
    stored[known[placed.outside]] = None
    stored, more = _SHAPES[task.mapping.source.geometry or "point"](stored, frame, done)
    reasons = {**{one.position: one.reason for one in more}, **reasons}
    return stored, [Problem(at, "geometry", reason) for at, reason in reasons.items()]


def _floats(values: pd.Series) -> npt.NDArray[np.float64]:
    return values.to_numpy(dtype=float, na_value=np.nan)


def _outside_reason(task: Task) -> str:
    west, south, east, north = task.mapping.expected_extent or (-180.0, -90.0, 180.0, 90.0)
    return f"expected a place within {west:g} to {east:g} E and {south:g} to {north:g} N, but it lies outside"


def _geometry_missing(shapes: Geometries, task: Task) -> list[Problem]:
    if not task.mapping.source.is_geometry_required:
        return []
    return [
        Problem(int(at), "geometry", "expected a geometry, found none")
        for at in np.flatnonzero(shapely.is_missing(shapes))
    ]


def _points(shapes: Geometries, frame: pd.DataFrame, done: Prepared) -> tuple[Geometries, list[Problem]]:
    kinds, parts = shapely.get_type_id(shapes), shapely.get_num_geometries(shapes)
    is_single = (kinds == MULTI_POINT) & (parts == 1)
    shapes[is_single] = shapely.get_geometry(shapes[is_single], 0)
    wrong = np.flatnonzero(~shapely.is_missing(shapes) & (shapely.get_type_id(shapes) != POINT))
    problems = [Problem(int(at), "geometry", f"expected a point, found a {shapes[at].geom_type}") for at in wrong]
    shapes[wrong] = None
    return shapes, problems


def _polygons(shapes: Geometries, frame: pd.DataFrame, done: Prepared) -> tuple[Geometries, list[Problem]]:
    repaired = geometry.repair_polygons(shapes)
    lines = frame["line"].to_numpy()
    done.repairs += [
        Repair(int(lines[at]), reason, repaired.area_lost_m2.get(at, 0.0)) for at, reason in repaired.reasons.items()
    ]
    frame["area_m2"] = shapely.area(repaired.geometries)
    outlines = np.full(len(frame), None, dtype=object)
    # Neighbours keep their common border only where they are simplified together, and kinds overlap by nature.
    for rows in frame.groupby("kind", dropna=True).indices.values():
        outlines[rows] = geometry.simplify_outlines(repaired.geometries[rows])
    frame["outline_4326"] = outlines
    return repaired.geometries, [Problem(at, "geometry", reason) for at, reason in repaired.failed.items()]


def _anything(shapes: Geometries, frame: pd.DataFrame, done: Prepared) -> tuple[Geometries, list[Problem]]:
    broken = np.flatnonzero(~shapely.is_missing(shapes) & ~shapely.is_valid(shapes))
    lines = frame["line"].to_numpy()
    for at in broken:
        before = shapes[at]
        shapes[at] = shapely.make_valid(before, method="structure", keep_collapsed=False)
        lost = max(0.0, float(before.area - shapes[at].area))
        done.repairs.append(Repair(int(lines[at]), str(shapely.is_valid_reason(before)), lost))
    empty = np.flatnonzero(~shapely.is_missing(shapes) & shapely.is_empty(shapes))
    shapes[empty] = None
    return shapes, [Problem(int(at), "geometry", "expected a geometry, but nothing of it is left") for at in empty]


_SHAPES = {"point": _points, "polygon": _polygons, "any": _anything}


def name_addresses(frame: pd.DataFrame, mapping: Mapping) -> list[Problem]:
    """House numbers in parts and the normalised street, for official addresses (columns of the table)."""
    if not (mapping.source.has("street", "house_number") and mapping.source.by_name["street"].is_stored):
        return []
    streets = pd.Series(frame["street"].unique()).dropna()
    frame["street_norm"] = frame["street"].map({street: normalise_street(street) for street in streets})
    written = frame["house_number"].fillna("").str.cat(frame["house_number_suffix"].fillna(""), sep=" ").str.strip()
    parts = {text: split_house_number(text) for text in written.unique() if text}
    # A number of 0 is how registers write "none yet".
    numbers = {text: None if part.number == 0 else part.number for text, part in parts.items()}
    frame["house_number"] = written.map(numbers).astype("Int64")
    frame["house_number_suffix"] = written.map({text: part.suffix for text, part in parts.items()}).astype("str")
    unread = written.isin([text for text, part in parts.items() if part.number is None])
    return [
        Problem(int(at), "house_number", f"expected a house number like 12 or 12 a, found {quote(written[at])}")
        for at in np.flatnonzero(unread)
    ]


def business_key(frame: pd.DataFrame, mapping: Mapping) -> pd.Series:
    """The source's own key where it is mapped, else put together from the parts that the source declares."""
    source = mapping.source
    if "key" in frame and (mapping.maps("key") or not source.key_parts):
        return frame["key"]
    if not source.key_parts:
        return pd.Series(pd.NA, index=frame.index, dtype="str")
    parts = [_as_text(frame[name]) for name in source.key_parts]
    if source.is_of_property:
        parts.insert(0, pa.repeat(pa.scalar(mapping.register or "", pa.large_string()), len(frame)))
    separator = pa.scalar(KEY_SEPARATOR, pa.large_string())
    keys = pc.binary_join_element_wise(*parts, separator, null_handling="replace", null_replacement="")
    return pd.Series(keys.to_pandas(), index=frame.index, dtype="str")


def _as_text(values: pd.Series) -> pa.Array:
    if pd.api.types.is_datetime64_any_dtype(values):
        return pa.array(values.to_numpy(dtype="datetime64[D]")).cast(pa.large_string())
    made = pa.array(values, from_pandas=True).cast(pa.large_string())
    return made.combine_chunks() if isinstance(made, pa.ChunkedArray) else made


def _reject(done: Prepared, raw: pd.DataFrame, problems: list[Problem], task: Task) -> None:
    """Take the rows with problems out of the frame and keep them as rejections, with their mapped columns.

    Where the delivery is complete, they stay in the frame as `is_spared` with their key: it exists, so it did not end.
    Of erased rows nothing is kept, neither columns nor a reason that quotes one."""
    mapping, erased = task.mapping, erased_rows(done.frame, task.mapping, task.erased)
    by_position: dict[int, list[Problem]] = defaultdict(list)
    for one in problems:
        by_position[one.position].append(one)
    by_position.update(erased)
    lines = done.frame["line"].to_numpy()
    for position in sorted(by_position):
        content = {} if position in erased else row_content(raw.iloc[position])
        done.rejections += [
            Rejection(int(lines[position]), one.field, one.reason, content) for one in by_position[position]
        ]
    done.erased, is_rejected = len(erased), np.isin(np.arange(len(done.frame)), list(by_position))
    done.frame["is_spared"] = is_rejected
    if by_position:
        is_known = done.frame[list(mapping.source.key)].notna().all(axis="columns").to_numpy()
        done.frame = done.frame[~is_rejected | (is_known & mapping.is_complete)].reset_index(drop=True)


def row_content(row: "pd.Series[Any]") -> dict[str, str | None]:
    """The mapped columns of a row as delivered; JSON in PostgreSQL cannot hold a zero byte."""
    return {str(name): None if pd.isna(value) else str(value).replace("\x00", "\\0") for name, value in row.items()}
