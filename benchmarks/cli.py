"""`make bench`: cities of several sizes, loaded and asked in one run, as ratios, with a report in `docs/`.

make bench                                      10,000 and 100,000 properties
make bench ARGS="--sizes 10000,1000000"         a million, which takes a quarter of an hour to load
make bench ARGS="--use 1000000=qm_million"      measures a city that is in a database already and leaves it there
"""

import argparse
import os
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import geodata.gdal_env  # noqa: F401 - before everything that may import GDAL
from benchmarks import assessments, reads, report, scenario, users
from benchmarks.load import measure_loading
from benchmarks.scale import Scale, city_in, city_of, sizes_of
from etl.demo import BULK_FROM
from geodata import bootstrap, cluster, startup
from geodata.access import Access
from geodata.settings import PROJECT_ROOT, Settings, load_settings

LOADING_DATABASE = "qm_bench_loading"
CROWD_SECONDS = 30.0


def main() -> None:
    """Measure and write the report."""
    chosen = _arguments()
    settings = load_settings()
    with cluster.lease(settings) as running, tempfile.TemporaryDirectory(prefix="qm-bench-") as folder:
        run = _frame(running, settings)
        run["notes"] = chosen.notes.read_text(encoding="utf-8") if chosen.notes else None
        with ExitStack() as stack:
            scales = [
                stack.enter_context(_opened(settings, running, size, Path(folder) / str(size), chosen.use.get(size)))
                for size in sorted({*chosen.sizes, *chosen.use})
            ]
            run["cities"] = measure_cities(scales, chosen.times, crowd_seconds=chosen.crowd_seconds)
            for scale, city in zip(scales, run["cities"], strict=True):
                # A city that was there before is left as it is.
                if scale.seconds is not None:
                    _say(f"{scale.size:,}: assessments")
                    city["assessments"] = assessments.measure(scale, Path(folder) / "assessments")
        _say("courses of a scenario")
        run["scenario"] = scenario.measure_courses()
        if chosen.loading:
            run["loading"] = _measure_loading(settings, running, Path(folder), chosen.loading)
    report.write(chosen.to, run)
    print((chosen.to / "benchmark.md").read_text(encoding="utf-8"))


def measure_cities(scales: Sequence[Scale], times: int, *, crowd_seconds: float) -> list[dict[str, Any]]:
    """All answers of all cities, each question asked of the cities in turns."""
    accesses = [Access(scale.urls) for scale in scales]
    cities = [reads.know(scale, access) for scale, access in zip(scales, accesses, strict=True)]
    asked = [
        reads.questions(city, reads.sign_in(reads.application(city.scale, access)), access)
        for city, access in zip(cities, accesses, strict=True)
    ]
    found: list[dict[str, Any]] = [
        {"size": one.size, "load_seconds": one.seconds, "rows": sizes_of(one.urls), "reads": {}} for one in scales
    ]
    for same in zip(*asked, strict=True):
        _say(same[0].title)
        for one, measured in zip(found, reads.measure(same, times), strict=True):
            one["reads"][same[0].key] = _told(measured)
    for one, city, access in zip(found, cities, accesses, strict=True):
        _say(f"{city.scale.size:,}: row policies, users at once")
        one["policies"] = reads.policies(city, times)
        access.close()
        if crowd_seconds:
            one["crowd"] = _crowd(users.meet(city, lasting_seconds=crowd_seconds))
    return found


def _told(measured: reads.Measured) -> dict[str, Any]:
    return {
        "title": measured.title,
        "kind": measured.kind,
        "p50_seconds": round(measured.percentile(0.5), 4),
        "p95_seconds": round(measured.percentile(0.95), 4),
        "largest_bytes": measured.largest_bytes,
        "failures": measured.failures,
        "answers": len(measured.seconds),
    }


def _crowd(crowd: users.Crowd) -> dict[str, Any]:
    seconds = reads.Measured("crowd", "crowd", tuple(crowd.seconds), None, len(crowd.errors))
    return {
        "users": crowd.users,
        "pause_seconds": crowd.pause_seconds,
        "answers": len(crowd.seconds),
        "answers_per_second": round(len(crowd.seconds) / crowd.lasted_seconds, 1),
        "p50_seconds": round(seconds.percentile(0.5), 4),
        "p95_seconds": round(seconds.percentile(0.95), 4),
        "errors": len(crowd.errors),
        "kinds_of_errors": sorted(set(crowd.errors)),
    }


def _opened(
    settings: Settings, running: cluster.Cluster, size: int, folder: Path, database: str | None
) -> AbstractContextManager[Scale]:
    _say(f"{size:,}: {'looking at ' + database if database else 'generating and loading'}")
    return city_in(settings, running, size, database) if database else city_of(settings, running, size, folder)


def _measure_loading(settings: Settings, running: cluster.Cluster, folder: Path, properties: int) -> dict[str, Any]:
    own = settings.model_copy(update={"database_name": LOADING_DATABASE})
    bootstrap.drop(running, LOADING_DATABASE)
    try:
        return measure_loading(startup.ensure_database(own), running, folder / "loading", properties)
    finally:
        bootstrap.drop(running, LOADING_DATABASE)


def _frame(running: cluster.Cluster, settings: Settings) -> dict[str, Any]:
    startup.ensure_database(settings)
    with cluster.connect(running, settings.embedded_database) as superuser:
        versions = report.machine(superuser)
    commit = subprocess.run(
        ("git", "rev-parse", "--short", "HEAD"), cwd=PROJECT_ROOT, capture_output=True, text=True, check=False
    )
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": commit.stdout.strip() or "unknown",
        "cpus": os.cpu_count(),
        "load_average": round(os.getloadavg()[0], 1),
        "versions": versions,
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=_numbers, default="10000,100000", help="properties of each city [%(default)s]")
    parser.add_argument("--use", type=_databases, default="", help="SIZE=DATABASE,...: cities that are there already")
    parser.add_argument("--times", type=int, default=40, help="answers for each question [%(default)s]")
    parser.add_argument("--crowd-seconds", type=float, default=CROWD_SECONDS, help="0 = no users at once [%(default)s]")
    parser.add_argument("--loading", type=int, default=100_000, help="properties for the paths of loading; 0 = none")
    parser.add_argument("--notes", type=Path, help="Markdown that says why goals are missed; goes into the report")
    parser.add_argument("--to", type=Path, default=PROJECT_ROOT / "docs", help="folder of the report [docs]")
    chosen = parser.parse_args()
    if 0 < chosen.loading < BULK_FROM:
        # A smaller city comes in several files of a kind, as the demonstration does.
        parser.error(f"--loading takes 0 or at least {BULK_FROM} properties.")
    return chosen


def _numbers(given: str) -> list[int]:
    return [int(part) for part in given.split(",") if part]


def _databases(given: str) -> dict[int, str]:
    pairs = [part.split("=", 1) for part in given.split(",") if part]
    return {int(size): database for size, database in pairs}


def _say(what: str) -> None:
    print(f"{datetime.now(UTC):%H:%M:%S} {what}", flush=True)


if __name__ == "__main__":
    main()
