"""Loading inspections through the ETL against the bare path and against `geopandas.to_postgis`, as ratios in one run.

Run by `make bench` (`ARGS="--properties 100000"` for a million inspections). The rows come from the demonstration
generator and go into a database of their own, which is dropped afterwards. The three paths:

- *ETL*: `etl.pipeline.load` with all checks, links, comparison, refresh and report;
- *bare*: COPY of the same columns as text, typed insert into a table like `qm.inspection`, then the same indexes and
  foreign keys; no checks, no refresh;
- *to_postgis*: `GeoDataFrame.to_postgis` of the same rows with their points, no checks, no index.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import psycopg
from sqlalchemy import create_engine, text

import geodata.gdal_env  # noqa: F401 - before everything that may import GDAL
from etl.demo.deliveries import DemoFile, generate
from etl.pipeline import Order, load
from geodata import bootstrap, cluster, startup
from geodata.settings import DatabaseUrls, load_settings

DATABASE = "qm_bench"
GOAL_AGAINST_BARE = 1.5
GOAL_AGAINST_TO_POSTGIS = 0.5
COLUMNS = ("property_id", "key", "control_type", "inspected_on", "access_reached", "result", "defects")
LISTED = ", ".join(COLUMNS)
INDEXES_AND_KEYS = (
    "ALTER TABLE qm.measured ADD PRIMARY KEY (id)",
    "CREATE UNIQUE INDEX ON qm.measured (municipality, key) WHERE superseded_at IS NULL",
    "CREATE INDEX ON qm.measured (property_id, inspected_on) WHERE superseded_at IS NULL",
    "ALTER TABLE qm.measured ADD FOREIGN KEY (property_id) REFERENCES qm.property (id)",
    "ALTER TABLE qm.measured ADD FOREIGN KEY (control_type) REFERENCES qm.control_type (code)",
)


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
            report(measure(running, urls, Path(folder), properties), rows=properties * 10)
        finally:
            bootstrap.drop(running, DATABASE)


def measure(running: cluster.Cluster, urls: DatabaseUrls, folder: Path, properties: int) -> dict[str, float]:
    """Seconds of each path over the same rows."""
    *before, inspections = generate(folder, size=properties)
    for file in before:
        deliver(urls, file)
    seconds = {"ETL": timed(lambda: deliver(urls, inspections))}
    csv = folder / "typed.csv"
    write_typed_rows(urls, csv)
    with cluster.connect(running, urls.database) as superuser:
        seconds["bare"] = timed(lambda: bare_path(superuser, csv))
    owner = create_engine(str(urls.owner))
    frame = read_points(urls)
    # The owner may create tables in a schema of ours; the measured table goes with the database.
    seconds["to_postgis"] = timed(lambda: frame.to_postgis("measured_points", owner, schema="qm", index=False))
    owner.dispose()
    return seconds


def deliver(urls: DatabaseUrls, file: DemoFile) -> None:
    """Load one file of the generator; a refusal would make the figures meaningless."""
    result = load(urls.load, Order(file.source, file.path, mapping=file.mapping), write=True)
    if result.refused is not None:
        raise SystemExit(f"{file.path.name} was refused: {result.refused}")


def write_typed_rows(urls: DatabaseUrls, path: Path) -> None:
    """What the ETL stored, as the CSV that a bare COPY would get if somebody else had checked and linked it."""
    query = f"COPY (SELECT {LISTED} FROM qm.inspection) TO STDOUT WITH (FORMAT csv)"
    engine = create_engine(urls.load)
    with engine.connect() as connection, path.open("wb") as sink:
        driver: Any = connection.connection.driver_connection
        with driver.cursor().copy(query) as copy:
            sink.writelines(copy)
    engine.dispose()


def bare_path(connection: psycopg.Connection[Any], csv: Path) -> None:
    """COPY as text, typed insert, indexes and foreign keys afterwards; as superuser, because the owner sees no row."""
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE raw ({', '.join(f'{name} text' for name in COLUMNS)}) ON COMMIT DROP")
        with cursor.copy(f"COPY raw ({LISTED}) FROM STDIN WITH (FORMAT csv)") as copy, csv.open("rb") as file:
            while block := file.read(1 << 16):
                copy.write(block)
        cursor.execute("CREATE TABLE qm.measured (LIKE qm.inspection INCLUDING DEFAULTS INCLUDING IDENTITY)")
        cursor.execute(
            f"INSERT INTO qm.measured (municipality, {LISTED}) SELECT 'de-demo01', property_id::bigint, key,"
            " control_type, inspected_on::date, access_reached, result, defects::text[] FROM raw"
        )
        for statement in INDEXES_AND_KEYS:
            cursor.execute(statement)


def read_points(urls: DatabaseUrls) -> gpd.GeoDataFrame:
    """The same rows with the point of their property, as a GeoDataFrame."""
    query = (
        f"SELECT i.{', i.'.join(COLUMNS[:-1])}, ST_X(c.geom) AS x, ST_Y(c.geom) AS y"
        " FROM qm.inspection AS i INNER JOIN qm.property_current AS c USING (property_id)"
    )
    engine = create_engine(urls.load)
    with engine.connect() as connection:
        rows = pd.DataFrame(connection.execute(text(query)).mappings().all())
    engine.dispose()
    return gpd.GeoDataFrame(rows.drop(columns=["x", "y"]), geometry=gpd.points_from_xy(rows.x, rows.y), crs=25832)


def report(seconds: dict[str, float], *, rows: int) -> None:
    """Print seconds, rows per second and the ratios beside their goals."""
    print(f"{rows:,} inspections, {date.today():%Y-%m-%d}\n")  # noqa: DTZ011 - the date of the run, as the machine says
    print("| path | seconds | rows/s |\n|---|---:|---:|")
    for name, taken in seconds.items():
        print(f"| {name} | {taken:.1f} | {rows / taken:,.0f} |")
    etl = seconds["ETL"]
    print(f"\nETL / bare: {etl / seconds['bare']:.2f} (goal: at most {GOAL_AGAINST_BARE})")
    print(f"ETL / to_postgis: {etl / seconds['to_postgis']:.2f} (goal: at most {GOAL_AGAINST_TO_POSTGIS})")


def timed(work: Callable[[], object]) -> float:
    """Seconds that the work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
