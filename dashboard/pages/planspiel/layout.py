"""The page: the question on top, the answer in sentences, then chart and tables; what was saved stands at the end."""

from collections.abc import Sequence
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import chart, empty_state, link_button, notice, page_header, panel, plain_table, table_twin
from dashboard.formatting import format_date
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.in_time import read_in_time
from dashboard.page import PageContext
from dashboard.pages.planspiel import figures, ids, tables, words
from dashboard.pages.planspiel.comparison import compared
from dashboard.pages.planspiel.controls import question_form
from dashboard.pages.planspiel.limits import limits_panel
from dashboard.pages.planspiel.question import Asked, area_of
from dashboard.pages.planspiel.run import Stock, answered, asked_of, read_stock
from dashboard.pages.planspiel.saved import kept_panel, opened_panel, read_chosen, save_panel, saved_panel
from dashboard.routes import href
from geodata.access import Asker
from geodata.errors import InvalidFilter
from geodata.scenario.answer import Answer
from geodata.scenario.saved import SavedScenario, read_scenarios

# A past date is computed and not stored: more than other pages may take, because nothing here is asked by passing.
STATEMENT_SECONDS: Final = 10
# So many areas that lose stand open under the city; more of them fold.
_FEW_LOSERS: Final = 12


def layout(context: PageContext) -> Component:
    """The scenario of the link, or saved ones side by side."""
    try:
        content = _compared(context) if context.query.get("compare") else _asked(context)
    except InvalidFilter as refused:
        content = [_unreadable(context, refused)]
    return html.Div([_head(context), *content], className="page planspiel")


def _head(context: PageContext) -> Component:
    """What the page is for, and the ways back to where one came from, with the area and the date."""
    lead = _(
        "What another interval or other teams would mean: what can be kept, what falls overdue, what it would take, "
        "and who would pay for it. Nothing of this changes a rule."
    )
    kept = {"as_of": context.query.get("as_of"), "area": area_of(context.query)}
    actions = [
        link_button(_("Inspections"), href("/kontrollen", kept), symbol="inspection"),
        link_button(_("Rules in force"), href("/regeln", kept), symbol="clock"),
    ]
    return page_header(_("Scenario"), lead=lead, actions=actions)


def _unreadable(context: PageContext, refused: InvalidFilter) -> Component:
    text = _("This part of the link cannot be read: %(part)s.", part=refused.field)
    back = html.A(_("Start anew"), href=href(context.page_path), className="qm-link")
    return notice([text, " ", back], kind="bad")


# --- side by side -----------------------------------------------------------------------------------------------------


def _compared(context: PageContext) -> list[Component]:
    numbers = read_chosen(context.query["compare"])
    found = read_in_time(context.deps, read_scenarios) or ()
    return [compared(numbers, found, context.page_path), saved_panel(found, context.page_path)]


# --- one question -----------------------------------------------------------------------------------------------------


def _asked(context: PageContext) -> list[Component]:
    read = read_in_time(context.deps, lambda asker: _read(asker, context), statement_seconds=STATEMENT_SECONDS)
    if read is None:
        text = _("This takes longer than a page can wait. Please try the usual date.")
        return [notice(text, kind="bad")]
    stock, opened, kept = read
    if "scenario" in context.query and opened is None:
        back = link_button(_("Start anew"), href(context.page_path))
        text = _("It was withdrawn, or the link is mistyped.")
        return [panel(_("Saved scenario"), empty_state(_("There is no such scenario"), text, back, level=3)),
                saved_panel(kept, context.page_path)]  # fmt: skip
    if not stock.start.pairs:
        return [_nothing(), saved_panel(kept, context.page_path)]
    try:
        asked = Asked(context.query, stock, asked_of(stock, _query(context, opened)))
    except InvalidFilter:
        if opened is None:
            raise
        # An area of it is not there any more: its numbers are, and so is what can be done with it.
        return [kept_panel(opened), saved_panel(kept, context.page_path)]
    # The transaction has ended: a simulation must not keep a connection from others.
    found = answered(stock, asked.scenario)
    return [
        *([opened_panel(opened, asked, found)] if opened else []),
        question_form(asked, context.page_path),
        answer_panel(asked, found),
        *([] if opened else [save_panel(asked)]),
        course_panel(asked, found),
        areas_panel(asked, found),
        *([losers_panel(asked, found)] if found.baseline is not found.changed else []),
        offices_panel(asked, found),
        limits_panel(),
        saved_panel(kept, context.page_path),
    ]


def _read(asker: Asker, context: PageContext) -> tuple[Stock, SavedScenario | None, Sequence[SavedScenario]]:
    kept = read_scenarios(asker)
    number = context.query.get("scenario", "")
    opened = next((one for one in kept if str(one.id) == number), None)
    return read_stock(asker, _query(context, opened), context.as_of), opened, kept


def _query(context: PageContext, opened: SavedScenario | None) -> dict[str, str]:
    """The parts of the link; of a saved scenario all but its date, because it is computed anew for the page's."""
    kept = {} if opened is None else {name: value for name, value in opened.query.items() if name != "as_of"}
    return {**context.query, **kept, "as_of": context.as_of.isoformat()}


def _nothing() -> Component:
    text = _(
        "No rule asks for a control of a recorded object on this date. Rules and objects come as deliveries, and rules "
        "can be added on the page of rules; then this page says what a change of them would mean."
    )
    to_rules = link_button(_("Rules in force"), href("/regeln"))
    return panel(_("Answer"), empty_state(_("Nothing is monitored yet"), text, to_rules, level=3))


# --- the answer -------------------------------------------------------------------------------------------------------


def answer_panel(asked: Asked, found: Answer) -> Component:
    """What comes out, in sentences."""
    headlines = [html.P(line, className="planspiel-headline") for line in words.headlines(asked, found)]
    rest = html.Ul([html.Li(line) for line in words.sentences(asked, found)])
    day = html.P(_("State of %(day)s", day=format_date(asked.scenario.as_of)), className="quiet planspiel-note")
    return panel(_("Answer"), html.Div([*headlines, rest, day], className="planspiel-answer"))


def course_panel(asked: Asked, found: Answer) -> Component:
    """Overdue over the months, where the wish is and everywhere else."""
    is_changed = found.baseline is not found.changed
    drawn = [_course(number, curve, is_changed=is_changed) for number, curve in enumerate(figures.curves(asked, found))]
    legend = html.P(_("Dashed: without the change. Solid: with it."), className="quiet planspiel-note")
    courses = html.Div(drawn, className="planspiel-courses")
    return panel(_("Overdue controls over the months"), [*([legend] if is_changed else []), courses])


def _course(number: int, curve: figures.Curve, *, is_changed: bool) -> Component:
    drawn = chart(
        f"{ids.COURSE}-{number}",
        figures.traces(curve, is_changed=is_changed),
        figures.chart_layout(curve, is_changed=is_changed),
        label=figures.chart_label(curve, is_changed=is_changed),
        height_px=figures.HEIGHT_PX,
    )
    head, rows = figures.month_table(curve, is_changed=is_changed)
    heading = html.H3(curve.title, className="planspiel-caption")
    return html.Div([heading, drawn, table_twin(head, rows, curve.title)])


def areas_panel(asked: Asked, found: Answer) -> Component:
    """Each area with and without the change."""
    title = _("By area")
    head, rows = tables.area_table(asked, found)
    note = _("Areas of one kind may overlap; their numbers do not add up to those of the city.")
    return panel(title, [plain_table(head, rows, title), html.P(note, className="quiet planspiel-note")])


def losers_panel(asked: Asked, found: Answer) -> Component:
    """Who pays for the change; that nobody does is said, too."""
    title = _("Who loses")
    if not found.losers:
        return panel(
            title, html.P(_("Nobody: nowhere is more overdue at the end, and on average nobody waits longer."))
        )
    lead = _("Without the controls of the wish itself. Each pair of numbers: without → with the change.")
    city = [one for one in found.losers if one.area_id is None]
    areas = [one for one in found.losers if one.area_id is not None]
    by_area = _("By area (%(kind)s)", kind=code_label("area_kind", asked.scenario.kind))
    is_long = bool(city) and len(areas) > _FEW_LOSERS
    parts = [
        *([plain_table(*tables.loser_table(asked, city), title)] if city else []),
        *([html.H3(by_area, className="planspiel-caption")] if areas else []),
        *([(table_twin if is_long else plain_table)(*tables.loser_table(asked, areas), by_area, numbers_from=2)]
          if areas else []),
    ]  # fmt: skip
    return panel(title, [html.P(lead, className="quiet planspiel-lead"), *parts])


def offices_panel(asked: Asked, found: Answer) -> Component:
    """Rounds per week: possible and needed, by who has to join them."""
    title = _("Capacity used and needed")
    head = (
        _("Who"), _("Rounds per week possible"), _("needed by the rules"), _("needed with the wishes"),
        _("needed of possible"),
    )  # fmt: skip
    note = _(
        "What exceeds the possible cannot be kept in the long run. Offices stand here once you say what they can join."
    )
    shown = plain_table(head, tables.office_rows(asked, found), title)
    return panel(title, [shown, html.P(note, className="quiet planspiel-note")])
