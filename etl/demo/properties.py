"""The register of problem properties: where each one lies, what it is, and what a register says of it on a date."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import shapely

from etl.demo.buildings import Ints
from etl.demo.city import City
from etl.demo.life import Event, state_on

_SHARE_IN_FOCUS: Final = 0.64
_SHARE_IN_SECOND_FOCUS: Final = 0.06
_SEVERAL_NUMBERS: Final = 0.06
_WITHOUT_ADDRESS: Final = 4
_HALL: Final = 3
_USE_SHARES: Final = {"residential": 0.62, "mixed_use": 0.25, "commercial": 0.06, "vacant_plot": 0.04, "other": 0.03}
_OWNERSHIP_SHARES: Final = {"person": 0.55, "company": 0.3, "public": 0.04, "ownerless": 0.02, "unknown": 0.09}
_POSTAL_CODES: Final = {"1": "00581", "2": "00582", "3": "00583", "4": "00584", "5": "00585"}

_NEXT_STEPS: Final = {
    "hint": ("Außenbesichtigung durchführen", "Bauakte anfordern"),
    "suspicion": ("Aufnahme in das Register entscheiden", "Ortstermin vereinbaren"),
    "recorded": ("Bewertung im Arbeitskreis vorbereiten", "Mängelliste ergänzen"),
    "assessed": ("Grundbuchauszug anfordern", "Eigentum anschreiben"),
    "owner_clarified": ("Gespräch mit dem Eigentum führen", "Weg des Verfahrens festlegen"),
    "procedure_cooperative": ("Zeitplan mit dem Eigentum abgleichen", "Nachweis der Arbeiten anfordern",
    "Zwischenabnahme"),
    "procedure_regulatory": ("Frist der Anordnung prüfen", "Anhörung auswerten", "Zwangsgeld prüfen"),
    "procedure_acquisition": ("Wertgutachten auswerten", "Vorlage für den Rat vorbereiten"),
    "securing": ("Sicherung der Zugänge prüfen", "Kostenbescheid vorbereiten"),
    "renovation": ("Baufortschritt prüfen", "Abnahme vorbereiten"),
    "demolition": ("Schadstoffgutachten auswerten", "Baubeginn abstimmen"),
    "reuse": ("Nutzungskonzept begleiten", "Schlussbericht erstellen"),
    "observation": ("Außenbesichtigung vormerken", "Zustand bei der nächsten Kontrolle prüfen"),
    "reopened": ("Neubewertung vorbereiten", "Eigentum anhören"),
    "closed": ("",),
    "not_confirmed": ("",),
}  # fmt: skip
_LEAD: Final = {
    "procedure_cooperative": "housing_supervision", "procedure_regulatory": "building_control",
    "procedure_acquisition": "building_control", "demolition": "building_control", "renovation": "building_control",
    "securing": "public_order", "hint": "public_order", "suspicion": "public_order", "recorded": "public_order",
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Where a property lies. Without an address the street is empty and only the parcel is known."""

    street: str
    house_number: str
    postal_code: str
    parcels: tuple[str, ...]
    xy: tuple[float, float]
    focus: str
    style: int


@dataclass(frozen=True)
class Facts:
    """What the register says of a property on a date."""

    key: str
    registered_on: date
    file_reference: str
    use_type: str
    building_class: int
    dwellings: int
    is_inhabited: bool | None
    is_heritage: bool
    ownership_form: str
    lead_office: str
    next_step: str
    reminder_on: date | None
    place: Place


def choose_places(city: City, count: int, rng: np.random.Generator) -> list[Place]:
    """Places of the properties, two thirds of them in the focus area; the last few have no address."""
    points = shapely.points(city.addresses.xy)
    in_focus = [np.flatnonzero(shapely.covers(area.polygon, points)) for area in city.outlines.focus_areas]
    elsewhere = np.setdiff1d(np.arange(len(points)), np.concatenate(in_focus))
    first, second = round(count * _SHARE_IN_FOCUS), round(count * _SHARE_IN_SECOND_FOCUS)
    chosen = np.concatenate([
        _spread(in_focus[0], first, rng), _spread(in_focus[1], second, rng),
        _spread(elsewhere, count - first - second, rng)
    ])  # fmt: skip
    focus = ["fr1"] * first + ["fr2"] * second + [""] * (count - first - second)
    districts = _districts_of(city, chosen)
    places = [_place(city, int(at), focus[n], districts[n], rng) for n, at in enumerate(chosen)]
    return [
        *places[:-_WITHOUT_ADDRESS],
        *(replace(place, street="", house_number="") for place in places[-_WITHOUT_ADDRESS:]),
    ]


def _spread(candidates: Ints, count: int, rng: np.random.Generator) -> Ints:
    """Some of the candidates; two neighbours are possible, three in a row are rare."""
    steps = (
        np.sort(rng.permutation(len(candidates))[: 2 * count])[::2]
        if len(candidates) >= 2 * count
        else np.arange(count)
    )
    return np.asarray(rng.permutation(candidates[steps]))


def _districts_of(city: City, chosen: Ints) -> list[str]:
    points: Any = shapely.points(city.addresses.xy[chosen])
    tree = shapely.STRtree([district.polygon for district in city.outlines.districts])
    found = dict(zip(*(part.tolist() for part in tree.query(points, predicate="intersects")), strict=True))
    return [city.outlines.districts[found[n]].key for n in range(len(chosen))]


def _place(city: City, at: int, focus: str, district: str, rng: np.random.Generator) -> Place:
    addresses = city.addresses
    numbers = [at]
    if rng.random() < _SEVERAL_NUMBERS:
        numbers = _neighbours(city, at, int(rng.integers(2, 4)))
    first, last = addresses.house_number(numbers[0]), addresses.house_number(numbers[-1])
    plot = int(rng.integers(100, 900))
    return Place(
        street=city.street_names[int(addresses.street[at])],
        house_number=first if len(numbers) == 1 else f"{first}-{last}",
        postal_code=_POSTAL_CODES[district],
        parcels=tuple(f"Flur {int(rng.integers(1, 40))}, Nr. {plot + n}" for n in range(len(numbers))),
        xy=(float(addresses.xy[at, 0]), float(addresses.xy[at, 1])),
        focus=focus,
        style=int(city.buildings.style[addresses.building[at]]),
    )


def _neighbours(city: City, at: int, count: int) -> list[int]:
    """The address and up to `count` - 1 next ones on the same side of the street, without suffixes."""
    addresses = city.addresses
    found = [at]
    for other in range(at + 1, min(at + count, len(addresses.number))):
        follows = (
            addresses.number[other] == addresses.number[found[-1]] + 2
            and addresses.street[other] == addresses.street[at]
        )
        if not follows or addresses.suffix[other] or addresses.suffix[at]:
            break
        found.append(other)
    return found


def describe(key: str, place: Place, events: list[Event], rng: np.random.Generator) -> Facts:
    """What stays of a property: use, size, ownership; the rest follows from the date (`facts_on`)."""
    use = "commercial" if place.style == _HALL else _draw(_USE_SHARES, rng)
    is_dwelling = use in ("residential", "mixed_use")
    storeys = {0: (4, 13), 1: (3, 9), 2: (1, 4), _HALL: (0, 2)}[place.style]
    recorded = next((event.on for event in events if event.state == "recorded"), events[0].on)
    return Facts(
        key=key,
        registered_on=recorded,
        file_reference=f"63.{int(rng.integers(1, 6))}/{recorded.year}-{int(rng.integers(100, 2000)):04d}",
        use_type=use,
        building_class=int(rng.choice((3, 4, 5), p=(0.3, 0.5, 0.2))) if place.style < 2 else int(rng.integers(1, 4)),
        dwellings=int(rng.integers(*storeys)) if is_dwelling else 0,
        is_inhabited=_is_inhabited(use, rng),
        is_heritage=bool(rng.random() < 0.07),
        ownership_form=_draw(_OWNERSHIP_SHARES, rng),
        lead_office="housing_supervision",
        next_step="",
        reminder_on=None,
        place=place,
    )


def facts_on(facts: Facts, events: list[Event], on: date) -> Facts:
    """What the register of a day says: lead office, next step and reminder follow from the state on that day."""
    state = state_on(events, on) or events[0].state
    steps = _NEXT_STEPS[state]
    since = max((event.on for event in events if event.on <= on), default=facts.registered_on)
    # A number that belongs to the property, so that registers of two days differ only where something happened.
    own = sum(map(ord, facts.key + facts.file_reference))
    is_emptied = facts.is_inhabited and state in ("demolition", "procedure_acquisition") and own % 2 == 0
    return replace(
        facts,
        lead_office=_LEAD.get(state, facts.lead_office),
        next_step=steps[own % len(steps)],
        reminder_on=None
        if state in ("closed", "not_confirmed") or own % 7 == 0
        else _reminder(since, on, 90 + own % 260),
        is_inhabited=False if is_emptied else facts.is_inhabited,
    )


def _reminder(since: date, on: date, every_days: int) -> date:
    """The next reminder of a series that began with the last event; a few are passed by and still stand."""
    tolerated = on - timedelta(days=25)
    rounds = max(1, -(-(tolerated - since).days // every_days))
    return since + timedelta(days=rounds * every_days)


def _is_inhabited(use: str, rng: np.random.Generator) -> bool | None:
    if use == "vacant_plot":
        return False
    return None if rng.random() < 0.04 else bool(rng.random() < (0.78 if use != "commercial" else 0.35))


def _draw(shares: dict[str, float], rng: np.random.Generator) -> str:
    return str(rng.choice(list(shares), p=list(shares.values())))
