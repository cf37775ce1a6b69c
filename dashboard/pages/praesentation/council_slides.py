"""The slides "Resolution and state" and "Scenario", for released states that have them."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard import target_words as words
from dashboard.formatting import format_date, format_number
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.released import HELD_BACK, View, said
from dashboard.released_scenario import scenario_facts, wish_words
from dashboard.target_words import Goal
from geodata.publishing.publication import ScenarioArea
from geodata.publishing.published_figures import CITY

# What can be read from ten metres: two by two. The others stand on the page of released states.
MOST_GOALS = 4
MOST_AREAS = 7
MOST_WISHES = 2
# Under so many lines of the table (the city is one of them) there is room for what the numbers are.
AREAS_WITH_NOTE = 5
# Letters of three lines beside the bar: a longer title stands alone, and what is longer still is cut off.
TITLE_LENGTH = 72


def goals(view: View) -> list[Component]:
    """The resolutions that run, the next to end first; how many more there are."""
    shown = view.goals[:MOST_GOALS]
    more = len(view.goals) - len(shown)
    rest = [html.P(_("and %(count)s more in the list", count=format_number(more)), className="slide-quiet")]
    return [html.Ul([html.Li(_goal(one)) for one in shown], className="slide-goals"), *(rest if more else [])]


def _goal(goal: Goal) -> list[Component]:
    """What was decided, the value against its target, and how it stands: three columns."""
    # The title mostly names the place already, and a slide has no room to say it twice.
    is_said = goal.is_of_city or goal.place.casefold() in goal.title.casefold()
    has_room = len(goal.title) + len(goal.place) <= TITLE_LENGTH
    place = [] if is_said or not has_room else [" ", html.Span(goal.place, className="slide-quiet")]
    decided = html.P([html.Strong(goal.title), *place], className="slide-goal-title")
    until = _("until %(day)s", day=format_date(goal.target.until_on))
    when = html.P(f"{until} · {goal.reference}", className="slide-quiet slide-area")
    return [decided, html.Div([*_measured(goal), when]), html.Div(_state(goal))]


def _state(goal: Goal) -> list[Component]:
    is_told = goal.value is not None
    label = code_label("target_state", goal.state) if is_told else goal.hidden
    state = html.P([words.shape_of(goal.state), html.Span(label)], className=f"slide-goal-state target-{goal.state}")
    return [state, html.P(words.change_short(goal), className="slide-quiet")] if is_told else [state]


def _measured(goal: Goal) -> list[Component]:
    bound = code_label("target_direction", goal.target.direction)
    target = html.Span(f"{bound} {words.amount(goal.target.value, goal.unit)}", className="slide-quiet")
    if goal.value is None:
        return [html.P(target)]
    drawn = words.bar(goal, "target-bar")
    value = html.P([html.Strong(words.value_words(goal)), target], className="slide-goal-numbers")
    return [value, *([drawn] if drawn is not None else [])]


def scenario(view: View) -> list[Component]:
    """What is asked and what it would take; without and with it by area, who loses named."""
    one = view.scenario
    if one is None:
        return []
    wishes = view.content.scenario_wishes
    lines = [*(wish_words(wish) for wish in wishes[:MOST_WISHES]), *scenario_facts(one)]
    more = len(wishes) - MOST_WISHES
    rest = [html.P(_("and %(count)s more in the list", count=format_number(more)), className="slide-quiet")]
    left = [
        html.H3(one.name, className="slide-sub slide-scenario-name"),
        *(html.P(line) for line in lines),
        *(rest if more > 0 else []),
    ]
    right = [html.H3(_("Overdue controls at the end"), className="slide-sub"), _table(view), _losers(view)]
    areas = view.content.scenario_areas
    if len(areas) <= AREAS_WITH_NOTE:
        notes = [_("Projected for the end of the period, rounded.")]
        notes += [_("• held back")] if any(area.is_held_back for area in areas) else []
        right.append(html.P(" ".join(notes), className="slide-quiet"))
    return [html.Div(left, className="slide-side"), html.Div(right, className="slide-side slide-scenario-areas")]


def _table(view: View) -> Component:
    """The areas by name, never by number; the city stands in the last line."""
    areas = [one for one in view.content.scenario_areas if (one.kind, one.area_key) != CITY]
    city = [one for one in view.content.scenario_areas if (one.kind, one.area_key) == CITY]
    names = (_("Area"), _("without"), _("with"))
    head = [html.Th(name, scope="col", className="number" if at else None) for at, name in enumerate(names)]
    rest = _more(len(areas))
    return html.Table(
        [
            html.Thead(html.Tr(head)),
            html.Tbody([*(_row(view, one) for one in areas[:MOST_AREAS]), *rest]),
            html.Tfoot([_row(view, one) for one in city]),
        ],
        className="slide-scenario-table",
    )


def _more(count: int) -> list[Component]:
    if count <= MOST_AREAS:
        return []
    text = _("and %(count)s more in the list", count=format_number(count - MOST_AREAS))
    return [html.Tr(html.Td(text, colSpan=3, className="slide-quiet"))]


def _row(view: View, area: ScenarioArea) -> Component:
    values = [
        HELD_BACK if area.is_held_back else view.projected(value) for value in (area.overdue_before, area.overdue_after)
    ]
    mark = [html.Span(className="shape shape-triangle", **{"aria-hidden": "true"}), " "] if area.loses else []
    cells = [html.Td(values[0], className="number"), html.Td([*mark, values[1]], className="number")]
    return html.Tr([html.Th(said(area.place), scope="row"), *cells])


def _losers(view: View) -> Component:
    """Who loses, by name; that nobody does is said, too."""
    losers = [said(one.place) for one in view.content.scenario_areas if one.loses and (one.kind, one.area_key) != CITY]
    if not losers:
        return html.P(_("In no area that is shown is more overdue with the change."))
    return html.P(_("More overdue with the change: %(areas)s", areas=_listed(losers)))


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:MOST_AREAS])
    more = len(names) - MOST_AREAS
    return shown if more <= 0 else _("%(names)s and %(count)s more", names=shown, count=format_number(more))
