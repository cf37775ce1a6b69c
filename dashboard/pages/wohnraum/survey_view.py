"""The view of the yearly survey of housing law: what goes to the state, as a table and as one file."""

from dash import html
from dash.development.base_component import Component

from dashboard.components import empty_state, notice, panel, plain_table
from dashboard.formatting import format_date, format_number
from dashboard.i18n import gettext as _
from dashboard.in_time import Part
from dashboard.pages.wohnraum import ids, links
from dashboard.pages.wohnraum.parts import Shown
from dashboard.pages.wohnraum.question import survey_years
from dashboard.pages.wohnraum.tables import row_name
from geodata.access import Asker
from geodata.housing.survey import SurveyRow, read_survey
from geodata.housing.survey_form import COLUMNS, IS_CONFIRMED


def view(shown: Shown) -> list[Part]:
    """One year, chosen by links."""
    return [(_("Survey of housing law"), lambda asker: _survey(asker, shown))]


def _survey(asker: Asker, shown: Shown) -> Component:
    question = shown.question
    years = [(str(year), str(year)) for year in survey_years(question.as_of)]
    chosen = links.choice_links(shown.context.query, ids.YEAR, years, str(question.year), label=_("Year"))
    rows = read_survey(asker, question.year, question.chosen)
    return html.Div([chosen, *_unconfirmed(), *_parts(rows, shown)], className="wohnraum-stack")


def _unconfirmed() -> list[Component]:
    if IS_CONFIRMED:
        return []
    text = _(
        "Form not confirmed yet: nobody in charge has held these columns against the form of the state. They are data "
        "and can be changed in one place."
    )
    return [notice(text, kind="info")]


def _parts(rows: tuple[SurveyRow, ...], shown: Shown) -> list[Component]:
    year = str(shown.question.year)
    if not rows[0].counts["cases"]:
        text = _("In %(year)s no object was inspected under housing law, and no such proceeding ran.", year=year)
        return [empty_state(_("No case in this year"), text)]
    title = _("Survey of housing law %(year)s, as of %(day)s", year=year, day=format_date(shown.context.as_of))
    head = (_("Breakdown"), *(_(column.title) for column in COLUMNS))
    told = [[row_name(row), *(format_number(row.counts[column.key]) for column in COLUMNS)] for row in rows]
    defined = html.Dl(
        [part for column in COLUMNS for part in (html.Dt(_(column.title)), html.Dd(_(column.definition)))],
        className="wohnraum-definitions",
    )
    note = _(
        "By form of ownership each case counts once. By cause it counts with each of its causes, so those rows add up "
        "to more than all cases."
    )
    return [
        panel(title, [plain_table(head, told, title), html.P(note, className="wohnraum-note quiet")]),
        panel(_("What is counted"), defined),
    ]  # fmt: skip
