"""Properties that no register names but that facts imply: the newest row gives address and point."""

from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Connection, text

from etl import apply, staging
from etl.indexes import official_addresses
from etl.linking import PropertyPlacer
from etl.mapping import Mapping
from etl.source import find_source

_COLUMNS = ("key", "line", "address", "postal_code", "use_type", "geom")


def judge_implied(connection: Connection, step: apply.Step, mapping: Mapping, say: Callable[..., None]) -> apply.Step:
    """Stage and judge the properties that the facts of `step` tell of; returns the step that writes them.

    `say` gets the sentences for the report, as how many of them have no place.
    """
    properties = replace(
        step,
        source=find_source("properties"),
        implies_property=False,
        is_complete=False,
        is_hashed=False,
        known_from=None,
    )
    columns = staging.stage_columns(properties.source)
    staging.create_stage(connection, properties.staged, columns)
    frame = _newest(connection, step)
    placer = PropertyPlacer(mapping, official_addresses(connection, mapping), is_implied=True)
    placer.link(frame)
    staging.copy_frame(connection, properties.staged, columns, frame)
    apply.judge(connection, properties)
    say(*placer.remarks(**apply.places(connection, properties)))
    return properties


def count_new(connection: Connection, properties: apply.Step) -> int:
    """How many properties come into being."""
    query = f"SELECT count(*) FROM {properties.judged} WHERE verdict = 'loaded' AND property_id IS NULL"  # noqa: S608
    return int(connection.execute(text(query)).scalar_one())


def take_over_ids(connection: Connection, step: apply.Step) -> None:
    """Give the facts the ids of the properties that came into being."""
    statement = (
        f"UPDATE {step.judged} AS j SET property_id = p.id FROM qm.property AS p "  # noqa: S608
        "WHERE j.property_id IS NULL AND p.municipality = :municipality AND p.register = :register "
        "AND p.key = j.property_key"
    )
    values = {"municipality": step.municipality, "register": step.register}
    connection.execute(text(statement), values)


def with_touched(connection: Connection, touched: list[int], most: int) -> list[int] | None:
    """The properties touched by facts and those whose implied version changed; None = more than `most`."""
    query = "SELECT DISTINCT property_id FROM judged_properties WHERE verdict = 'loaded' LIMIT :most"
    found = {row[0] for row in connection.execute(text(query), {"most": most + 1})} | set(touched)
    return None if len(found) > most else sorted(found)


def _newest(connection: Connection, step: apply.Step) -> "pd.DataFrame":
    lines = (files("etl") / "sql" / "newest_of_property.sql").read_text(encoding="utf-8").splitlines()
    statement = "\n".join(line for line in lines if not line.startswith("--"))
    query = text(statement.format(staged=step.staged, table=step.table, dated_by=step.source.dated_by))
    values: dict[str, Any] = {"municipality": step.municipality, "register": step.register}
    rows = connection.execute(query, values).all()
    frame = pd.DataFrame.from_records(rows, columns=list(_COLUMNS))
    points = [None if geom is None else bytes(geom) for geom in frame["geom"]]
    frame["geom"] = shapely.from_wkb(np.array(points, dtype=object)) if points else np.array([], dtype=object)
    for name in ("key", "address", "postal_code", "use_type"):
        frame[name] = frame[name].astype("str")
    frame["parcels"] = "{}"
    frame["is_spared"] = False
    return frame
