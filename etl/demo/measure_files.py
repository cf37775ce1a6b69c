"""Files about proceedings: building control's spreadsheet, the CSV of their steps, the utility's list of cuts.

Each export is complete up to its day: a second one has old rows again, some that went on, and new ones. A few rows of
the last one are wrong on purpose.
"""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Final

from etl.demo import files, german_columns, words
from etl.demo.dates import AS_OF
from etl.demo.proceeding import Proceeding, Proceedings, Step, known_cuts, known_on

NOTE: Final = "Erfundene Beispieldaten: keines dieser Verfahren gibt es."
_LISTED: Final = ", "
_COERCED: Final = ("coercive_fine", "substitute_performance", "direct_force")
_ORDERED: Final = ("order", "threat", "fixing")
_NOT_FINAL: Final = ("action_pending", "suspended", "annulled")
Row = tuple[object, ...]


def write_proceedings(folder: Path, told: Proceedings, on: date) -> Path:
    """The list of proceedings as a spreadsheet."""
    path = folder / f"verfahren_{on}.xlsx"
    rows = [_row(one) for one in known_on(told.proceedings, on)]
    if on == AS_OF and rows:
        rows += _wrong_proceedings(rows[0])
    files.write_spreadsheet(path, "Verfahren", german_columns.PROCEEDINGS, rows, NOTE)
    return path


def _row(one: Proceeding) -> Row:
    court_since, court = one.court[-1] if one.court else (None, "none" if one.first("order") else "")
    safe = one.safeguards
    has_amount = one.kind not in words.ACQUISITION_KINDS
    return (
        one.key, one.property_key, words.MEASURE_KINDS[one.kind], words.OFFICES[one.office],
        f"63-{one.key[3:].replace('-', '/')}", one.opened_on, one.follows or None, one.closed_on,
        words.MEASURE_OUTCOMES.get(one.outcome), words.YES_NO[is_enforceable(one, court)] or None,
        words.YES_NO[is_coercible(one, court)] or None, one.first("final"), words.COURT_STATUSES.get(court),
        court_since,
        one.amount("fixing", "notice") if has_amount else None, one.amount("payment"), one.amount("recovery"),
        _in_words(one.causes, words.MEASURE_CAUSES), _in_words(safe.milder_means if safe else (), words.MILDER_MEANS),
        (safe.note or None) if safe else None, safe.dwellings if safe else None, safe.households if safe else None,
        _decided_by(one), _decided_on(one), one.averted_until_on, one.next_check_on, one.note or None,
    )  # fmt: skip


def is_enforceable(one: Proceeding, court: str) -> bool | None:
    """An order that is final, or that was to be obeyed at once; None where nothing was ordered."""
    if one.first(*_ORDERED) is None:
        return None
    return court not in _NOT_FINAL and (one.is_immediate or one.first("final") is not None)


def is_coercible(one: Proceeding, court: str) -> bool | None:
    """Coercion is not held up by a court action, only by a judgement."""
    return None if one.first(*_ORDERED) is None else court != "annulled"


def _decided_by(one: Proceeding) -> str | None:
    if one.safeguards is not None:
        return one.safeguards.decided_by
    return one.decided_by if one.decided_by and _decided_on(one) else None


def _decided_on(one: Proceeding) -> date | None:
    return one.first("council_decision", "order", "exercised", "averting_agreed", "award")


def _wrong_proceedings(row: Row) -> list[Row]:
    """A house that would be closed without a word on its safeguards, an unknown kind, an end before the beginning."""
    closing = ("VF-2026-901", *row[1:2], words.MEASURE_KINDS["clearance"], *row[3:6], *(None for _ in row[6:]))
    return [
        closing,
        ("VF-2026-902", *row[1:2], "Ermahnung", *row[3:]),
        ("VF-2026-903", *row[1:7], date(2016, 1, 4), words.MEASURE_OUTCOMES["other"], *row[9:]),
    ]


def write_steps(folder: Path, told: Proceedings, on: date) -> Path:
    """The steps of the proceedings as CSV."""
    path = folder / f"verfahrensschritte_{on}.csv"
    rows = [_step_row(one, step) for one in known_on(told.proceedings, on) for step in one.steps]
    if on == AS_OF and rows:
        rows += [
            (*rows[0][:1], "VF-1999-001", *rows[0][2:]),
            (*rows[0][:3], "31.02.2026", *rows[0][4:]),
            (*rows[0][:3], date(2026, 7, 7), None, date(2026, 6, 6), *rows[0][6:]),
        ]
    files.write_csv(path, german_columns.PROCEEDING_STEPS, rows)
    return path


def _step_row(one: Proceeding, step: Step) -> Row:
    return (
        one.property_key, one.key, words.MEASURE_STEPS[step.kind], step.on, step.served_on, step.due_on, step.met_on,
        step.amount_eur, step.note or None,
    )  # fmt: skip


def write_cuts(folder: Path, told: Proceedings, on: date) -> Path:
    """The cuts of supply as CSV."""
    path = folder / f"versorgungssperren_{on}.csv"
    rows: list[Row] = [
        (
            one.key, one.property_key, words.UTILITIES[one.utility], words.CUT_REASONS[one.reason], one.announced_on,
            one.planned_on, one.cut_on, one.restored_on, one.dwellings, one.note or None,
        )
        for one in known_cuts(told.cuts, on)
    ]  # fmt: skip
    if on == AS_OF and rows:
        rows.append(("VS-2026-901", *rows[0][1:4], None, None, None, *rows[0][7:]))
    files.write_csv(path, german_columns.SUPPLY_CUTS, rows)
    return path


def _in_words(codes: Iterable[str], german: dict[str, str]) -> str | None:
    return _LISTED.join(german[code] for code in codes) or None
