"""Everything that the invented offices know about their properties, before it is written into files."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np

from etl.demo import stories
from etl.demo.city import City
from etl.demo.dates import AS_OF
from etl.demo.life import Assessment, Event, live
from etl.demo.projects import DemoProject, plan_projects
from etl.demo.properties import Facts, Place, choose_places, describe, facts_on
from etl.demo.stories import STORIES, Story
from etl.demo.visits import Register, Round, Visit, count_round, hold_rounds, visit_singly

_WITHOUT_ADDRESS: Final = 4
_HALL: Final = 3
# The record that the first register had wrong.
_CORRECTED: Final = "PI-0004"


@dataclass(frozen=True)
class Casebook:
    """Properties with their events, assessments, rounds, visits and demolition projects.

    `facts` and `events` are in the same order.
    """

    facts: list[Facts]
    events: list[list[Event]]
    assessments: list[Assessment]
    rounds: list[Round]
    visits: list[Visit]
    projects: list[DemoProject]


def open_casebook(city: City, seed: int, count: int) -> Casebook:
    """The records of `count` properties, the planted stories first; the same seed gives the same records."""
    chances = [np.random.default_rng([seed, 100 + part]) for part in range(7)]
    places = _places(city, count, chances[0])
    keys = [f"PI-{number:04d}" for number in range(1, count + 1)]
    events = [stories.tell_events(story) for story in STORIES] + [live(key, chances[1]) for key in keys[len(STORIES) :]]
    facts = [describe(key, place, life, chances[2]) for key, place, life in zip(keys, places, events, strict=True)]
    facts[: len(STORIES)] = [stories.tell_facts(drawn, story) for drawn, story in zip(facts, STORIES, strict=False)]
    drawn = Register(facts[len(STORIES) :], events[len(STORIES) :])
    rounds, visits = hold_rounds(drawn, chances[4])
    visits += visit_singly(drawn, chances[5]) + [visit for story in STORIES for visit in stories.tell_visits(story)]
    counted_twice = _two_counts(Register(facts, events), chances[5])
    told = len(STORIES)
    # After the visits were drawn: a project changes what its property is, not who went there before.
    projects, changed, lives = plan_projects(facts[told:], events[told:], chances[6])
    return Casebook(
        facts=facts[:told] + changed,
        events=events[:told] + lives,
        # Those of the others follow from what is known of them (`judging.py`).
        assessments=[one for story in STORIES for one in stories.tell_assessments(story)],
        rounds=[*rounds, counted_twice[0]],
        visits=_one_a_day([*visits, *counted_twice[1]]),
        projects=projects,
    )


def register_on(book: Casebook, on: date) -> list[Facts]:
    """The register as it was on a day: properties recorded until then, with what was believed then."""
    told: dict[str, Story] = {story.key: story for story in STORIES}
    register = [
        facts_on(facts, events, on)
        for facts, events in zip(book.facts, book.events, strict=True)
        if facts.registered_on <= on
    ]
    if on < AS_OF:
        return [
            replace(facts, dwellings=6, building_class=3) if facts.key == _CORRECTED else facts for facts in register
        ]
    return [_with_next_step(facts, told[facts.key]) if facts.key in told else facts for facts in register]


def _with_next_step(facts: Facts, story: Story) -> Facts:
    return replace(facts, next_step=story.next_step, reminder_on=story.reminder_on)


def _places(city: City, count: int, rng: np.random.Generator) -> list[Place]:
    """Places in the order of the keys: the stories lie in the focus area, those without an address come last."""
    places = choose_places(city, count, rng)
    fits = [
        at
        for at, place in enumerate(places)
        if place.focus == "fr1" and place.style != _HALL and "-" not in place.house_number
    ]
    told = fits[: len(STORIES)]
    others = np.setdiff1d(np.arange(count - _WITHOUT_ADDRESS), told)
    return [places[at] for at in (*told, *rng.permutation(others).tolist())] + places[-_WITHOUT_ADDRESS:]


def _two_counts(register: Register, rng: np.random.Generator) -> tuple[Round, list[Visit]]:
    """The round of which the report names nine objects and the file of controls has eight."""
    on, key = stories.TWO_COUNTS_DATE, stories.TWO_COUNTS_ROUND
    story = next(at for at, facts in enumerate(register.facts) if facts.key == "PI-0008")
    distance = np.linalg.norm(register.xy - register.xy[story], axis=1)
    told = {one.key for one in STORIES[:-1]}
    near = [int(at) for at in np.argsort(distance) if register.monitored(on)[at] and register.facts[at].key not in told]
    visits = [
        Visit(register.facts[at].key, "joint_control", on, "flat", "finding", ("waste", "damp_mould")[: 1 + n % 2], key)
        for n, at in enumerate(near[: stories.TWO_COUNTS_PUBLISHED - 1])
    ]
    counted = count_round(key, on, visits, "Wehringhausen und Bahnhofsviertel", rng)
    return replace(counted, objects=stories.TWO_COUNTS_PUBLISHED), visits


def _one_a_day(visits: list[Visit]) -> list[Visit]:
    """In order of date; of two visits of one kind to one property on one day the first one stays."""
    ordered = sorted(visits, key=lambda visit: (visit.on, visit.round_key, visit.property_key))
    return list({(visit.property_key, visit.on, visit.control_type): visit for visit in reversed(ordered)}.values())[
        ::-1
    ]
