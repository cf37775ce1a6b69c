"""Resolutions of the invented council: one is reached, one is missed, two are open."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from etl.demo import files, german_columns, words

_COUNCIL: Final = "Rat der Beispielstadt"


@dataclass(frozen=True)
class Resolution:
    """What the council decided, and the figure that measures it; `area` is (kind, key) or None for the whole city."""

    key: str
    number: str
    decided_on: date
    title: str
    figure: str
    area: tuple[str, str] | None
    control_type: str
    direction: str
    target: int
    until_on: date
    link_text: str
    is_share: bool = False


RESOLUTIONS: Final = (
    Resolution(
        "Z-01", "0102/2024", date(2024, 3, 21), "Bis Ende 2026 sind mindestens zehn Gebäude zurückgebaut",
        "projects_demolished", None, "", "at_least", 10, date(2026, 12, 31),
        "Niederschrift vom 21.03.2024, TOP 7",
    ),
    Resolution(
        "Z-02", "0256/2025", date(2025, 6, 26),
        "In Wehringhausen ist bei höchstens 40 Objekten eine Kontrolle überfällig",
        "objects_overdue", ("quartier", "wehringhausen"), "", "at_most", 40, date(2027, 6, 30),
        "Niederschrift vom 26.06.2025, TOP 4",
    ),
    Resolution(
        "Z-03", "0311/2025", date(2025, 9, 25), "Drei von vier Kontrollen sind fristgerecht",
        "controls_on_time", None, "", "at_least", 75, date(2026, 6, 30),
        "Niederschrift vom 25.09.2025, TOP 12", is_share=True,
    ),
    Resolution(
        "Z-04", "0417/2021", date(2021, 9, 23),
        "Im Fokusraum wird der Abstand von 450 Tagen zu 80\u00a0% eingehalten",
        "controls_on_time", ("fokusraum", "fr1"), "joint_control", "at_least", 80, date(2027, 12, 31),
        "Niederschrift vom 23.09.2021, TOP 9", is_share=True,
    ),
)  # fmt: skip


def write_resolutions(folder: Path, on: date) -> Path:
    """The list of the council's office as CSV."""
    path = folder / f"beschluesse_{on}.csv"
    rows = [
        (
            one.key, one.number, one.decided_on, _COUNCIL, one.title, words.TARGET_FIGURES[one.figure],
            *(one.area or ("", "")), words.CONTROL_TYPES.get(one.control_type, ""),
            words.TARGET_DIRECTIONS[one.direction], one.target, words.YES_NO[one.is_share], one.until_on, one.link_text,
        )
        for one in RESOLUTIONS
    ]  # fmt: skip
    files.write_csv(path, german_columns.RESOLUTIONS, rows)
    return path
