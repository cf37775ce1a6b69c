"""Interval rules of the invented city; the first seed of the rules that people change on a page."""

from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True)
class IntervalRule:
    """How often which properties are inspected; `area` is (kind, key) or None for the whole city."""

    key: str
    control_type: str
    area: tuple[str, str] | None
    use_type: str
    interval_days: int
    access: str
    access_if_empty: str
    legal_basis: str
    reason: str
    resolution: str
    decided_by: str
    valid_from: date
    valid_to: date | None = None
    is_statutory: bool = False
    # How many clean visits in a row let the software propose a release; None = never.
    release_after: int | None = None


_COUNCIL: Final = "Rat der Beispielstadt"
_LAW: Final = "gesetzliche Pflicht"

RULES: Final = (
    IntervalRule(
        "R-01", "joint_control", None, "", 1095, "common_areas", "outside", "",
        "Jedes erfasste Objekt wird gemeinsam aufgesucht", "Beschluss 0231/2019", _COUNCIL, date(2019, 7, 1),
        release_after=3,
    ),
    IntervalRule(
        "R-02", "joint_control", ("fokusraum", "fr1"), "", 450, "common_areas", "outside", "",
        "Dichte der Fälle im Fokusraum", "Beschluss 0417/2021", _COUNCIL, date(2021, 10, 1),
        release_after=3,
    ),
    IntervalRule(
        "R-03", "joint_control", ("fokusraum", "fr2"), "", 450, "common_areas", "outside", "",
        "Fokusraum wie Bahnhofsviertel und Wehringhausen", "Beschluss 0102/2024", _COUNCIL, date(2024, 4, 1),
        release_after=3,
    ),
    IntervalRule(
        "R-04", "housing_control", None, "residential", 1095, "flat", "common_areas", "",
        "Wohnungsaufsicht in Wohngebäuden des Registers", "", "Wohnungsaufsicht", date(2022, 1, 1), release_after=2,
    ),
    IntervalRule(
        "R-05", "fire_safety", None, "mixed_use", 2190, "common_areas", "outside", "höchstens 6 Jahre",
        "Brandverhütungsschau", "", _LAW, date(2016, 1, 1), is_statutory=True,
    ),
    IntervalRule(
        "R-06", "special_building", None, "commercial", 1095, "common_areas", "outside", "PrüfVO NRW",
        "Wiederkehrende Prüfung von Verkaufs- und Versammlungsstätten", "", _LAW, date(2016, 1, 1), is_statutory=True,
    ),
    IntervalRule(
        "R-07", "special_building", None, "other", 2190, "common_areas", "outside", "PrüfVO NRW",
        "Wiederkehrende Prüfung von Beherbergung, Pflege und Garagen", "", _LAW, date(2016, 1, 1), is_statutory=True,
    ),
    IntervalRule(
        "R-08", "outside_view", None, "vacant_plot", 365, "outside", "outside", "",
        "Sicherung unbebauter Grundstücke", "", "Ordnungsamt", date(2018, 1, 1), release_after=4,
    ),
    IntervalRule(
        "R-09", "follow_up", ("custom", "bahnhofsviertel"), "", 60, "common_areas", "outside", "",
        "Erprobung: Nachkontrolle nach 60 Tagen; beendet, weil die Abstände nicht zu halten waren",
        "Beschluss 0188/2022", _COUNCIL, date(2022, 5, 1), date(2023, 5, 1),
    ),
)  # fmt: skip
