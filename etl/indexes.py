"""Reads what rows are linked with: official addresses, and the parcels and addresses of a register."""

import io
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
from psycopg import sql
from sqlalchemy import Connection, text

from etl.addresses import AddressIndex
from etl.linking import KnownProperties, PropertyFinder, PropertyPlacer
from etl.mapping import Mapping

_SQL = files("etl") / "sql"


def linker_for(connection: Connection, mapping: Mapping) -> PropertyFinder | PropertyPlacer | None:
    """What the rows of this mapping need, None where their key says everything."""
    if mapping.source.stored_key == ("property_id",):
        is_asked = mapping.maps("address") or mapping.maps("street")
        return PropertyPlacer(mapping, official_addresses(connection, mapping) if is_asked else None)
    if not mapping.source.is_of_property or mapping.match == "key":
        return None
    return (
        _finder_by_parcel(connection, mapping) if mapping.match == "parcel" else _finder_by_address(connection, mapping)
    )


def known_properties(connection: Connection, mapping: Mapping) -> KnownProperties:
    """All properties of the register, one that was merged as the one that goes on.

    By COPY, because a million rows as objects would take seconds and gigabytes.
    """
    query = sql.SQL(
        "COPY (SELECT p.key, coalesce(m.to_property_id, p.id) FROM qm.property AS p LEFT JOIN qm.property_link AS m"
        " ON m.from_property_id = p.id AND m.kind = 'merge' AND m.superseded_at IS NULL"
        " WHERE p.municipality = {} AND p.register = {}) TO STDOUT (FORMAT csv)"
    ).format(mapping.municipality, mapping.register)
    driver: Any = connection.connection.driver_connection
    content = io.BytesIO()
    with driver.cursor() as cursor, cursor.copy(query) as copy:
        content.writelines(copy)
    content.seek(0)
    if not content.getbuffer().nbytes:
        return KnownProperties(str(mapping.register), pd.Index([], dtype="str"), np.array([-1], dtype=np.int64))
    names = pyarrow.csv.ReadOptions(column_names=["key", "id"])
    types = pyarrow.csv.ConvertOptions(column_types={"key": pa.large_string(), "id": pa.int64()})
    parse = pyarrow.csv.ParseOptions(newlines_in_values=True)
    table = pyarrow.csv.read_csv(content, read_options=names, parse_options=parse, convert_options=types)
    frame = table.to_pandas()
    return KnownProperties(str(mapping.register), pd.Index(frame["key"]), frame["id"].to_numpy(dtype=np.int64))


def official_addresses(connection: Connection, mapping: Mapping) -> AddressIndex | None:
    """Index of the municipality's addresses in force, None where there are none."""
    rows = connection.execute(text(_read("official_addresses")), {"municipality": mapping.municipality}).all()
    return AddressIndex(rows, threshold=mapping.match_threshold) if rows else None


def _finder_by_address(connection: Connection, mapping: Mapping) -> PropertyFinder:
    rows = connection.execute(text(_read("addresses_of_properties")), _register(mapping)).all()
    index = AddressIndex(rows, threshold=mapping.match_threshold)
    query = "SELECT id, key FROM qm.property WHERE municipality = :municipality AND register = :register"
    keys = {row.id: row.key for row in connection.execute(text(query), _register(mapping))}
    return PropertyFinder(mapping, index=index, keys_by_id=keys)


def _finder_by_parcel(connection: Connection, mapping: Mapping) -> PropertyFinder:
    found: dict[str, list[str]] = {}
    for parcel, key in connection.execute(text(_read("parcels_of_properties")), _register(mapping)):
        found.setdefault(parcel, []).append(key)
    return PropertyFinder(mapping, by_parcel=found)


def _register(mapping: Mapping) -> dict[str, Any]:
    return {"municipality": mapping.municipality, "register": mapping.register}


def _read(name: str) -> str:
    lines = (_SQL / f"{name}.sql").read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("--"))
