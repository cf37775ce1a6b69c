"""Two to four saved scenarios side by side, with the numbers of the moment at which each was saved."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.components import empty_state, link_button, panel
from dashboard.formatting import MISSING, format_date, format_number
from dashboard.i18n import gettext as _
from dashboard.pages.planspiel.saved import question_words, told
from dashboard.routes import href
from geodata.scenario.saved import SavedScenario

Rows = list[list[str]]


def compared(numbers: Sequence[int], found: Sequence[SavedScenario], page_path: str) -> Component:
    """The table; where fewer than two of the link are there, words."""
    by_number = {one.id: one for one in found}
    shown = [by_number[number] for number in numbers if number in by_number]
    title = _("Scenarios side by side")
    back = link_button(_("Start anew"), href(page_path))
    if len(shown) < 2:
        text = _("At least two of the link have to be there; others were withdrawn, or the link is mistyped.")
        return panel(title, empty_state(_("Nothing to compare"), text, back, level=3))
    gone = len(numbers) - len(shown)
    notes = [
        *([_("%(count)s of the link is not there any more.", count=format_number(gone))] if gone else []),
        *(
            [_("They start from different days, so their numbers differ for that reason, too.")]
            if _differ(shown)
            else []
        ),
        _("Numbers of the moment of saving; open one to calculate it anew."),
    ]
    return panel(
        title,
        [_table(title, shown, page_path), *[html.P(note, className="quiet planspiel-note") for note in notes]],
        actions=back,
    )


def _differ(shown: Sequence[SavedScenario]) -> bool:
    return len({one.as_of for one in shown}) > 1


def _table(title: str, shown: Sequence[SavedScenario], page_path: str) -> Component:
    links = [html.A(one.name, href=href(page_path, {"scenario": one.id}), className="qm-link") for one in shown]
    heads = [html.Th(html.Span(_("Scenario"), className="visually-hidden"), scope="col")]
    heads += [html.Th(link, scope="col") for link in links]
    body = [
        html.Tr([html.Th(label, scope="row"), *[html.Td(cell) for cell in cells]])
        for label, *cells in (*question_rows(shown), *number_rows(shown), *area_rows(shown))
    ]
    table = html.Table(
        [html.Caption(title, className="visually-hidden"), html.Thead(html.Tr(heads)), html.Tbody(body)],
        className="plain-table",
    )
    return html.Div(table, className="planspiel-compared", tabIndex="0", role="region", **{"aria-label": title})


def question_rows(shown: Sequence[SavedScenario]) -> Rows:
    """What each asks, and from which day on."""
    months = [_("%(count)s months", count=format_number(one.summary.get("months"))) for one in shown]
    return [
        [_("Asked"), *[question_words(one.summary, one.query) for one in shown]],
        [_("State of"), *[format_date(one.as_of) for one in shown]],
        [_("Look ahead"), *months],
    ]


def number_rows(shown: Sequence[SavedScenario]) -> Rows:
    """The numbers of each, one below the other."""
    columns = [told(one.summary) for one in shown]
    return [[cells[0][0], *[cell[1] for cell in cells]] for cells in zip(*columns, strict=True)]


def area_rows(shown: Sequence[SavedScenario]) -> Rows:
    """Overdue at the end in each area by name, where the scenarios show it."""
    columns = [{(area["kind"], area["key"]): area for area in one.summary.get("areas", [])} for one in shown]
    names = {key: area["name"] for column in columns for key, area in column.items()}
    return [
        [
            _("Overdue at the end in %(area)s", area=names[key]),
            *[_overdue(column.get(key)) for column in columns],
        ]
        for key in sorted(names, key=lambda key: (key[0], names[key]))
    ]


def _overdue(area: dict[str, object] | None) -> str:
    if area is None:
        return MISSING
    after, pairs = area.get("overdue_end_after"), area.get("pairs")
    return _("%(part)s of %(all)s", part=format_number(after), all=format_number(pairs))  # type: ignore[arg-type]
