"""The data for the proof of use as a workbook: notice, calls, costs, summary and the rating of the goal.

No cell becomes a formula, and amounts stay numbers with cents. What the workbook says is what the page of the grant
says, at the same date and with the rights of who asks.
"""

import re
from collections.abc import Sequence
from datetime import date
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

from flask import Response, request
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from dashboard.answers import in_words
from dashboard.auth import signed_in
from dashboard.exports.about import About
from dashboard.exports.files import attachment
from dashboard.failures import failure
from dashboard.formatting import format_percent
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.logged import log_export
from dashboard.pages.foerderung import ids, words
from dashboard.wiring import Wiring
from geodata.areas import read_areas
from geodata.csv_safe import safe_cell
from geodata.filters import read_day
from geodata.funding.grants import Grant
from geodata.funding.reads import read_grant

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_EUROS: Final = '#,##0.00\\ "€"'
_DAY: Final = "DD.MM.YYYY"
_KEY_MAX: Final = 200
_BOLD, _WRAPPED = Font(bold=True), Alignment(wrap_text=True, vertical="top")
Row = Sequence[Any]


def register(wiring: Wiring) -> None:
    """The route of the workbook."""

    @wiring.route("/foerderung/nachweis.xlsx", permission="funding:read")
    @in_words
    def workbook() -> Response:
        return _answer(wiring)


def _answer(wiring: Wiring) -> Response:
    with wiring.deps.asker() as asker:
        asker.require("export:create")
        as_of = read_day("as_of", request.args) or signed_in().default_as_of
        grant = read_grant(asker, request.args.get(ids.GRANT, "")[:_KEY_MAX], as_of)
        if grant is None:
            return failure(404)
        place = words.place(grant, {area.id: area for area in read_areas(asker, as_of)})
    about = _about(grant, as_of)
    file = SpooledTemporaryFile(max_size=4_000_000)  # noqa: SIM115 - the answer closes it when it is sent
    write(file, grant, place, about)
    answer = attachment(file, about.file_name("xlsx"), _XLSX)
    return log_export(wiring.deps, answer, "foerderung-nachweis", rows=len(grant.calls) + len(grant.costs))


def _about(grant: Grant, as_of: date) -> About:
    account = signed_in().account
    return About(
        title=f"{_('Proof of use')} {grant.key}",
        city=account.municipality_name,
        as_of=as_of,
        filter_text=grant.title,
        source=_("Notices, calls and costs, as quartiermonitor holds them"),
        is_invented=account.is_demonstration_city,
    )


def write(target: IO[bytes], grant: Grant, place: str, about: About) -> None:
    """Write the five sheets."""
    book = Workbook(write_only=True)
    book.properties.title, book.properties.creator = about.title, "quartiermonitor"
    _pairs(book, _("Notice"), [*about.lines(), *_notice(grant, place)])
    _table(book, _("Calls"), *_calls(grant))
    _table(book, _("Costs"), *_costs(grant))
    _pairs(book, _("Summary"), _summary(grant))
    _pairs(book, _("Rating of the goal"), _rating(grant))
    book.save(target)


def _notice(grant: Grant, place: str) -> list[Row]:
    return [
        (_("Programme"), grant.programme),
        (_("What the money is for"), grant.title),
        (_("Place"), place),
        (_("Demolition project"), grant.project_key),
        (_("File reference"), grant.file_reference),
        (_("Notice of"), grant.granted_on),
        (_("Eligible cost"), grant.eligible_eur),
        (_("Share"), format_percent(grant.share, decimals=1)),
        (_("Granted"), grant.granted_eur),
        (_("Calls until"), grant.call_until_on),
        (_("Binding period until"), grant.binding_until_on),
        (_("Proof of use due on"), grant.proof_due_on),
        (_("Proof of use sent on"), grant.proof_sent_on),
    ]


def _calls(grant: Grant) -> tuple[Row, list[Row]]:
    use = {one.key: one for one in grant.uses}
    head = (
        _("Key"), _("Called on"), _("Amount called"), _("Paid on"), _("Amount paid"), _("Paid back on"),
        _("Amount paid back"), _("Used"), _("Unused"), _("Interest from"), _("Check of use"), _("How it stands"),
    )  # fmt: skip
    rows: list[Row] = []
    for one in grant.calls:
        of = use.get(one.key)
        rows.append(
            (
                one.key, one.called_on, one.amount_eur, one.paid_on, one.paid_eur, one.refunded_on, one.refunded_eur,
                *((of.used_eur, of.unused_eur, of.interest_from_on, of.checked_on) if of else (None,) * 4),
                code_label("payment_state", of.state) if of else None,
            )
        )  # fmt: skip
    return head, rows


def _costs(grant: Grant) -> tuple[Row, list[Row]]:
    head = (_("Key"), _("Invoice of"), _("What was bought"), _("Paid on"), _("Amount"), _("Eligible"), _("Project"))
    rows: list[Row] = [
        (
            one.key, one.invoiced_on, code_label("cost_category", one.category), one.paid_on, one.amount_eur,
            _("yes") if one.is_eligible else _("no"), one.project_key,
        )
        for one in grant.costs
    ]  # fmt: skip
    return head, rows


def _summary(grant: Grant) -> list[Row]:
    eligible = round(grant.spent_eur - grant.not_eligible_eur, 2)
    return [
        (_("Eligible cost"), grant.eligible_eur),
        (_("Granted"), grant.granted_eur),
        (_("Called"), grant.called_eur),
        (_("Paid, less what was paid back"), grant.paid_eur),
        (_("Paid back"), grant.refunded_eur),
        (_("Spent"), grant.spent_eur),
        (_("of which eligible"), eligible),
        (_("of which not eligible"), grant.not_eligible_eur),
        (_("Unused"), grant.unused_eur),
        (_("Own share of what was spent"), round(grant.spent_eur - grant.paid_eur + grant.unused_eur, 2)),
    ]


def _rating(grant: Grant) -> list[Row]:
    return [
        (_("Goal"), grant.goal),
        (_("Was it reached?"), code_label("goal_rating", grant.goal_rating)),
        (_("Why it is rated so"), grant.goal_note),
    ]


def _sheet(book: Any, title: str, widths: Sequence[int]) -> Any:
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31])
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    return sheet


def _pairs(book: Any, title: str, rows: Sequence[Row]) -> None:
    sheet = _sheet(book, title, (34, 70))
    for name, value in rows:
        sheet.append([_cell(sheet, name, font=_BOLD), _cell(sheet, value)])


def _table(book: Any, title: str, head: Row, rows: Sequence[Row]) -> None:
    sheet = _sheet(book, title, [max(14, len(name) + 3) for name in head])
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, name, font=_BOLD) for name in head])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])


def _cell(sheet: Any, value: Any, *, font: Font | None = None) -> Any:
    """A cell with its type; text stays text, whatever it begins with."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", safe_cell(value)))
        cell.data_type, cell.alignment = "s", _WRAPPED
    else:
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = _DAY if isinstance(value, date) else _EUROS
        cell.alignment = Alignment(horizontal="left", vertical="top")
    if font:
        cell.font = font
    return cell
