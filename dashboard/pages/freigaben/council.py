"""What a released state tells of resolutions and of a scenario, as tables; the same in the preview and afterwards."""

from dash import html
from dash.development.base_component import Component

from dashboard import target_words as words
from dashboard.components import panel
from dashboard.formatting import MISSING, format_date, format_number
from dashboard.i18n import gettext as _
from dashboard.released import HELD_BACK, View, said
from dashboard.released_scenario import projection_note, scenario_facts, wish_words
from geodata.publishing.publication import PublishedScenario, ScenarioArea
from geodata.publishing.published_figures import CITY


def parts(view: View) -> list[Component]:
    """The panels of what there is of both."""
    found = []
    if view.goals:
        found.append(panel(_("Resolution and state"), resolution_table(view)))
    if view.scenario is not None:
        found.append(panel(_("Scenario: %(name)s", name=view.scenario.name), scenario_parts(view, view.scenario)))
    return found


def resolution_table(view: View) -> Component:
    """One row for each resolution, in the order of the slides."""
    names = [
        _("Resolution"),
        _("What was decided"),
        _("Target"),
        _("Value"),
        _("How it stands"),
        _("Since the last release"),
    ]
    rows = [
        html.Tr(
            [
                html.Th([goal.reference, html.Div(format_date(goal.decided_on), className="quiet")], scope="row"),
                html.Td([goal.title, html.Div(words.measured_words(goal), className="quiet")]),
                html.Td(words.bound_words(goal)),
                html.Td(_value(goal)),
                html.Td([words.state_badge(goal.state), html.Div(_missing(goal), className="quiet")]),
                html.Td(words.change_words(goal)),
            ]
        )
        for goal in view.goals
    ]
    return _table(names, rows, _("Resolution and state"), class_name="freigaben-goals")


def scenario_parts(view: View, one: PublishedScenario) -> list[Component]:
    """What is asked, what it would take, and what it means for each area by name."""
    facts = [
        html.Li(text) for text in [*scenario_facts(one), *(wish_words(wish) for wish in view.content.scenario_wishes)]
    ]
    return [
        html.Ul(facts, className="freigaben-note"),
        scenario_table(view, one),
        html.P(projection_note(view), className="quiet freigaben-note"),
    ]


def scenario_table(view: View, one: PublishedScenario) -> Component:
    """Overdue controls at the end and visits per house and year, without and with the change."""
    names = [
        _("Area"),
        _("Overdue without"),
        _("Overdue with"),
        _("Visits per house without"),
        _("Visits per house with"),
        "",
    ]
    rows = {
        (area.kind, area.area_key): html.Tr([html.Th(said(area.place), scope="row"), *_cells(view, area)])
        for area in view.content.scenario_areas
    }
    foot = rows.pop(CITY, None)
    caption = _("Scenario: %(name)s", name=one.name)
    return _table(names, list(rows.values()), caption, numbers=range(1, 5), foot=foot, class_name="freigaben-scenario")


def _cells(view: View, area: ScenarioArea) -> list[Component]:
    if area.is_held_back:
        spoken = html.Span(_("held back"), className="visually-hidden")
        dot = [html.Span(HELD_BACK, **{"aria-hidden": "true"}), spoken]
        return [*[html.Td(dot, className="number freigaben-dot") for _column in range(4)], html.Td("")]
    counts = [view.projected(value) for value in (area.overdue_before, area.overdue_after)]
    visits = [
        MISSING if value is None else format_number(float(value), decimals=1)
        for value in (area.visits_before, area.visits_after)
    ]
    loses = words.loses_badge() if area.loses else ""
    return [*[html.Td(text, className="number") for text in (*counts, *visits)], html.Td(loses)]


def _value(goal: words.Goal) -> list[Component | str]:
    counted = [html.Div(goal.counted, className="quiet")] if goal.counted else []
    return [html.Strong(words.value_words(goal)), *counted]


def _missing(goal: words.Goal) -> str:
    return words.missing_words(goal) if goal.state != "reached" else ""


def _table(
    names: list[str],
    rows: list[Component],
    caption: str,
    *,
    class_name: str,
    numbers: range = range(0),
    foot: Component | None = None,
) -> Component:
    head = [
        html.Th(name, scope="col", className="number" if at in numbers else None) if name else html.Td("")
        for at, name in enumerate(names)
    ]
    table = html.Table(
        [
            html.Caption(caption, className="visually-hidden"),
            html.Thead(html.Tr(head)),
            html.Tbody(rows),
            *([html.Tfoot(foot)] if foot else []),
        ],
        className=f"plain-table {class_name}",
    )
    return html.Div(table, className="freigaben-scroll", tabIndex="0", role="region", **{"aria-label": caption})
