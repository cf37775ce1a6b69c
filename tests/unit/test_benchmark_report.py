"""The report says of each goal whether it was reached, and nothing of the machine beyond CPUs and versions."""

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from benchmarks import cli, scenario
from benchmarks.goals import COURSES_SECONDS_BY_SIZE, judge, judge_courses
from benchmarks.reads import Measured
from benchmarks.report import write


def city(
    size: int, *, seconds: float, failures: int = 0, largest: int = 1_000, crowd_errors: int = 0
) -> dict[str, Any]:
    read = {"p50_seconds": seconds / 2, "p95_seconds": seconds, "largest_bytes": largest, "failures": failures}
    return {
        "size": size,
        "reads": {
            "map": {"title": "Map", "kind": "today", **read},
            "past": {"title": "Past", "kind": "other", **read, "largest_bytes": None},
        },
        "policies": {"page": 1.1},
        "rows": {"inspection": 10 * size},
        "load_seconds": {"properties": 1.0, "status": 1.0, "assessments": 1.0, "inspections": 10.0},
        "crowd": {
            "users": 50, "pause_seconds": 1.0, "answers": 900, "answers_per_second": 30.0, "p50_seconds": 0.1,
            "p95_seconds": 0.2, "errors": crowd_errors,
        },
    }  # fmt: skip


def verdicts(*cities: dict[str, Any]) -> dict[str, bool]:
    return {one.goal: one.is_reached for one in judge(list(cities))}


def test_a_larger_city_may_take_half_as_long_again_and_no_more() -> None:
    found = verdicts(city(10_000, seconds=0.02), city(1_000_000, seconds=0.029))
    assert found["Map: p95 at 1,000,000 at most 1.5 x that at 10,000"]
    found = verdicts(city(10_000, seconds=0.02), city(1_000_000, seconds=0.031))
    assert not found["Map: p95 at 1,000,000 at most 1.5 x that at 10,000"]


@pytest.mark.parametrize(("size", "limit"), [(100_000, 0.5), (1_000_000, 1.0)])
def test_a_past_date_has_a_limit_in_seconds(size: int, limit: float) -> None:
    goal = f"Past: p95 at {size:,} at most {limit:g} s"
    assert verdicts(city(10_000, seconds=0.1), city(size, seconds=limit))[goal]
    assert not verdicts(city(10_000, seconds=0.1), city(size, seconds=limit + 0.01))[goal]
    assert not verdicts(city(10_000, seconds=0.1), city(size, seconds=limit / 2, failures=1))[goal]


def test_errors_and_large_answers_miss_their_goals() -> None:
    found = verdicts(city(10_000, seconds=0.1, largest=300_001, crowd_errors=1))
    assert found == {
        "Largest answer at 10,000 at most 300 kB compressed": False,
        "Row policies at 10,000, page: at most 1.3 x without": True,
        "50 users at 10,000: p95 under 0.5 s, no error": False,
    }


def test_percentiles_are_answers_that_were_given() -> None:
    measured = Measured("today", "Map", tuple(number / 100 for number in range(1, 101)), None, 0)
    assert (measured.percentile(0.5), measured.percentile(0.95)) == (0.5, 0.95)
    assert Measured("today", "Map", (0.3,), None, 0).percentile(0.95) == 0.3


def test_the_report_names_no_machine_and_both_files_agree(tmp_path: Path) -> None:
    run = {
        "date": "2026-11-22", "commit": "abc", "cpus": 2, "load_average": 0.0, "versions": {"python": "3.11"},
        "cities": [city(10_000, seconds=0.02), city(1_000_000, seconds=0.9)], "notes": "Because.",
        "scenario": [{"size": 5_000, "pairs": 9_000, "courses_seconds": 0.1, "answer_seconds": 0.2}],
    }  # fmt: skip
    folder = tmp_path / "new"
    write(folder, run)
    page, data = (folder / "benchmark.md").read_text(), json.loads((folder / "benchmark.json").read_text())
    reached = sum(one["is_reached"] for one in data["goals"])
    assert f"## Goals: {reached} of {len(data['goals'])} reached" in page
    assert page.count("**missed**") == len(data["goals"]) - reached > 0
    assert socket.gethostname() not in page
    assert str(Path.home()) not in page


def test_paths_of_loading_are_measured_over_a_bulk_city_or_not_at_all(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["bench", "--loading", "300"])
    with pytest.raises(SystemExit):
        cli.main()
    assert "--loading takes 0 or at least 5000 properties." in capsys.readouterr().err


def test_courses_of_a_scenario_have_a_limit_for_each_size() -> None:
    courses = [
        {"size": size, "courses_seconds": seconds} for size, seconds in ((350, 9.0), (5_000, 0.3), (100_000, 3.1))
    ]
    assert [(one.measured, one.is_reached) for one in judge_courses(courses)] == [("0.30 s", True), ("3.10 s", False)]


def test_the_courses_that_are_measured_are_those_of_the_goals() -> None:
    found = scenario.measure_courses(sizes=(350,), times=1)
    assert (found[0]["size"], found[0]["courses_seconds"] > 0, found[0]["answer_seconds"] > 0) == (350, True, True)
    assert set(COURSES_SECONDS_BY_SIZE) < set(scenario.SIZES)
