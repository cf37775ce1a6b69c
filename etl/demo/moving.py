"""Files about what changes: register, status, assessments, rounds and inspections, as exported on a day.

Each export is complete up to its day, so a second one has old rows again (unchanged), some that differ (superseded) and
new ones. A handful of rows is wrong on purpose, as rows of real exports are; they stay far below the refusal threshold.
"""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Final

from etl.demo import files, german_columns, words
from etl.demo.casebook import Casebook, register_on
from etl.demo.dates import AS_OF, FIRST_DAY
from etl.demo.life import Event
from etl.demo.properties import Facts
from etl.demo.visits import Round, Visit

NOTE: Final = "Erfundene Beispieldaten: keine dieser Adressen gibt es."
_LISTED: Final = ", "
# What the first export said of an event whose reason was corrected later: (property, state, reason).
_CORRECTED: Final = ("PI-0004", "recorded", "Aufnahme nach Hinweis des Entsorgungsbetriebs")


def write_register(folder: Path, book: Casebook, on: date) -> Path:
    """The register as spreadsheet."""
    path = folder / f"register_problemimmobilien_{on}.xlsx"
    rows = [_register_row(facts) for facts in register_on(book, on)]
    if on == AS_OF:
        rows += _wrong_properties(rows[40])
    files.write_spreadsheet(path, "Register", german_columns.PROPERTIES, rows, NOTE)
    return path


def _register_row(facts: Facts) -> tuple[object, ...]:
    place = facts.place
    # People write a street now this way, now that way.
    street = place.street.replace("straße", "str.") if int(facts.key[-1]) % 3 == 0 else place.street
    return (
        facts.key, facts.registered_on, facts.file_reference, street or None, place.house_number or None,
        place.postal_code,
        "; ".join(place.parcels), words.USE_TYPES[facts.use_type], facts.building_class, facts.dwellings,
        words.YES_NO[facts.is_inhabited] or None, words.YES_NO[facts.is_heritage],
        words.OWNERSHIP[facts.ownership_form],
        words.OFFICES[facts.lead_office], facts.next_step or None, facts.reminder_on,
    )  # fmt: skip


def _wrong_properties(row: tuple[object, ...]) -> list[tuple[object, ...]]:
    """An unknown street, a house number that does not exist, an unknown use, and a row that stands there twice."""
    nowhere = ("PI-0901", *row[1:3], "Straße der Einhörner", "7", *row[5:])
    too_high = ("PI-0902", *row[1:4], "4711", *row[5:])
    unknown_use = ("PI-0903", *row[1:7], "Luftschloss", *row[8:])
    return [nowhere, too_high, unknown_use, row]


def write_status(folder: Path, book: Casebook, on: date) -> Path:
    """Status events as CSV."""
    path = folder / f"statusereignisse_{on}.csv"
    # Events of properties that were not yet in the register would be facts about nothing.
    listed = {facts.key for facts in register_on(book, on)}
    events = [event for life in book.events for event in life if event.on <= on and event.property_key in listed]
    rows: list[tuple[object, ...]] = [
        (event.property_key, words.STATES[event.state], event.on, 1, _reason_on(event, on)) for event in events
    ]
    if on == AS_OF:
        rows.insert(len(rows) // 2, ("PI-9999", words.STATES["recorded"], date(2026, 5, 5), 1, "Objekt unbekannt"))
        rows.append(("PI-0012", "verschoben", date(2026, 6, 6), 1, "Kein Status des Registers"))
    files.write_csv(path, german_columns.STATUS, rows)
    return path


def _reason_on(event: Event, on: date) -> str:
    key, state, reason = _CORRECTED
    return reason if on < AS_OF and (event.property_key, event.state) == (key, state) else event.reason


def write_assessments(folder: Path, book: Casebook, on: date) -> Path:
    """Assessments as CSV."""
    path = folder / f"bewertungen_{on}.csv"
    rows = [
        (one.property_key, one.on, one.pressure, one.room_to_act, one.source)
        for one in book.assessments
        if one.on <= on
    ]
    files.write_csv(path, german_columns.ASSESSMENTS, rows)
    return path


def write_rounds(folder: Path, book: Casebook, on: date) -> Path:
    """Joint rounds with their published counts as CSV."""
    path = folder / f"kontrollaktionen_{on}.csv"
    files.write_csv(path, german_columns.ROUNDS, [_round_row(one) for one in book.rounds if one.on <= on])
    return path


def _round_row(one: Round) -> tuple[object, ...]:
    return (
        one.key, one.on, words.CONTROL_TYPES["joint_control"], _in_words(one.offices, words.OFFICES),
        words.YES_NO[one.interpreter], words.YES_NO[one.social_worker], one.place, "Meldung der Stadt (erfunden)",
        one.objects,
        one.objects_waste, one.objects_pests, one.objects_housing_defects, one.objects_building_or_fire,
        one.persons_registered, one.persons_met, one.persons_met_not_registered, one.persons_reported,
        one.persons_deregistered,
    )  # fmt: skip


def write_inspections(folder: Path, book: Casebook, on: date) -> Path:
    """Inspections as CSV, with a column of notes that no mapping takes over."""
    path = folder / f"kontrollen_{on}.csv"
    rows = [_visit_row(visit) for visit in book.visits if FIRST_DAY <= visit.on <= on]
    if on == AS_OF:
        rows += _wrong_visits(rows[-30])
    files.write_csv(path, german_columns.INSPECTIONS, rows)
    return path


def _visit_row(visit: Visit) -> tuple[object, ...]:
    return (
        visit.property_key, visit.on, words.CONTROL_TYPES[visit.control_type], visit.round_key,
        words.ACCESS[visit.access],
        words.RESULTS[visit.result], _in_words(visit.defects, words.DEFECTS), "siehe Protokoll",
    )  # fmt: skip


def _wrong_visits(row: tuple[object, ...]) -> list[tuple[object, ...]]:
    """A date that is none, an unknown kind, an unknown property, a date to come, and a row that is there twice."""
    return [
        (row[0], "31.02.2026", *row[2:]),
        (*row[:2], "Hausbesuch", *row[3:]),
        ("PI-9999", *row[1:]),
        (row[0], "03.03.2027", *row[2:]),
        row,
    ]


def _in_words(codes: Iterable[str], german: dict[str, str]) -> str:
    return _LISTED.join(german[code] for code in codes)
