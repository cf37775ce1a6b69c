"""Files about money: programmes, the spreadsheet of notices, and the treasury's lists of calls and invoices."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from etl.demo import files, german_columns, words
from etl.demo.funding import PROGRAMMES, DemoGrant

NOTE: Final = "Erfundene Beispieldaten: keine dieser Förderungen gibt es."
Row = tuple[object, ...]


def write_programmes(folder: Path, on: date) -> Path:
    """The programmes with their usual terms."""
    path = folder / f"foerderprogramme_{on}.csv"
    rows = [(*one[:5], 13, 18, words.YES_NO[False], one[5], words.YES_NO[False]) for one in PROGRAMMES]
    files.write_csv(path, german_columns.FUNDING_PROGRAMMES, rows)
    return path


def write_grants(folder: Path, grants: Sequence[DemoGrant], on: date) -> Path:
    """The notices, one row each; in one the share stands in per cent, as people write it."""
    path = folder / f"foerderbescheide_{on}.xlsx"
    rows = [_grant_row(one) for one in grants]
    wrong = list(_grant_row(grants[-1]))
    wrong[0], wrong[german_columns.FUNDING_GRANTS.index("Fördersatz")] = "FB-2026-95", 60
    files.write_spreadsheet(path, "Bescheide", german_columns.FUNDING_GRANTS, [*rows, tuple(wrong)], NOTE)
    return path


def write_calls(folder: Path, grants: Sequence[DemoGrant], on: date) -> Path:
    """The calls; one of them names a notice that nobody has."""
    path = folder / f"mittelabrufe_{on}.csv"
    rows: list[Row] = [
        (
            f"{one.key}/{number:02d}", one.key, call.called_on, call.amount_eur, call.paid_on,
            call.amount_eur if call.paid_on else None, call.refunded_on, call.refunded_eur,
        )
        for one in grants
        for number, call in enumerate(one.calls, start=1)
    ]  # fmt: skip
    rows.append(("FB-9999/01", "FB-9999", date(2026, 3, 2), 5_000.0, None, None, None, None))
    files.write_csv(path, german_columns.FUNDING_CALLS, rows)
    return path


def write_costs(folder: Path, grants: Sequence[DemoGrant], on: date) -> Path:
    """The invoices of what is funded."""
    path = folder / f"foerderkosten_{on}.csv"
    rows = [
        (
            f"{one.key}/R{number:02d}", one.key, one.project_key, words.COST_CATEGORIES[cost.category],
            cost.invoiced_on, cost.paid_on, cost.amount_eur, words.YES_NO[cost.is_eligible],
        )
        for one in grants
        for number, cost in enumerate(one.costs, start=1)
    ]  # fmt: skip
    files.write_csv(path, german_columns.FUNDING_COSTS, rows)
    return path


def _grant_row(one: DemoGrant) -> Row:
    kind, area = one.area or (None, None)
    return (
        one.key, one.property_key, one.project_key, kind, area, one.programme, one.title, one.expected_on,
        one.granted_on, one.eligible_eur, one.share, one.granted_eur, one.call_until_on, one.binding_until_on,
        one.proof_due_on, one.proof_sent_on, words.PROOF_RESULTS.get(one.proof_result), one.goal,
        words.GOAL_RATINGS[one.goal_rating], one.goal_note or None, words.YES_NO[one.is_withdrawn],
    )  # fmt: skip
