"""The goals of the design, judged by the ratios and times of one run."""

from dataclasses import dataclass
from typing import Any

RATIO = 1.5
PAYLOAD_BYTES = 300_000
SECONDS_BY_SIZE = {100_000: 0.5, 1_000_000: 1.0}
CROWD_P95_SECONDS = 0.5
POLICY_RATIO = 1.3
# CPU seconds of both courses of a scenario over 36 months.
COURSES_SECONDS_BY_SIZE = {5_000: 0.3, 100_000: 3.0}
# Of deriving the current state of a city, what computing its assessments may take: by what came before.
ASSESSMENT_RATIOS = {"delivery": 0.5, "edit": 0.2, "day": 0.5, "nothing": 0.02}
# Below this, what is compared is the work of the web server and the noise of the machine, not the size of the city.
SMALLEST_SECONDS = 0.005


@dataclass(frozen=True)
class Verdict:
    """One goal for one question: what was measured, and whether that is good enough."""

    goal: str
    measured: str
    is_reached: bool


def judge(cities: list[dict[str, Any]]) -> list[Verdict]:
    """All verdicts over the cities of a run, the smallest first."""
    found: list[Verdict] = []
    smallest = cities[0]
    for city in cities[1:]:
        found += _by_ratio(city, smallest)
    for city in cities:
        found += [*_by_time(city), *_payloads(city), *_policies(city), *_crowd(city), *_assessments(city)]
    return found


def judge_courses(courses: list[dict[str, Any]]) -> list[Verdict]:
    """Verdicts over the courses of a scenario, by size."""
    found = []
    for one in courses:
        limit, seconds = COURSES_SECONDS_BY_SIZE.get(one["size"]), one["courses_seconds"]
        if limit is not None:
            goal = f"Scenario: both courses of {one['size']:,} properties at most {limit:g} s"
            found.append(Verdict(goal, f"{seconds:.2f} s", seconds <= limit))
    return found


def _by_ratio(city: dict[str, Any], smallest: dict[str, Any]) -> list[Verdict]:
    found = []
    for key, one in city["reads"].items():
        if one["kind"] == "today":
            base = max(smallest["reads"][key]["p95_seconds"], SMALLEST_SECONDS)
            ratio = one["p95_seconds"] / base
            goal = f"{one['title']}: p95 at {city['size']:,} at most {RATIO} x that at {smallest['size']:,}"
            found.append(Verdict(goal, f"{ratio:.2f} x", ratio <= RATIO and not one["failures"]))
    return found


def _by_time(city: dict[str, Any]) -> list[Verdict]:
    limit = SECONDS_BY_SIZE.get(city["size"])
    if limit is None:
        return []
    return [
        Verdict(
            f"{one['title']}: p95 at {city['size']:,} at most {limit:g} s",
            f"{one['p95_seconds']:.2f} s" + (f", {one['failures']} without an answer" if one["failures"] else ""),
            one["p95_seconds"] <= limit and not one["failures"],
        )
        for one in city["reads"].values()
        if one["kind"] == "other"
    ]


def _payloads(city: dict[str, Any]) -> list[Verdict]:
    largest = max(one["largest_bytes"] or 0 for one in city["reads"].values())
    goal = f"Largest answer at {city['size']:,} at most {PAYLOAD_BYTES // 1000} kB compressed"
    return [Verdict(goal, f"{largest / 1000:.0f} kB", largest <= PAYLOAD_BYTES)]


def _policies(city: dict[str, Any]) -> list[Verdict]:
    goal = f"Row policies at {city['size']:,}, {{}}: at most {POLICY_RATIO} x without"
    return [
        Verdict(goal.format(name), f"{ratio:.2f} x", ratio <= POLICY_RATIO) for name, ratio in city["policies"].items()
    ]


def _crowd(city: dict[str, Any]) -> list[Verdict]:
    crowd = city.get("crowd")
    if crowd is None:
        return []
    goal = f"{crowd['users']} users at {city['size']:,}: p95 under {CROWD_P95_SECONDS:g} s, no error"
    measured = f"{crowd['p95_seconds']:.2f} s, {crowd['errors']} errors in {crowd['answers']:,} answers"
    return [Verdict(goal, measured, crowd["p95_seconds"] < CROWD_P95_SECONDS and not crowd["errors"])]


def _assessments(city: dict[str, Any]) -> list[Verdict]:
    if not city.get("assessments"):
        return []
    seconds = city["assessments"]["seconds"]
    base = max(seconds["reference"], 1.0)
    titles = {"delivery": "after 1,000 rows", "edit": "after one edit", "day": "on the next day",
              "nothing": "without a change"}  # fmt: skip
    return [
        Verdict(
            f"Assessments at {city['size']:,} {titles[name]}: at most {most:g} x deriving the current state",
            f"{seconds[name] / base:.3f} x",
            seconds[name] <= most * base,
        )
        for name, most in ASSESSMENT_RATIOS.items()
    ]
