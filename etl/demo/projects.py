"""Two dozen demolition projects of properties whose life agrees with them: planned, late, stopped, given up, done.

A project follows the events of its property: the acquisition comes before its decision, "Rückbau" is the day of the
award, "Nachnutzung" that of the acceptance, "abgeschlossen" the end of the reuse. Where a life rests in acquisition or
securing, a script says how far the project is and what holds it up, and the day of the award becomes an event.
Plans are drawn backwards: what happened, less a delay that grows along the way.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import cycle
from typing import Final

import numpy as np

from etl.demo.dates import AS_OF, FIRST_DELIVERY
from etl.demo.life import Event
from etl.demo.properties import Facts

_PROGRAMMES: Final = ("Landesprogramm Problemimmobilien (Beispiel)", "Rückbauprogramm der Stadt (Beispiel)")
# Usual days of a stage; stages of one block run side by side.
_BLOCKS: Final = (
    {"acquisition": 200}, {"vacating": 150}, {"species_protection": 60, "heritage_and_explosives": 40,
    "pollutant_survey": 50}, {"demolition_notice": 30}, {"tender_and_award": 85}, {"disconnection": 30},
    {"gutting": 55}, {"demolition": 45}, {"gable_wall": 35, "proof_of_disposal": 20}, {"backfill": 25},
    {"acceptance": 14}, {"reuse": 260},
)  # fmt: skip
_FIXED_COSTS_EUR: Final = {
    "species_protection": 3_500, "heritage_and_explosives": 2_800, "pollutant_survey": 7_200, "disconnection": 6_500,
    "gable_wall": 18_000, "proof_of_disposal": 1_500, "backfill": 12_000,
}  # fmt: skip
_COSTS_A_DWELLING_EUR: Final = {"acquisition": 21_000, "vacating": 2_400, "gutting": 5_200, "demolition": 11_500}
_DECISION_DAYS: Final = 42
# What the bills of one project after another are like: dear ones, cheap ones, and some as planned.
_PRICES: Final = (0.95, 0.75, 1.1, 0.8, 1.25)
# What held up stages that are done by now; a long one of each project but every third.
_USUAL_BLOCKERS: Final = {
    "acquisition": "acquisition_open", "vacating": "replacement_housing", "species_protection": "species_protection",
    "heritage_and_explosives": "heritage", "pollutant_survey": "pollutants", "tender_and_award": "tender_without_bids",
    "disconnection": "utilities", "gutting": "pollutants", "demolition": "weather", "gable_wall": "gable_wall",
}  # fmt: skip
_LONG_DAYS: Final = 60
_WENT_ON_DAYS: Final = 45


@dataclass(frozen=True)
class Script:
    """Where a project stands on the as-of date: its stage, for how many days, the delay, and what holds it up.

    `first_blocker` held up another stage on the date of the first delivery; since then it has gone.
    """

    stage: str
    stay_days: int
    slip_days: int
    blocker: str = ""
    blocked_days: int = 0
    released_to: str = ""
    outcome: str = ""
    first_blocker: str = ""


# The longer a life rests in the state, the earlier its script comes.
_ACQUIRING: Final = (
    Script("acquisition", 1_150, 610, "acquisition_open", 900),  # ownerless
    Script("vacating", 420, 260, "court_stop", 185, "council"),
    Script("tender_and_award", 160, 120, "tender_without_bids", 61, "public"),
    Script("vacating", 300, 150, "replacement_housing", 240),
    Script("species_protection", 95, 75, "species_protection", 70, "council"),
    Script("pollutant_survey", 25, 15, released_to="public"),
    Script("acquisition", 90, 0),
    Script("acquisition", 20, -5),
)
_SECURED: Final = (
    Script("gable_wall", 70, 95, "gable_wall", 48, "public"),
    Script("demolition", 20, 40, released_to="public", first_blocker="utilities"),
    Script("gutting", 85, 130, "pollutants", 40, "council", first_blocker="funding_open"),
    Script("acceptance", 6, -12, released_to="public"),
    Script("vacating", 210, 80, released_to="council", outcome="given_up"),
)
_RENOVATED: Final = Script("vacating", 160, 45, released_to="council", outcome="renovated")
# Commissioned in their own life and not accepted yet, the longest ago first.
_COMMISSIONED: Final = (Script("demolition", 0, 210, "weather", 12, "public"), Script("gutting", 0, 35))
_RELEASED: Final = ("public", "council", "public", "", "public")
# From this delay on a plan was certainly passed by; a smaller one is about the end that is expected now.
_LATE_DAYS: Final = 30


@dataclass(frozen=True)
class Step:
    """One stage of a project; what lies after the day of an export is not in its file yet."""

    stage: str
    is_required: bool
    planned: tuple[date, date]
    real: tuple[date, date]
    cost_planned_eur: float | None = None
    cost_actual_eur: float | None = None


@dataclass(frozen=True)
class DemoProject:
    """A project with its steps; `moved_days` is by how much the second plan is later than the first one.

    `blocked` holds it up on the as-of date, `blocked_before` on the date of the first delivery.
    """

    key: str
    property_key: str
    programme: str
    decided_on: date
    released_to: str
    steps: tuple[Step, ...]
    moved_days: int = 0
    blocked: tuple[str, str, date] | None = None
    blocked_before: tuple[str, str, date] | None = None
    outcome: tuple[str, date] | None = None
    # What held a stage up for a while: stage, what it was, since when, until when.
    held_up: tuple[str, str, date, date] | None = None


@dataclass(frozen=True)
class _Case:
    """A property with a project: what is known of it, and the days that its life gives; None = not yet."""

    facts: Facts
    since: date
    script: Script
    awarded_on: date | None = None
    accepted_on: date | None = None
    reused_on: date | None = None
    ended_on: date | None = None

    @property
    def is_done(self) -> bool:
        return self.accepted_on is not None


def plan_projects(
    facts: Sequence[Facts], events: Sequence[list[Event]], rng: np.random.Generator
) -> tuple[list[DemoProject], list[Facts], list[list[Event]]]:
    """The projects, and properties and lives as they are with them; the same generator gives the same projects."""
    cases = list(_cases(facts, events))
    projects = [_held_up(number, _project(number, case, rng)) for number, case in enumerate(cases, start=1)]
    by_property = {project.property_key: project for project in projects}
    changed = [_with_project(one, life, by_property.get(one.key)) for one, life in zip(facts, events, strict=True)]
    return projects, [one for one, _ in changed], [life for _, life in changed]


def _cases(facts: Sequence[Facts], events: Sequence[list[Event]]) -> Iterator[_Case]:
    """The properties that get a project, first those whose demolition was commissioned in their own life."""
    lives = [(one, life, {event.state: event.on for event in life}) for one, life in zip(facts, events, strict=True)]
    awarded = sorted(
        (case for case in lives if "demolition" in case[2]), key=lambda case: (case[2]["demolition"], case[0].key)
    )
    commissioned, released = iter(_COMMISSIONED), cycle(_RELEASED)
    for one, life, days in awarded:
        is_accepted = life[-1].state in ("reuse", "closed")
        script = Script("reuse", 0, 0, released_to=next(released)) if is_accepted else next(commissioned, None)
        if script is not None:
            dated = {"awarded_on": days["demolition"], "accepted_on": days.get("reuse")}
            yield _Case(one, days["procedure_acquisition"], script, **dated, reused_on=days.get("closed"))
    for state, scripts in (("procedure_acquisition", _ACQUIRING), ("securing", _SECURED)):
        resting = sorted((life[-1].on, at) for at, (_, life, _) in enumerate(lives) if life[-1].state == state)
        for (since, at), script in zip(resting, scripts, strict=False):
            yield _Case(lives[at][0], since, script, ended_on=date(2026, 5, 19) if script.outcome else None)
    renovating = [
        (days["renovation"], at)
        for at, (_, life, days) in enumerate(lives)
        if life[-1].state == "renovation" and days.get("procedure_acquisition", AS_OF) < days["renovation"]
    ]
    for ended_on, at in sorted(renovating)[-1:]:
        yield _Case(lives[at][0], lives[at][2]["procedure_acquisition"], _RENOVATED, ended_on=ended_on)


def _with_project(facts: Facts, life: list[Event], project: DemoProject | None) -> tuple[Facts, list[Event]]:
    """The property as its project leaves it: empty once it was vacated, in demolition from the day of the award."""
    if project is None:
        return facts, life
    real = {step.stage: step.real for step in project.steps}
    if project.blocked and project.blocked[1] == "acquisition_open":
        facts = replace(facts, ownership_form="ownerless")
    awarded_on = real["tender_and_award"][1]
    if project.outcome or awarded_on > AS_OF:
        return facts, life
    if "demolition" not in {event.state for event in life}:
        life = [*life, Event(facts.key, "demolition", awarded_on, "Rückbau beauftragt")]
    return replace(facts, is_inhabited=False), life


# --- one project ------------------------------------------------------------------------------------------------------


def _project(number: int, case: _Case, rng: np.random.Generator) -> DemoProject:
    required = _required(case, rng)
    usual = [{stage: int(days * rng.uniform(0.8, 1.25)) for stage, days in block.items()} for block in _BLOCKS]
    decided_on, anchors = _anchors(case, required, usual, rng)
    real = {"decision": (decided_on - timedelta(days=_DECISION_DAYS), decided_on)}
    real |= _lay_out(usual, required, decided_on, anchors)
    script, today = case.script, case.ended_on or AS_OF
    slip = int(rng.integers(-15, 190)) if case.is_done else script.slip_days
    if slip > _LATE_DAYS:
        slip += max(0, (real[script.stage][1] - today).days)
    since = max(real[script.stage][0], _workday(AS_OF - timedelta(days=script.blocked_days)))
    blocked = (script.stage, script.blocker, since)
    return DemoProject(
        key=f"RB-{number:02d}/{decided_on.year}",
        property_key=case.facts.key,
        programme=_PROGRAMMES[int(rng.random() < 0.45)],
        decided_on=decided_on,
        released_to=script.released_to,
        steps=tuple(_steps(real, required, slip, case, rng, price=_PRICES[number % len(_PRICES)])),
        moved_days=int(rng.choice((0, 0, 28, 56))),
        blocked=blocked if script.blocker else None,
        blocked_before=_blocked_before(real, required, script.first_blocker),
        outcome=(script.outcome, today) if script.outcome else None,
    )


def _required(case: _Case, rng: np.random.Generator) -> set[str]:
    """The stages that a project needs; what is not required stays in its plan and says so."""
    needed = {stage for block in _BLOCKS for stage in block} | {"decision"}
    chances = {"gable_wall": 0.5, "heritage_and_explosives": 0.6, "reuse": 0.7, "species_protection": 0.85}
    dropped = {stage for stage, share in chances.items() if rng.random() > share}
    if case.facts.is_heritage:
        dropped.discard("heritage_and_explosives")
    if case.facts.use_type == "commercial" or case.facts.is_inhabited is False:
        dropped.add("vacating")
    if case.script in _SECURED:
        dropped.add("acquisition")
    return (needed - dropped) | {case.script.stage}


def _anchors(
    case: _Case, required: set[str], usual: Sequence[dict[str, int]], rng: np.random.Generator
) -> tuple[date, dict[str, date]]:
    """Date of the decision, and the days on which stages ended, or for the current one are expected to end."""
    today = case.ended_on or AS_OF
    expected_on = _workday(today + timedelta(days=int(rng.integers(16, 60))))
    if case.awarded_on is not None:
        decided_on = _workday(case.since + (case.awarded_on - case.since) * float(rng.uniform(0.15, 0.3)))
        known = {"tender_and_award": case.awarded_on, "acceptance": case.accepted_on, "reuse": case.reused_on}
        known |= {} if case.is_done else {case.script.stage: expected_on}
        return decided_on, {stage: on for stage, on in known.items() if on is not None}
    begun_on = today - timedelta(days=case.script.stay_days)
    blocks = [block for block in usual if set(block) & required]
    current = next(at for at, block in enumerate(blocks) if case.script.stage in block)
    before = sum(max(days for stage, days in block.items() if stage in required) + 1 for block in blocks[:current])
    earliest = case.since + timedelta(days=20)
    if begun_on <= earliest + timedelta(days=5 * current):
        begun_on = earliest + (today - earliest) * 0.7
    decided_on = _workday(max(earliest, begun_on - timedelta(days=before)))
    last = [stage for block in blocks[:current] for stage in block if stage in required][-1:]
    return decided_on, {stage: _workday(begun_on) for stage in last} | {case.script.stage: expected_on}


def _lay_out(
    usual: Sequence[dict[str, int]], required: set[str], decided_on: date, anchors: dict[str, date]
) -> dict[str, tuple[date, date]]:
    """Start and end of each stage, block after block; between two known days the blocks are stretched to fit."""
    found: dict[str, tuple[date, date]] = {}
    on, waiting = decided_on, []
    for block in usual:
        waiting.append(block)
        anchor = next((anchors[stage] for stage in block if stage in anchors), None)
        if anchor is None and (block is not usual[-1]):
            continue
        needed = sum(_length(one, required) for one in waiting)
        factor = 1.0 if anchor is None else max(0.05, (anchor - on).days / max(1, needed))
        for one in waiting:
            for stage, days in one.items():
                start = on + timedelta(days=1)
                found[stage] = (_workday(start), _workday(max(start, on + timedelta(days=int(days * factor)))))
            on += timedelta(days=int(_length(one, required) * factor))
        if anchor is not None:
            found |= {stage: (found[stage][0], anchor) for stage in block if stage in anchors}
            on = anchor
        waiting = []
    return found


def _length(block: dict[str, int], required: set[str]) -> int:
    return max((days for stage, days in block.items() if stage in required), default=0)


def _steps(
    real: dict[str, tuple[date, date]],
    required: set[str],
    slip: int,
    case: _Case,
    rng: np.random.Generator,
    *,
    price: float,
) -> Iterator[Step]:
    """The plan is what happened less the delay, which grows until the current stage and then stays."""
    current = list(real).index(case.script.stage)
    for at, (stage, (start, end)) in enumerate(real.items()):
        late = timedelta(days=int(slip * min(1.0, at / current) ** 1.3) if current else slip)
        planned_eur = _cost(stage, case.facts) if stage in required else None
        billed_eur = None if planned_eur is None else planned_eur * price * float(rng.uniform(0.92, 1.3))
        actual_eur = None if billed_eur is None else round(billed_eur / 10) * 10.0
        planned = (_workday(start - late), _workday(end - late))
        yield Step(stage, stage in required, planned, (start, max(start, end)), planned_eur, actual_eur)


def _cost(stage: str, facts: Facts) -> float | None:
    if stage in _FIXED_COSTS_EUR:
        return float(_FIXED_COSTS_EUR[stage])
    if stage in _COSTS_A_DWELLING_EUR:
        return float(_COSTS_A_DWELLING_EUR[stage] * max(3, facts.dwellings))
    return None


def _blocked_before(
    real: dict[str, tuple[date, date]], required: set[str], blocker: str
) -> tuple[str, str, date] | None:
    """What held up the stage that was open on the date of the first delivery."""
    open_ = [stage for stage, (start, end) in real.items() if stage in required and start <= FIRST_DELIVERY < end]
    return (open_[0], blocker, _workday(FIRST_DELIVERY - timedelta(days=30))) if blocker and open_ else None


def _held_up(number: int, project: DemoProject) -> DemoProject:
    """The project with what held it up for a while and is over: what the first export named, else a long stage."""
    if project.blocked_before:
        stage, blocker, since = project.blocked_before
        end = next(step.real[1] for step in project.steps if step.stage == stage)
        until = min(end, _workday(FIRST_DELIVERY + timedelta(days=_WENT_ON_DAYS)))
        return replace(project, held_up=(stage, blocker, since, until))
    last = min(AS_OF, project.outcome[1]) if project.outcome else AS_OF
    done = [step for step in project.steps if step.is_required and step.real[1] <= last]
    long = [step for step in done if step.stage in _USUAL_BLOCKERS and (step.real[1] - step.real[0]).days >= _LONG_DAYS]
    if not long or number % 3 == 0:
        return project
    step = long[number % len(long)]
    third = (step.real[1] - step.real[0]) / 3
    since, until = _workday(step.real[0] + third), _workday(step.real[1] - third)
    return replace(project, held_up=(step.stage, _USUAL_BLOCKERS[step.stage], since, until))


def known_steps(project: DemoProject, on: date) -> Iterable[Step]:
    """The required steps that an export of the day has something to say of."""
    last = min(on, project.outcome[1]) if project.outcome else on
    return [step for step in project.steps if step.is_required and step.real[0] <= last]


def _workday(on: date) -> date:
    return on - timedelta(days=max(0, on.weekday() - 4))
