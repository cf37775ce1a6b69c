"""The view of intervals: how far apart inspections of one kind really are, against the rule, by area and by year."""

from dash import html
from dash.development.base_component import Component

from dashboard.components import chart, empty_state, panel, table_twin
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.in_time import Part
from dashboard.pages.kontrollen import ids, interval_figures, spread_figures
from dashboard.pages.kontrollen.links import scenario_link
from dashboard.pages.kontrollen.parts import (
    Shown,
    answer,
    explained,
    kind_links,
    no_areas,
    notes,
    nothing,
    shown_type,
    silent,
    type_links,
)
from geodata.access import Asker
from geodata.course.achieved_reads import read_achieved, read_achieved_by_area, read_achieved_by_year, read_types
from geodata.course.reads import read_rule_days_by_year


def view(shown: Shown) -> tuple[Part, list[Part]]:
    """The answer and the parts of this view."""
    on_top: Part = (_("Usual interval"), lambda asker: usual(asker, shown))
    parts: list[Part] = [
        (_("How far apart inspections are"), lambda asker: achieved(asker, shown)),
        (_("By area"), lambda asker: by_area(asker, shown)),
        (_("By year"), lambda asker: by_year(asker, shown)),
    ]
    return on_top, parts


def usual(asker: Asker, shown: Shown) -> Component:
    """The usual interval and what the rules ask for, of the type of control that is chosen here."""
    chosen = shown.question.chosen
    types = read_types(asker, chosen)
    if not types:
        return panel(_("Usual interval"), nothing(chosen))
    kind = shown_type(types, shown.question)
    found = read_achieved(asker, chosen, kind.control_type)
    # Each type that is read here has a rule: without one it would have no pair.
    shortest_days = min(one.interval_days for one in found.by_rule)
    what_if = scenario_link(shown.context, shown.question, kind.control_type, shortest_days)
    name, longest_days = code_label("control_type", kind.control_type), max(one.interval_days for one in found.by_rule)
    lines = spread_figures.lead_words(name, found.intervals, (shortest_days, longest_days))
    return html.Div([type_links(shown, types, kind), answer(lines, what_if)])


def achieved(asker: Asker, shown: Shown) -> Component:
    """The distribution of achieved intervals of one type of control against its rules."""
    title, chosen = _("How far apart inspections are"), shown.question.chosen
    types = read_types(asker, chosen)
    if not types:
        return silent()
    kind = shown_type(types, shown.question)
    found = read_achieved(asker, chosen, kind.control_type)
    if not found.intervals.days.size:
        text = _("An interval begins with an inspection that reached the required access. There is none so far.")
        return panel(title, empty_state(_("No interval yet"), text, level=3))
    words = interval_figures.achieved_words(found, kind.never)
    drawn = chart(
        ids.ACHIEVED,
        interval_figures.achieved_traces(found.intervals),
        interval_figures.achieved_layout(found),
        label=f"{title}: {code_label('control_type', kind.control_type)}. {' '.join(words)}",
        height_px=320,
    )
    # The first sentence stands in the answer already; only the name of the chart says it once more.
    said = html.Ul([html.Li(one) for one in words[1:]], className="kontrollen-words")
    twin = table_twin(interval_figures.class_head(), interval_figures.class_rows(found.intervals), title)
    return panel(title, [said, drawn, explained(shown, "achieved_interval_median"), twin])


def by_area(asker: Asker, shown: Shown) -> Component:
    """A line for each area of one kind, by name: kinds overlap and are never summed together."""
    title, kind, chosen = _("By area"), shown.kind, shown.question.chosen
    if kind is None:
        return no_areas(title)
    types = read_types(asker, chosen)
    if not types:
        return silent()
    control_type = shown_type(types, shown.question).control_type
    lines = spread_figures.by_area(read_achieved_by_area(asker, chosen, control_type, kind))
    words = _("Intervals against the rule by area: %(type)s", type=code_label("control_type", control_type))
    drawn = spread_panel(ids.BY_AREA, lines, words, code_label("area_kind", kind))
    said = notes([reading_words(), interval_figures.overlap_words()])
    return panel(title, [kind_links(shown, kind), *drawn, *said, explained(shown, "achieved_interval_median")])


def by_year(asker: Asker, shown: Shown) -> Component:
    """A line for each year in which intervals began."""
    title, chosen = _("By year"), shown.question.chosen
    types = read_types(asker, chosen)
    if not types:
        return silent()
    control_type = shown_type(types, shown.question).control_type
    found = read_achieved_by_year(asker, chosen, control_type)
    lines = spread_figures.by_year(found, read_rule_days_by_year(asker, chosen, control_type))
    if not lines:
        return silent()
    words = _("Intervals against the rule by the year of their begin: %(type)s", type=_label(control_type))
    note = _("The latest years have mostly intervals that are still open; what is usual there shows later.")
    return panel(title, [*spread_panel(ids.BY_YEAR, lines, words, _("Begin in")), *notes([note])])


def reading_words() -> str:
    """How to read a line of the chart."""
    return _(
        "How to read it: the dot is the usual interval, the bracket its 95 % band, the bar the middle half of the "
        "intervals, the upright line the rule. A dot to the right of the line means: mostly later than the rule asks."
    )


def _label(control_type: str) -> str:
    return code_label("control_type", control_type)


def spread_panel(name: str, lines: list[spread_figures.Spread], words: str, first: str) -> list[Component]:
    """The chart of spreads with its name and its table; only the table where nothing can be drawn."""
    drawn = chart(
        name,
        spread_figures.spread_traces(lines),
        spread_figures.spread_layout(lines),
        label=words,
        height_px=spread_figures.spread_height_px(lines),
    )
    heading = html.H3(words, className="kontrollen-caption")
    rows = spread_figures.spread_rows(lines)
    return [heading, *([drawn] if lines else []), table_twin(spread_figures.spread_head(first), rows, words)]
