"""The report of a run as JSON and as Markdown; no path and no host name of the machine, its CPUs and versions only."""

import json
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.goals import Verdict, judge, judge_courses

PACKAGES = ("dash", "plotly", "sqlalchemy", "psycopg", "geopandas", "flask")
_HEAD = """# Benchmark

Written by `make bench`; do not edit. {date}, commit {commit}, {cpus} CPUs, {versions}.
{load}

Cities are made by the demonstration generator, loaded by the ETL, and asked through the routes of the application with
a signed-in account of building control (figures: through the same reads as the pages). Each question is asked of the
cities in turns, so that each meets the same machine, for other places and properties every time; no browser cache. All
cities have the same outline: in the larger ones more objects lie at the same place, so *street* is a window with about
150 objects in each, while *city* and *district* are the same windows. What the web gives up on after 2 s is counted as
without an answer.
"""


def machine(connection: psycopg.Connection[Any]) -> dict[str, str]:
    """Versions of what matters."""
    row = connection.execute("SELECT current_setting('server_version'), public.postgis_lib_version()").fetchone()
    assert row is not None
    packages = {name: version(name) for name in PACKAGES}
    return {"python": platform.python_version(), "postgresql": row[0].split(" ")[0], "postgis": row[1], **packages}


def write(folder: Path, run: dict[str, Any]) -> None:
    """`benchmark.json` and `benchmark.md` in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    verdicts = [*judge(run["cities"]), *judge_courses(run.get("scenario", []))]
    whole = run | {"goals": [vars(one) for one in verdicts]}
    (folder / "benchmark.json").write_text(json.dumps(whole, indent=1, default=str) + "\n", encoding="utf-8")
    (folder / "benchmark.md").write_text(markdown(run, verdicts), encoding="utf-8")


def markdown(run: dict[str, Any], verdicts: list[Verdict]) -> str:
    """The report for readers."""
    versions = ", ".join(f"{name} {number}" for name, number in run["versions"].items())
    load = f"Load of the machine by others when it began: {run['load_average']:.1f} (0 = it was alone)."
    parts = [
        _HEAD.format(date=run["date"], commit=run["commit"], cpus=run["cpus"], versions=versions, load=load),
        _reads(run["cities"]),
        _goals(verdicts),
        *([_why(run["notes"])] if run.get("notes") else []),
        _crowds(run["cities"]),
        *([_courses(run["scenario"])] if run.get("scenario") else []),
        *([_assessments(assessed)] if (assessed := _assessed(run["cities"])) else []),
        _rows(run["cities"]),
        *([_loading(run["loading"])] if run.get("loading") else []),
    ]
    return "\n".join(parts)


def _table(head: list[str], rows: list[list[str]]) -> str:
    ruler = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (head, ruler, *rows)) + "\n"


def _reads(cities: list[dict[str, Any]]) -> str:
    head = ["question"]
    for city in cities:
        head += [f"{city['size']:,}: p50 ms", "p95 ms", "kB"]
    rows = []
    for key, one in cities[0]["reads"].items():
        cells = [one["title"]]
        for city in cities:
            cells += _cells(city["reads"][key])
        rows.append(cells)
    return "## Answers\n\n" + _table(head, rows)


def _cells(one: dict[str, Any]) -> list[str]:
    failed = f" ({one['failures']} given up)" if one["failures"] else ""
    size = "" if one["largest_bytes"] is None else f"{one['largest_bytes'] / 1000:.0f}"
    return [f"{1000 * one['p50_seconds']:.0f}", f"{1000 * one['p95_seconds']:.0f}{failed}", size]


def _goals(verdicts: list[Verdict]) -> str:
    rows = [[one.goal, one.measured, "reached" if one.is_reached else "**missed**"] for one in verdicts]
    reached = sum(one.is_reached for one in verdicts)
    return f"## Goals: {reached} of {len(verdicts)} reached\n\n" + _table(["goal", "measured", ""], rows)


def _why(notes: str) -> str:
    return "## Why goals are missed\n\n" + notes.strip() + "\n"


def _crowds(cities: list[dict[str, Any]]) -> str:
    head = ["city", "users", "pause", "answers/s", "p50 ms", "p95 ms", "errors"]
    rows = [
        [
            f"{city['size']:,}",
            str(crowd["users"]),
            f"{crowd['pause_seconds']:g} s",
            f"{crowd['answers_per_second']:.0f}",
            f"{1000 * crowd['p50_seconds']:.0f}",
            f"{1000 * crowd['p95_seconds']:.0f}",
            str(crowd["errors"]),
        ]
        for city in cities
        if (crowd := city.get("crowd"))
    ]
    return "## Users at once\n\nServed as by `qm serve`; the users run on the same machine.\n\n" + _table(head, rows)


def _courses(courses: list[dict[str, Any]]) -> str:
    head = ["properties", "pairs", "both courses, CPU s", "whole answer, CPU s", "us per pair", "x the first"]
    first = courses[0]["courses_seconds"] / courses[0]["pairs"]
    rows = [
        [
            f"{one['size']:,}",
            f"{one['pairs']:,}",
            f"{one['courses_seconds']:.2f}",
            f"{one['answer_seconds']:.2f}",
            f"{1e6 * one['courses_seconds'] / one['pairs']:.1f}",
            f"{one['courses_seconds'] / one['pairs'] / first:.2f}",
        ]
        for one in courses
    ]
    text = "## Scenario: with and without the change over 36 months (`benchmarks/scenario.py`)\n\n"
    return text + _table(head, rows)


def _assessed(cities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [city for city in cities if city.get("assessments")]


def _assessments(cities: list[dict[str, Any]]) -> str:
    names = {"all": "all", "delivery": "after 1,000 rows", "edit": "after one edit", "day": "on the next day",
             "nothing": "without a change"}  # fmt: skip
    head = ["city", "run", "seconds", "x reference", "longest under the lock, s", "levels changed"]
    rows = []
    for city in cities:
        one = city["assessments"]
        reference = one["seconds"]["reference"]
        rows.append([f"{city['size']:,}", "reference: deriving the current state", f"{reference:.2f}", "1.00", "", ""])
        for name, title in names.items():
            seconds = one["seconds"][name]
            changed, held = f"{one['changed'][name]:,}", f"{one['lock_seconds'][name]:.2f}"
            rows.append([f"{city['size']:,}", title, f"{seconds:.2f}", f"{seconds / reference:.2f}", held, changed])
    return "## Assessments (`benchmarks/assessments.py` says what each run does)\n\n" + _table(head, rows)


def _rows(cities: list[dict[str, Any]]) -> str:
    names = list(cities[0]["rows"])
    rows = [[f"{city['size']:,}", *(f"{city['rows'][name]:,}" for name in names)] for city in cities]
    seconds = [[f"{city['size']:,}", *_loaded(city)] for city in cities if city["load_seconds"]]
    text = "## Rows of the tables\n\n" + _table(["city", *names], rows)
    if seconds:
        head = ["city", "register", "status", "assessments", "inspections", "inspections/s"]
        text += "\n## Seconds of the deliveries, with checks, links, current state and cube\n\n" + _table(head, seconds)
    return text


def _loaded(city: dict[str, Any]) -> list[str]:
    seconds = city["load_seconds"]
    names = ("properties", "status", "assessments", "inspections")
    return [*(f"{seconds[name]:.0f}" for name in names), f"{10 * city['size'] / seconds['inspections']:,.0f}"]


def _loading(loading: dict[str, Any]) -> str:
    seconds = [[name, "-" if taken is None else f"{taken:.1f}"] for name, taken in loading["seconds"].items()]
    ratios = [[name, f"{ratio:,.2f}"] for name, ratio in loading["ratios"].items()]
    text = f"## Loading {loading['rows']:,} inspections (`benchmarks/load.py` says what each path does)\n\n"
    return text + _table(["path", "seconds"], seconds) + "\n" + _table(["ratio", ""], ratios)
