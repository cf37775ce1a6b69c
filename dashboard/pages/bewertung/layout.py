"""The page: how many are judged or computed, what counts how much, reported errors, and where the two words differ."""

from collections.abc import Sequence
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.assessment_words import axis_name, colour_badge, points_words, what_is_never_counted
from dashboard.components import (
    badge,
    edit_form,
    empty_state,
    export_links,
    page_header,
    panel,
    remote_table,
    tile,
)
from dashboard.components.chart import plain_table
from dashboard.formatting import MISSING, format_date, format_moment, format_number
from dashboard.i18n import code_label, ngettext
from dashboard.i18n import gettext as _
from dashboard.page import PageContext
from dashboard.pages.bewertung.forms import DECIDE, POINTS, THRESHOLD, values_of
from dashboard.pages.bewertung.reports import reports_panel
from dashboard.pages.bewertung.tables import CONTRIBUTIONS, DIFFERENCES
from dashboard.routes import href
from geodata.assessment.reads import Levels, Overview, read_colours, read_overview
from geodata.assessment.reports import Report, read_reports
from geodata.assessment.rule import AXES, Axis
from geodata.assessment.values import StatedContribution, StatedThreshold, StatedValues, read_values

# Parts of the link beside the as-of date: a value or a report whose form is open.
VALUE, REPORT = "value", "report"
PARAMETERS: Final = (VALUE, REPORT)
WRITE: Final = "assessment:write"


def layout(context: PageContext) -> Component:
    """The page, with the form of the link open."""
    with context.deps.asker() as asker:
        stated, colours, overview = read_values(asker), read_colours(asker), read_overview(asker)
        reports = read_reports(asker)
    return html.Div(
        [
            _head(context, overview),
            *_open_form(context, stated, reports),
            _tiles(overview),
            _values_panel(context, stated),
            html.Div([_colours_panel(colours), _thresholds_panel(context, stated)], className="bewertung-pair"),
            reports_panel(reports, context),
            _differences_panel(context, overview),
        ],
        className="page bewertung",
    )


def _head(context: PageContext, overview: Overview) -> Component:
    lead = _(
        "The assessment follows from a closed list of facts: the pressure of the problem and the room to act, each on "
        "levels from 0 to 3. The office's own judgement goes before as long as it is young."
    )
    own = _("Only properties in the areas assigned to you.") if context.scope.has_areas else ""
    if overview.run is not None:
        when = _("Computed on %(moment)s for the state of %(date)s.", moment=format_moment(overview.run.run_at),
                 date=format_date(overview.run.as_of))  # fmt: skip
    else:
        when = _("Nothing is computed yet; the next daily run does it.")
    return page_header(_("Rating of objects"), lead=" ".join(one for one in (lead, when, own) if one))


def _open_form(context: PageContext, stated: StatedValues, reports: Sequence[Report]) -> list[Component]:
    """The form that the link has opened, for who may change something."""
    if not context.scope.allows(WRITE):
        return []
    key, cancel = context.query.get(VALUE, ""), _address(context)
    known: dict[str, StatedContribution | StatedThreshold] = {one.value.code: one for one in stated.contributions}
    known |= {one.code: one for one in stated.thresholds}
    drawn: list[Component] = []
    if key in known:
        one = known[key]
        form = THRESHOLD if isinstance(one, StatedThreshold) else POINTS
        code_list = "assessment_threshold" if isinstance(one, StatedThreshold) else "assessment_contribution"
        about = {"key": key, "expected": str(one.setting_id)}
        drawn = [
            html.H2(code_label(code_list, key)),
            edit_form(form, values=values_of(one), about=about, cancel=cancel),
        ]
    found = next((one for one in reports if one.key == context.query.get(REPORT) and one.state == "open"), None)
    if found is not None:
        about = {"report": found.key, "expected": str(found.id)}
        drawn = [html.H2(found.address), edit_form(DECIDE, about=about, cancel=cancel)]
    return [html.Section(drawn, className="panel bewertung-form")] if drawn else []


def _address(context: PageContext, **more: str) -> str:
    kept = {"as_of": context.query["as_of"]} if context.query.get("as_of") else {}
    return href("/bewertung", {**more, **kept})


def _tiles(overview: Overview) -> Component:
    unit = ngettext("object", "objects", overview.properties)
    of = _("of %(all)s %(unit)s", all=format_number(overview.properties), unit=unit)
    tiles = [
        tile(_("The own judgement counts"), format_number(overview.judged), of),
        tile(_("What is computed counts"), format_number(overview.computed), of),
        tile(_("Too little known"), format_number(overview.unknown), of,
             _("No control has got in lately, and nothing else speaks.")),
        tile(_("Two different colours"), format_number(len(overview.differences)),
             _("of %(all)s with both", all=format_number(overview.compared))),
    ]  # fmt: skip
    return html.Div(tiles, className="tiles")


# --- values -----------------------------------------------------------------------------------------------------------


def _values_panel(context: PageContext, stated: StatedValues) -> Component:
    parts: list[Component] = [html.P(what_is_never_counted(), className="quiet")]
    if any(not one.is_confirmed for one in stated.contributions):
        words = _("What nobody in charge has confirmed yet is a proposal of the program.")
        parts.append(html.P(words, className="quiet"))
    for axis in AXES:
        parts += [html.H3(axis_name(axis), className="bewertung-axis"), _values_table(context, stated, axis)]
    return panel(_("What counts how much"), parts, actions=export_links(CONTRIBUTIONS, context.query))


def _values_table(context: PageContext, stated: StatedValues, axis: Axis) -> Component:
    head = [_("Contribution"), _("Points"), _("Counts for"), _("State")]
    rows = [
        [
            _name(context, one.value.code, "assessment_contribution"),
            points_words(one.value.points),
            _age(one),
            _state(one),
        ]
        for one in stated.contributions
        if one.value.axis == axis
    ]
    return plain_table(head, rows, axis_name(axis))


def _name(context: PageContext, code: str, code_list: str) -> Component | str:
    """The name of a value; for who may change it the link to its form."""
    label = code_label(code_list, code)
    if not context.scope.allows(WRITE):
        return label
    return html.A(label, href=_address(context, value=code), className="qm-link")


def _age(one: StatedContribution) -> str:
    days = one.value.max_age_days
    if days is None:
        return _("as long as it lasts")
    return ngettext("%(count)s day", "%(count)s days", days, count=format_number(days))


def _state(one: StatedContribution | StatedThreshold) -> Component:
    if isinstance(one, StatedContribution) and not one.value.is_active:
        return badge(_("is left out"), kind="warn", shape="triangle")
    if one.is_confirmed:
        return badge(_("confirmed"), kind="good", shape="circle")
    return badge(_("not confirmed yet"))


def _thresholds_panel(context: PageContext, stated: StatedValues) -> Component:
    rows = [[_name(context, one.code, "assessment_threshold"), _value(one), _state(one)] for one in stated.thresholds]
    head = [_("Threshold"), _("Value"), _("State")]
    return panel(_("From where on"), [plain_table(head, rows, _("From where on"))])


def _value(one: StatedThreshold) -> str:
    if one.code.endswith("_days"):
        return ngettext("%(count)s day", "%(count)s days", one.value, count=format_number(one.value))
    return ngettext("%(count)s point", "%(count)s points", one.value, count=format_number(one.value))


def _colours_panel(colours: dict[Levels, str]) -> Component:
    """Which levels give which colour: pressure down, room to act across."""
    head = [_("Pressure"), *(_("Room %(level)s", level=level) for level in range(4))]
    rows = [
        [_("Pressure %(level)s", level=pressure), *(_cell(colours, pressure, room) for room in range(4))]
        for pressure in range(3, -1, -1)
    ]
    return panel(_("Which levels give which colour"), [plain_table(head, rows, _("Which levels give which colour"))])


def _cell(colours: dict[Levels, str], pressure: int, room: int) -> Component | str:
    colour = colours.get((pressure, room))
    return MISSING if colour is None else colour_badge(colour)


# --- differences ------------------------------------------------------------------------------------------------------


def _differences_panel(context: PageContext, overview: Overview) -> Component:
    title = _("Own judgement and computation differ")
    if not overview.differences:
        words = _("Objects of which the office's own judgement and the contributions give two colours stand here.")
        return panel(title, empty_state(_("No difference"), words, level=3))
    note = html.P(
        _("By address. A difference is no error: it says that one of the two knows something that the other does not."),
        className="quiet",
    )
    shown = remote_table(DIFFERENCES, "bewertung-differences", context.query, label=title)
    return panel(
        title, [note, html.Div(shown, className="bewertung-table")], actions=export_links(DIFFERENCES, context.query)
    )
