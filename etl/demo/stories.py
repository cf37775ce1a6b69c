"""The eight planted stories: properties whose life was written by hand, so that a tour can show what the product shows.

Their keys are the same with every seed. Grants, orders and supply cuts get tables of their own in later steps; until
then a story stands in the reasons of its events, its next step and its reminder.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from etl.demo.dates import AS_OF
from etl.demo.life import Assessment, Event
from etl.demo.properties import Facts
from etl.demo.visits import Visit

TWO_COUNTS_ROUND: Final = "KA-2026-900"
TWO_COUNTS_DATE: Final = date(2026, 10, 7)
TWO_COUNTS_PUBLISHED: Final = 9


@dataclass(frozen=True)
class Story:
    """One planted story: facts that differ from the drawn ones, events (state, day, reason), visits, next step."""

    key: str
    title: str
    facts: dict[str, Any]
    events: tuple[tuple[str, date, str], ...]
    visits: tuple[tuple[str, date, str, str, tuple[str, ...]], ...]
    next_step: str
    reminder_on: date | None
    assessed: tuple[int, int]


def _joint(on: date, access: str, result: str, *defects: str) -> tuple[str, date, str, str, tuple[str, ...]]:
    return ("joint_control", on, access, result, defects)


def _follow_up(on: date, access: str, result: str, *defects: str) -> tuple[str, date, str, str, tuple[str, ...]]:
    return ("follow_up", on, access, result, defects)


STORIES: Final = (
    Story(
        "PI-0001", "Drei Kontrollen in Folge ohne Zutritt",
        {"use_type": "residential", "is_inhabited": True, "dwellings": 9, "ownership_form": "person"},
        (
            ("recorded", date(2021, 3, 9), "Aufnahme nach gemeinsamer Kontrolle"),
            ("assessed", date(2021, 6, 17), "Bewertung nach Ortstermin"),
            ("owner_clarified", date(2021, 9, 2), "Vertretung des Eigentums benannt"),
            ("procedure_regulatory", date(2025, 2, 11), "Anhörung versandt, Zutritt angekündigt"),
        ),
        (
            _joint(date(2021, 3, 4), "flat", "finding", "damp_mould", "smoke_detectors"),
            _joint(date(2023, 11, 8), "common_areas", "finding", "smoke_detectors"),
            _joint(date(2025, 1, 22), "none", "not_completed"),
            _joint(date(2025, 9, 24), "none", "not_completed"),
            _joint(date(2026, 6, 10), "none", "not_completed"),
        ),
        "Zutritt klären: Termin mit der Vertretung des Eigentums", date(2026, 11, 18), (2, 1),
    ),
    Story(
        "PI-0002", "Vom Gericht angehaltene Anordnung",
        {"use_type": "mixed_use", "is_inhabited": True, "dwellings": 12, "ownership_form": "company"},
        (
            ("recorded", date(2019, 5, 14), "Aufnahme nach Prüfung der Bauakte"),
            ("assessed", date(2019, 8, 20), "Erstbewertung im Arbeitskreis"),
            ("owner_clarified", date(2019, 12, 3), "Grundbuchauszug liegt vor"),
            ("procedure_regulatory", date(2022, 4, 5),
            "Anordnung zur Instandsetzung des zweiten Rettungswegs zugestellt"),
            ("observation", date(2025, 7, 15),
            "Verwaltungsgericht hält die Anordnung vorläufig an; Mängel werden beobachtet"),
        ),
        (
            _joint(date(2019, 5, 9), "common_areas", "finding", "second_escape_route", "fire_load"),
            _joint(date(2022, 3, 23), "common_areas", "finding", "second_escape_route"),
            _joint(date(2025, 5, 21), "common_areas", "finding", "second_escape_route", "smoke_detectors"),
        ),
        "Entscheidung des Gerichts abwarten, Akte ergänzen", date(2026, 12, 15), (3, 1),
    ),
    Story(
        "PI-0003", "Förderbescheid in 14 Tagen erwartet",
        {"use_type": "residential", "is_inhabited": False, "dwellings": 8, "ownership_form": "public"},
        (
            ("recorded", date(2020, 10, 6), "Aufnahme in das Register nach Ortstermin"),
            ("assessed", date(2021, 1, 26), "Bewertung nach Ortstermin"),
            ("owner_clarified", date(2021, 6, 8), "Eigentumsübergang geklärt"),
            ("procedure_acquisition", date(2023, 2, 14), "Stadt hat angekauft, Wertgutachten liegt vor"),
            ("renovation", date(2026, 9, 1),
            "Förderantrag zur Modernisierung gestellt, Bescheid für den 29.11.2026 angekündigt"),
        ),
        (
            _joint(date(2020, 9, 30), "common_areas", "finding", "facade", "fall_hazard"),
            _joint(date(2024, 4, 17), "outside", "no_finding"),
        ),
        "Förderbescheid entgegennehmen, Mittelabruf vorbereiten", date(2026, 11, 29), (2, 3),
    ),
    Story(
        "PI-0004", "Berichtigter Datensatz",
        {"use_type": "residential", "is_inhabited": True, "dwellings": 16, "building_class": 4},
        (
            ("recorded", date(2022, 2, 22), "Aufnahme nach gemeinsamer Kontrolle"),
            ("assessed", date(2022, 5, 31), "Bewertung nach Ortstermin"),
            ("procedure_cooperative", date(2024, 3, 19),
            "Gespräch mit dem Eigentum; Zahl der Wohnungen berichtigt: 16 statt 6"),
        ),
        (
            _joint(date(2022, 2, 16), "flat", "finding", "waste", "letter_boxes_bells"),
            _joint(date(2024, 10, 9), "common_areas", "no_finding"),
        ),
        "Zeitplan mit dem Eigentum abgleichen", date(2027, 1, 12), (1, 2),
    ),
    Story(
        "PI-0005", "Unbewohnbar, noch ohne Ersatzwohnraum",
        {"use_type": "residential", "is_inhabited": True, "dwellings": 6, "ownership_form": "company"},
        (
            ("recorded", date(2023, 9, 12), "Aufnahme nach gemeinsamer Kontrolle"),
            ("assessed", date(2023, 10, 24), "Statik und Elektroanlage bewertet"),
            ("owner_clarified", date(2024, 1, 16), "Grundbuchauszug liegt vor"),
            ("procedure_regulatory", date(2026, 8, 18),
            "Unbewohnbarkeit vorbereitet; keine Räumung, solange Ersatzwohnraum fehlt"),
        ),
        (
            _joint(date(2023, 9, 6), "flat", "finding", "electricity", "building_other", "damp_mould"),
            _joint(date(2026, 7, 22), "flat", "finding", "electricity", "building_other"),
        ),
        "Ersatzwohnraum für 6 Wohnungen klären, mildere Mittel dokumentieren", date(2026, 11, 20), (3, 2),
    ),
    Story(
        "PI-0006", "Angekündigte Versorgungssperre",
        {"use_type": "residential", "is_inhabited": True, "dwellings": 10, "ownership_form": "company"},
        (
            ("recorded", date(2020, 1, 21), "Hinweis des Versorgers, Aufnahme nach Ortstermin"),
            ("assessed", date(2020, 11, 10), "Erstbewertung im Arbeitskreis"),
            ("owner_clarified", date(2021, 2, 23), "Vertretung des Eigentums benannt"),
            ("procedure_cooperative", date(2023, 5, 9), "Vereinbarung über Zahlungsplan mit dem Versorger"),
            ("procedure_regulatory", date(2026, 11, 3),
            "Versorger kündigt Sperre von Gas und Wasser zum 24.11.2026 an"),
        ),
        (
            _joint(date(2020, 1, 16), "flat", "finding", "heating"),
            _joint(date(2023, 4, 26), "flat", "finding", "gas_or_water"),
            _joint(date(2026, 2, 11), "common_areas", "no_finding"),
        ),
        "Sperre abwenden: Gespräch mit Versorger und Eigentum", date(2026, 11, 17), (3, 3),
    ),
    Story(
        "PI-0007", "Wieder aufgenommener Fall",
        {"use_type": "mixed_use", "is_inhabited": True, "dwellings": 7, "ownership_form": "person"},
        (
            ("recorded", date(2017, 4, 25), "Aufnahme in das Register nach Ortstermin"),
            ("assessed", date(2017, 9, 5), "Erstbewertung im Arbeitskreis"),
            ("procedure_cooperative", date(2018, 6, 12), "Vereinbarung über Instandsetzung geschlossen"),
            ("renovation", date(2019, 9, 17), "Gerüst gestellt, Arbeiten an Dach und Fassade"),
            ("closed", date(2021, 11, 9), "Instandsetzung abgenommen"),
            ("reopened", date(2025, 3, 18), "Kontrolle zeigt erneuten Handlungsbedarf"),
            ("assessed", date(2025, 5, 6), "Neubewertung nach Kontrolle"),
            ("procedure_cooperative", date(2025, 10, 14), "Gespräch mit dem Eigentum, Zeitplan vereinbart"),
        ),
        (
            _joint(date(2017, 4, 19), "common_areas", "finding", "facade", "damp_mould"),
            _joint(date(2020, 10, 14), "common_areas", "no_finding"),
            _joint(date(2025, 3, 12), "flat", "finding", "damp_mould", "pests"),
            _follow_up(date(2025, 5, 14), "flat", "finding", "damp_mould"),
        ),
        "Zwischenabnahme der Arbeiten an den Leitungen", date(2026, 12, 8), (2, 2),
    ),
    Story(
        "PI-0008", "Zwei Zählungen einer Sache",
        {"use_type": "residential", "is_inhabited": True, "dwellings": 11},
        (
            ("recorded", date(2023, 3, 14), "Aufnahme nach gemeinsamer Kontrolle"),
            ("assessed", date(2023, 6, 20), "Bewertung nach Ortstermin"),
            ("procedure_cooperative", date(2024, 9, 10), "Gespräch mit dem Eigentum, Zeitplan vereinbart"),
        ),
        (_joint(date(2023, 3, 8), "flat", "finding", "waste", "pests"),),
        "Meldung und Protokoll vom 07.10.2026 abgleichen: 9 Objekte gemeldet, 8 Kontrollen erfasst",
        date(2026, 11, 24), (1, 2),
    ),
)  # fmt: skip


def tell_facts(drawn: Facts, story: Story) -> Facts:
    """The property of a story: drawn place, hand-written facts."""
    return replace(drawn, key=story.key, registered_on=story.events[0][1], **story.facts)


def tell_events(story: Story) -> list[Event]:
    """The events of a story in their order."""
    return [Event(story.key, state, on, reason) for state, on, reason in story.events]


def tell_visits(story: Story) -> list[Visit]:
    """The visits of a story; they were no part of a round, except those of the round with two counts."""
    return [Visit(story.key, kind, on, access, result, defects) for kind, on, access, result, defects in story.visits]


def tell_assessments(story: Story) -> list[Assessment]:
    """One assessment with each `assessed`, and one in the last year."""
    pressure, room = story.assessed
    days = [on for state, on, _ in story.events if state == "assessed"] + [date(2026, 3, 3)]
    return [
        Assessment(story.key, on, pressure, room, "Kontrolle: Versorgung, Brandschutz, Bausubstanz")
        for on in days
        if on <= AS_OF
    ]
