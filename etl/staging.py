"""Typed rows -> a temporary table of the same shape, by COPY, chunk by chunk.

Geometry travels as hexadecimal EWKB, which PostGIS reads itself. The temporary tables vanish with the transaction, so
that a killed load leaves nothing behind.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import shapely
from sqlalchemy import Connection, Table, text
from sqlalchemy.dialects import postgresql

from etl.source import Source
from geodata.crs import DISPLAY_SRID, STORAGE_SRID

_SRID_BY_COLUMN = {"geom": STORAGE_SRID, "outline_4326": DISPLAY_SRID}
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped


@dataclass(frozen=True)
class StageColumn:
    """A column of the staging table: `is_content` enters the hash, `is_target` is a column of the table, too."""

    name: str
    type_sql: str
    is_content: bool = False
    is_target: bool = False


def stage_columns(source: Source, *, implies_property: bool = False) -> tuple[StageColumn, ...]:
    """The columns in which rows of a source are staged; names and types come from the declaration only."""
    return tuple({one.name: one for one in _columns(source, implies_property=implies_property)}.values())


def _columns(source: Source, *, implies_property: bool) -> Iterator[StageColumn]:
    columns = source.table.c
    yield StageColumn("line", "integer")
    yield StageColumn("is_spared", "boolean")
    for name in source.key:
        yield StageColumn(name, "text", is_target=name in columns)
    for reference in source.areas:
        yield StageColumn(reference.kind_field, "text", is_content=True)
        yield StageColumn(reference.key_field, "text", is_content=True)
    if source.is_of_property:
        yield StageColumn("property_key", "text", is_content=True)
    for one in source.stored_fields:
        yield StageColumn(
            one.name, type_of(source.table, one.name), is_content=one.name not in source.key, is_target=True
        )
    if source.names is not None:
        for column, name in source.names.columns.items():
            yield StageColumn(name, type_of(source.names.table, column), is_content=True)
    for name in ("street_norm", "area_m2", "outline_4326"):
        if name in columns:
            yield StageColumn(name, type_of(source.table, name), is_target=True)
    if source.geometry is not None:
        yield StageColumn("geom", "public.geometry", is_content=True, is_target=True)
    if "placed_by" in columns:
        yield StageColumn("placed_by", "text", is_content=True, is_target=True)
        yield StageColumn("address_text", "text", is_content=True)
        yield StageColumn("addresses", "jsonb")
    if implies_property:
        yield from (StageColumn(name, "text") for name in ("address", "postal_code", "use_type"))
        yield StageColumn("geom", "public.geometry")


def type_of(table: Table, name: str) -> str:
    """SQL type of a column; geometry without its subtype, because rows are checked before."""
    if name in _SRID_BY_COLUMN:
        return "public.geometry"
    return str(table.c[name].type.compile(dialect=_DIALECT))


def create_stage(connection: Connection, name: str, columns: tuple[StageColumn, ...]) -> None:
    """Make the staging table of this transaction."""
    listed = ", ".join(f"{one.name} {one.type_sql}" for one in columns)
    connection.execute(text(f"CREATE TEMP TABLE {name} ({listed}) ON COMMIT DROP"))


def copy_frame(connection: Connection, name: str, columns: tuple[StageColumn, ...], frame: pd.DataFrame) -> None:
    """COPY a frame into its staging table; a column that the frame lacks is NULL."""
    copying(connection, name, columns, frame)()


def copying(
    connection: Connection, name: str, columns: tuple[StageColumn, ...], frame: pd.DataFrame
) -> Callable[[], None]:
    """The same in two steps: makes the text at once, and returns what sends it and waits for the database."""
    if frame.empty:
        return _nothing
    present = [one for one in columns if one.name in frame]
    arrays = [_arrow(frame[one.name], one.name) for one in present]
    sink = io.BytesIO()
    options = pyarrow.csv.WriteOptions(include_header=False)
    pyarrow.csv.write_csv(pa.Table.from_arrays(arrays, names=[one.name for one in present]), sink, options)
    listed = ", ".join(one.name for one in present)

    def send() -> None:
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY {name} ({listed}) FROM STDIN (FORMAT csv)") as copy:
            copy.write(sink.getbuffer())

    return send


def _nothing() -> None:
    """What an empty frame sends."""


def _arrow(values: "pd.Series[Any]", name: str) -> pa.Array:
    if name in _SRID_BY_COLUMN:
        shapes = shapely.set_srid(np.asarray(values, dtype=object), _SRID_BY_COLUMN[name])
        return pa.array(shapely.to_wkb(shapes, hex=True, include_srid=True), type=pa.string(), from_pandas=True)
    if pd.api.types.is_datetime64_any_dtype(values):
        return pa.array(values.to_numpy(dtype="datetime64[D]"))
    if values.dtype == object:
        return pa.array(values, type=pa.string(), from_pandas=True)
    made = pa.array(values, from_pandas=True)
    return pa.concat_arrays(made.chunks) if isinstance(made, pa.ChunkedArray) else made
