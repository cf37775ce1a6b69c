"""The life of a property as dated events, and its assessments: the six years that a case takes on average.

Texts are neutral sentences about the building and the proceedings, never about the people in it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from etl.demo.dates import AS_OF, FIRST_DAY


@dataclass(frozen=True)
class Event:
    """A property entered a state on a day, for a reason."""

    property_key: str
    state: str
    on: date
    reason: str


@dataclass(frozen=True)
class Assessment:
    """Pressure of the problem and room to act, 0 to 3, and what they rest on."""

    property_key: str
    on: date
    pressure: int
    room_to_act: int
    source: str


_START: Final = ("recorded", "assessed", "owner_clarified")
# (share, states in their order)
_PATHS: Final = (
    (0.19, (*_START, "procedure_cooperative", "observation")),
    (0.13, (*_START, "procedure_cooperative", "renovation", "closed")),
    (0.17, (*_START, "procedure_regulatory", "securing", "observation")),
    (0.12, (*_START, "procedure_regulatory", "renovation", "closed")),
    (0.07, (*_START, "procedure_acquisition", "demolition", "reuse", "closed")),
    (0.05, (*_START, "procedure_acquisition", "renovation", "reuse", "closed")),
    (0.04, ("hint", "suspicion", "not_confirmed")),
    (0.06, ("hint", "suspicion", *_START, "procedure_cooperative", "renovation", "closed")),
    (0.08, ("hint", "suspicion", "recorded", "assessed", "procedure_regulatory", "observation")),
    (0.05, (*_START, "procedure_cooperative", "closed", "reopened", "assessed", "procedure_regulatory")),
    (0.04, ("recorded", "assessed", "observation", "closed")),
)
# Mean months until the next state; the long stages are the proceedings.
_MONTHS: Final = {
    "hint": 1.5, "suspicion": 3, "recorded": 4, "assessed": 6, "owner_clarified": 11, "procedure_cooperative": 32,
    "procedure_regulatory": 34, "procedure_acquisition": 34, "securing": 26, "renovation": 24, "demolition": 20,
    "reuse": 24, "observation": 48, "closed": 20, "reopened": 3, "not_confirmed": 1,
}  # fmt: skip
_REASONS: Final = {
    "hint": ("Hinweis aus der Nachbarschaft", "Hinweis des Entsorgungsbetriebs", "Hinweis des Versorgers"),
    "suspicion": ("Außenbesichtigung bestätigt den Hinweis in Teilen", "Aktenlage lässt weitere Prüfung zu"),
    "recorded": ("Aufnahme in das Register nach Ortstermin", "Aufnahme nach gemeinsamer Kontrolle",
    "Aufnahme nach Prüfung der Bauakte"),
    "assessed": ("Erstbewertung im Arbeitskreis", "Bewertung nach Ortstermin", "Neubewertung nach Kontrolle"),
    "owner_clarified": ("Grundbuchauszug liegt vor", "Vertretung des Eigentums benannt", "Eigentumsübergang geklärt"),
    "procedure_cooperative": ("Gespräch mit dem Eigentum, Zeitplan vereinbart",
    "Vereinbarung über Instandsetzung geschlossen"),
    "procedure_regulatory": ("Anhörung versandt", "Anordnung zur Instandsetzung erlassen",
    "Ordnungsverfügung zugestellt"),
    "procedure_acquisition": ("Ankaufgespräche begonnen", "Wertgutachten beauftragt", "Vorkaufsrecht wird geprüft"),
    "securing": ("Zugänge gesichert", "Bauzaun gestellt, Strom fachgerecht getrennt", "Dach provisorisch gesichert"),
    "renovation": ("Baubeginn der Instandsetzung angezeigt", "Gerüst gestellt, Arbeiten an Dach und Fassade"),
    "demolition": ("Rückbau beauftragt", "Rückbau angezeigt, Schadstoffe werden untersucht"),
    "reuse": ("Fläche wird als Grünfläche genutzt", "Nutzungskonzept beschlossen", "Neubau genehmigt"),
    "observation": ("Auflagen erfüllt, weitere Beobachtung", "Zustand stabil, nächste Prüfung vorgemerkt"),
    "closed": ("Instandsetzung abgenommen", "Mängel beseitigt, Fall abgeschlossen", "Vorhaben abgeschlossen"),
    "not_confirmed": ("Prüfung ohne Feststellung", "Zustand unauffällig, nicht bestätigt"),
    "reopened": ("Neue Mängel nach Abschluss festgestellt", "Kontrolle zeigt erneuten Handlungsbedarf"),
}  # fmt: skip
_LOOKED_AT_AGAIN: Final = 0.75
_ASSESSMENT_SOURCES: Final = (
    "Ortstermin: Zustand von Dach, Fassade und Treppenhaus",
    "Kontrolle: Versorgung, Brandschutz, Müll; Stand der Verfahren",
    "Bauakte und Luftbild; Erreichbarkeit des Eigentums",
    "Arbeitskreis: Mängelliste und Stand der Verfahren",
)


def live(property_key: str, rng: np.random.Generator) -> list[Event]:
    """The events of one property up to the as-of date; at least the first one."""
    shares = np.array([share for share, _ in _PATHS])
    path = _PATHS[int(rng.choice(len(_PATHS), p=shares / shares.sum()))][1]
    on = _first_day(rng)
    events: list[Event] = []
    for state in path:
        if events and on > AS_OF:
            break
        events.append(Event(property_key, state, on, str(rng.choice(_REASONS[state]))))
        on = _workday(on + timedelta(days=int(12 + rng.gamma(2.2, _MONTHS[state] * 30.4 / 2.2))))
    return events


def assessment_days(events: list[Event], rng: np.random.Generator) -> list[tuple[date, str]]:
    """Days of assessments and what they rest on: with each `assessed`, and every year and a half while it is open.

    Three of four open cases were looked at again in the last autumn.
    """
    assessed = [event.on for event in events if event.state == "assessed"]
    if not assessed:
        return []
    days, on = set(assessed), assessed[0]
    while on <= AS_OF:
        days.add(on)
        on = _workday(on + timedelta(days=int(np.clip(rng.normal(540, 120), 200, 900))))
    if rng.random() < _LOOKED_AT_AGAIN:
        days.add(_workday(AS_OF - timedelta(days=int(rng.integers(6, 75)))))
    looked_at = sorted(day for day in days if day >= assessed[0] and is_monitored(events, day))
    return [(day, str(rng.choice(_ASSESSMENT_SOURCES))) for day in looked_at]


def state_on(events: list[Event], on: date) -> str | None:
    """The state of a property on a day; None before its first event."""
    return next((event.state for event in reversed(events) if event.on <= on), None)


def is_monitored(events: list[Event], on: date) -> bool:
    """Whether a property is in the register and not closed on that day."""
    return state_on(events, on) not in (None, "hint", "suspicion", "closed", "not_confirmed")


def _first_day(rng: np.random.Generator) -> date:
    """A third of the properties was recorded in the first year, when the register was set up."""
    days = (AS_OF - FIRST_DAY).days - 45
    share = rng.uniform(0, 0.09) if rng.random() < 0.36 else rng.uniform(0.03, 1)
    return _workday(FIRST_DAY + timedelta(days=int(share * days)))


def _workday(on: date) -> date:
    return on - timedelta(days=max(0, on.weekday() - 4))
