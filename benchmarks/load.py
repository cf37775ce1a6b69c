"""Loading inspections through the ETL against the bare path, `geopandas.to_postgis` and `ogr2ogr`, in one run.

Run by `make bench` (`ARGS="--properties 100000"` for a million inspections). The rows come from the demonstration
generator and go into a database of their own, which is dropped afterwards. The paths, all over the same rows:

- *etl*: `etl.pipeline.load` of the office's CSV, with all checks, links, duplicates, report, indexes, foreign keys and
  commit; `etl_without_refresh` leaves out what derives the current state for the pages afterwards, which no other path
  does ("checked, linked and applied" is this one);
- *bare*: somebody else has checked, linked and hashed; COPY as text, typed insert into the same columns, then the same
  indexes and foreign keys, which are read from the catalogue. `bare_narrow` is the same without the columns of the
  delivery, with half of the keys;
- *to_postgis*: pandas reads the CSV, rows get the point of their property, `GeoDataFrame.to_postgis` writes: no check,
  no link, no type, no index, no key. `to_postgis_write` is the last of the three steps alone;
- *ogr2ogr*: the CSV (as UTF-8) by COPY into text columns, no check; None where it is not installed;
- *second_delivery*: the file of the next month, of which one row in a hundred is different, into the filled table.
"""

import argparse
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import geopandas as gpd
import pandas as pd
import psycopg
from sqlalchemy import create_engine, make_url, text

import geodata.gdal_env  # noqa: F401 - before everything that may import GDAL
from etl.demo.deliveries import DemoFile, generate
from etl.demo.files import ENCODING
from etl.pipeline import Order, load
from geodata import bootstrap, cluster, records, startup
from geodata.settings import DatabaseUrls, load_settings

DATABASE = "qm_bench"
GOAL_AGAINST_BARE = 1.5
GOAL_AGAINST_TO_POSTGIS = 0.5
# Sources that inspections need; others would only fill tables that no path here touches.
NEEDED = ("areas", "area_links", "rules", "properties")
NARROW = ("property_id", "key", "control_type", "inspected_on", "access_reached", "result", "defects")
CAST_AS = {
    "property_id": "bigint",
    "inspected_on": "date",
    "running_number": "smallint",
    "defects": "text[]",
    "content_hash": "uuid",
}
WIDE = (*NARROW[:2], "round_key", *NARROW[2:4], "running_number", *NARROW[4:], "content_hash")


def main() -> None:
    """Load once on each path and print a table of seconds, rows per second and ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--properties", type=int, default=10_000, help="properties; ten inspections each [10000]")
    properties = parser.parse_args().properties
    settings = load_settings().model_copy(update={"database_name": DATABASE})
    with cluster.lease(settings) as running, tempfile.TemporaryDirectory(prefix="qm-bench-") as folder:
        bootstrap.drop(running, DATABASE)
        try:
            urls = startup.ensure_database(settings)
            print("\n".join(lines_of(measure_loading(urls, running, Path(folder), properties))))
        finally:
            bootstrap.drop(running, DATABASE)


def measure_loading(
    urls: DatabaseUrls, running: cluster.Cluster, folder: Path, properties: int
) -> dict[str, Any]:  # the shape is said below, for a report as JSON
    """Load ten inspections for each of `properties` on each path, into an empty database of ours.

    `rows`; `seconds` by path, with `ogr2ogr` None where it is missing; `ratios` by name: `etl_to_bare` and
    `etl_to_to_postgis` without the refresh, `_with_refresh` with it; `second_delivery_rows_per_second` with it, and
    without it.
    """
    files = generate(folder, size=properties)
    for file in files:
        if file.source in NEEDED:
            deliver(urls, file)
    [inspections] = [file for file in files if file.source == "inspections"]
    seconds: dict[str, float | None] = dict(timed_etl(urls, inspections))
    wide, narrow = folder / "wide.csv", folder / "narrow.csv"
    write_typed_rows(urls, wide, WIDE)
    write_typed_rows(urls, narrow, NARROW)
    with cluster.connect(running, urls.database) as superuser:
        seconds["bare"] = timed(lambda: bare_path(superuser, wide, WIDE, is_narrow=False))
        seconds["bare_narrow"] = timed(lambda: bare_path(superuser, narrow, NARROW, is_narrow=True))
    seconds |= timed_to_postgis(urls, inspections)
    seconds["ogr2ogr"] = timed_ogr2ogr(urls, inspections)
    again = timed_etl(urls, next_month(inspections))
    seconds["second_delivery"] = again["etl"]
    seconds["second_delivery_without_refresh"] = again["etl_without_refresh"]
    return {"rows": properties * 10, "seconds": seconds, "ratios": ratios(seconds, properties * 10)}


def ratios(seconds: dict[str, float | None], rows: int) -> dict[str, float]:
    """What the goals speak of."""
    known = {name: taken for name, taken in seconds.items() if taken is not None}
    found = {}
    for other in ("bare", "bare_narrow", "to_postgis", "to_postgis_write", "ogr2ogr"):
        if other in known:
            found[f"etl_to_{other}"] = known["etl_without_refresh"] / known[other]
            found[f"etl_to_{other}_with_refresh"] = known["etl"] / known[other]
    for name in ("second_delivery", "second_delivery_without_refresh"):
        found[f"{name}_rows_per_second"] = rows / known[name]
    return found


def deliver(urls: DatabaseUrls, file: DemoFile) -> None:
    """Load one file of the generator; a refusal would make the figures meaningless."""
    result = load(urls.load, Order(file.source, file.path, mapping=file.mapping), write=True)
    if result.refused is not None:
        raise SystemExit(f"{file.path.name} was refused: {result.refused}")


def timed_etl(urls: DatabaseUrls, file: DemoFile) -> dict[str, float]:
    """Seconds of the whole delivery, and without deriving the current state."""
    refreshing: list[float] = []
    refresh = records.refresh

    def clocked(*arguments: Any, **options: Any) -> None:
        refreshing.append(timed(lambda: refresh(*arguments, **options)))

    with mock.patch.object(records, "refresh", clocked):
        whole = timed(lambda: deliver(urls, file))
    return {"etl": whole, "etl_without_refresh": whole - sum(refreshing)}


def write_typed_rows(urls: DatabaseUrls, path: Path, columns: tuple[str, ...]) -> None:
    """What the ETL stored, as the CSV that a bare COPY would get if somebody else had checked and linked it."""
    query = f"COPY (SELECT {', '.join(columns)} FROM qm.inspection) TO STDOUT WITH (FORMAT csv)"
    engine = create_engine(urls.load)
    with engine.connect() as connection, path.open("wb") as sink:
        driver: Any = connection.connection.driver_connection
        with driver.cursor().copy(query) as copy:
            sink.writelines(copy)
    engine.dispose()


def bare_path(connection: psycopg.Connection[Any], csv: Path, columns: tuple[str, ...], *, is_narrow: bool) -> None:
    """COPY as text, typed insert, indexes and foreign keys afterwards; as superuser, because the owner sees no row."""
    listed = ", ".join(columns)
    values = ", ".join(f"{name}::{CAST_AS[name]}" if name in CAST_AS else name for name in columns)
    more, constants = ("", "") if is_narrow else (", delivery_id, recorded_at", ", d.id, now()")
    delivery = "" if is_narrow else ", (SELECT max(id) AS id FROM qm.delivery WHERE source = 'inspections') AS d"
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE raw ({', '.join(f'{name} text' for name in columns)}) ON COMMIT DROP")
        with cursor.copy(f"COPY raw ({listed}) FROM STDIN WITH (FORMAT csv)") as copy, csv.open("rb") as file:
            while block := file.read(1 << 20):
                copy.write(block)
        cursor.execute("DROP SCHEMA IF EXISTS bench CASCADE; CREATE SCHEMA bench")
        cursor.execute(
            "CREATE TABLE bench.inspection"
            " (LIKE qm.inspection INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING CONSTRAINTS)"
        )
        cursor.execute(
            f"INSERT INTO bench.inspection (municipality, {listed}{more})"
            f" SELECT 'de-demo01', {values}{constants} FROM raw{delivery}"
        )
        for statement in indexes_and_keys(cursor, is_narrow=is_narrow):
            cursor.execute(statement)


def indexes_and_keys(cursor: psycopg.Cursor[Any], *, is_narrow: bool) -> list[str]:
    """Statements that give the measured table what `qm.inspection` has; the narrow one does without two keys."""
    cursor.execute(
        "SELECT name, statement FROM qm.definitions_to_set_aside('qm.inspection')"
        " WHERE phase IN (2, 3, 4) ORDER BY phase, name"
    )
    left_out = ("inspection_municipality_fkey", "inspection_delivery_id_fkey") if is_narrow else ()
    rows = [statement for name, statement in cursor.fetchall() if name not in left_out]
    return [re.sub(r"\bqm\.inspection\b", "bench.inspection", statement) for statement in rows]


def timed_to_postgis(urls: DatabaseUrls, file: DemoFile) -> dict[str, float]:
    """Seconds from the CSV to a table of text with points, and of its last step alone."""
    engine = create_engine(urls.load)
    with engine.connect() as connection:
        query = text("SELECT key, ST_X(geom) AS x, ST_Y(geom) AS y FROM qm.property_current")
        places = pd.DataFrame(connection.execute(query).mappings().all())
    engine.dispose()
    started = time.perf_counter()
    rows = pd.read_csv(file.path, sep=";", encoding=ENCODING, dtype="str")
    rows = rows.merge(places, left_on=rows.columns[0], right_on="key")
    points = gpd.points_from_xy(rows.x, rows.y)
    frame = gpd.GeoDataFrame(rows.drop(columns=["key", "x", "y"]), geometry=points, crs=25832)
    read = time.perf_counter() - started
    # The owner may create tables in a schema of ours; the measured table goes with the database.
    owner = create_engine(str(urls.owner))
    write = timed(lambda: frame.to_postgis("measured_points", owner, schema="qm", index=False))
    owner.dispose()
    return {"to_postgis": read + write, "to_postgis_write": write}


def timed_ogr2ogr(urls: DatabaseUrls, file: DemoFile) -> float | None:
    """Seconds of GDAL's loader; it takes the CSV for UTF-8, so it gets it so. None where it is not installed."""
    program = shutil.which("ogr2ogr")
    if program is None:
        return None
    path = file.path.with_name("ogr.csv")
    path.write_text(file.path.read_text(ENCODING), "utf-8")
    url = make_url(str(urls.owner))
    # The password is not for the list of processes.
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PGPASSWORD": str(url.password or ""),
        "PG_USE_COPY": "YES",
    }
    where = {"dbname": url.database, "user": url.username, "host": url.host, "port": url.port} | url.query
    target = "PG:" + " ".join(
        f"{name}='{value}'" for name, value in where.items() if value and name in ("dbname", "user", "host", "port")
    )
    command = [program, "-f", "PostgreSQL", target, str(path), "-nln", "qm.measured_by_ogr2ogr"]
    command += ["-oo", "SEPARATOR=SEMICOLON", "-lco", "SPATIAL_INDEX=NONE", "-gt", "unlimited"]
    return timed(lambda: subprocess.run(command, env=environment, check=True, capture_output=True))


def next_month(file: DemoFile) -> DemoFile:
    """The same export a month later: every hundredth visit has another result."""
    on = file.as_of + timedelta(days=30)
    path = file.path.with_name(f"kontrollen_{on}.csv")
    with file.path.open(encoding=ENCODING) as before, path.open("w", encoding=ENCODING) as after:
        for number, line in enumerate(before):
            after.write(line.replace(";ohne Mangel;", ";nicht durchgeführt;") if number % 100 == 0 else line)
    return DemoFile(file.source, file.mapping, path, on)


def lines_of(measured: dict[str, Any]) -> list[str]:
    """Seconds, rows per second and the ratios beside their goals, as Markdown."""
    rows: int = measured["rows"]
    today = date.today()  # noqa: DTZ011 - the date of the run, as the machine says
    lines = [f"{rows:,} inspections, {today:%Y-%m-%d}", "", "| path | seconds | rows/s |", "|---|---:|---:|"]
    for name, taken in measured["seconds"].items():
        lines.append(f"| {name} | {f'{taken:.1f} | {rows / taken:,.0f}' if taken else 'not installed |'} |")
    lines.append("")
    goals = {"etl_to_bare": GOAL_AGAINST_BARE, "etl_to_to_postgis": GOAL_AGAINST_TO_POSTGIS}
    for name, ratio in measured["ratios"].items():
        goal = f" (goal: at most {goals[name]})" if name in goals else ""
        lines.append(f"- {name}: {ratio:,.2f}{goal}")
    return lines


def timed(work: Callable[[], object]) -> float:
    """Seconds that the work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
