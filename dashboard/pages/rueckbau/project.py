"""One project: all its stages with plan and reality, the progress computed before the reader's eyes, its property."""

from collections.abc import Sequence
from datetime import date

from dash import html
from dash.development.base_component import Component

from dashboard.components import badge, empty_state, icon, link_button, panel, table_twin, tile
from dashboard.formatting import MISSING, format_amount, format_date, format_money, format_percent
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.page import PageContext
from dashboard.pages.rueckbau import evidence, ids, links, panels, rows, selection, stage_forms, words
from dashboard.pages.rueckbau.forecasts import forecasts_of, key_of
from dashboard.routes import href
from geodata.access import Asker
from geodata.demolitions import Project, Stage, read_stage_kinds
from geodata.edits.projects import stage_versions
from geodata.projects.forecast import Forecast

_OPENING = (ids.PROJECT, ids.PROPERTY, ids.FORM)


def project_page(asker: Asker, project: Project, known: Sequence[Project], context: PageContext) -> Component:
    """The page of one project; its forecast follows from all projects that the account may see."""
    as_of = context.as_of
    ahead = forecasts_of([project], known, as_of).get(key_of(project))
    versions = stage_versions(asker, project.property_id, project.key)
    return html.Article(
        [
            _head(project, context),
            _tiles(project, ahead, as_of),
            *stage_forms.opened(project, context, versions),
            _course(project, as_of),
            _stages(project, context),
            panels.rule(read_stage_kinds(asker)),
            *evidence.around(asker, project, context),
        ],
        className="page rueckbau",
    )


def not_one(found: Sequence[Project], context: PageContext) -> Component:
    """What somebody reads who asked for a project that does not exist, or whose key two properties have."""
    if not found:
        text = _(
            "There is no project with this key on %(date)s that your account may see. The key may be mistyped, the "
            "project may lie in an area that is not assigned to you, or it was decided later.",
            date=format_date(context.as_of),
        )
        back = link_button(_("All projects"), href("/rueckbau", _without_project(context)), symbol="demolition")
        return html.Div(empty_state(_("Project not found"), text, back, level=1), className="page rueckbau")
    named = [html.Li(links.project_link(one, found, context.query)) for one in found]
    text = _("Several properties have a project with this key. Which one is meant?")
    heading = html.H1(_("Several projects"), className="page-title")
    return html.Div([heading, html.P(text), html.Ul(named)], className="page rueckbau")


def _without_project(context: PageContext) -> dict[str, str]:
    return {name: value for name, value in context.query.items() if name not in _OPENING}


def _head(project: Project, context: PageContext) -> Component:
    back = html.A(
        [icon("back"), _("All projects")],
        href=href("/rueckbau", _without_project(context)),
        className="rueckbau-back qm-link",
    )
    marks: list[Component] = [words.status_badge(project)]
    if project.is_blocked:
        marks.append(html.Span(words.blocker_text(project.blocker, project.blocked_since_on)))
    if project.ended_on is not None:
        marks.append(html.Span(_("on %(date)s", date=format_date(project.ended_on))))
    marks.append(html.Span([html.Span(_("Project"), className="quiet"), " ", html.Code(project.key)]))
    if project.programme:
        marks.append(html.Span([html.Span(_("Programme"), className="quiet"), " ", project.programme]))
    if project.decided_on:
        decided = format_date(project.decided_on)
        marks.append(html.Span([html.Span(_("Decided on"), className="quiet"), " ", decided]))
    marks.append(_release(project.released_to))
    kept = {name: context.query[name] for name in ("as_of", "lang") if name in context.query}
    to_property = link_button(_("To the object"), href(f"/objekt/{project.property_id}", kept), symbol="house")
    actions = [to_property, evidence.proceedings_link(project, context)]
    if stage_forms.is_open(project, context):
        actions.append(stage_forms.end_link(context))
    title = html.H1(project.address, className="page-title")
    return html.Header(
        [
            html.Div([back, title, html.Div(marks, className="rueckbau-marks")]),
            html.Div(actions, className="page-actions"),
        ],
        className="page-head",
    )


def _release(released_to: str | None) -> Component:
    if released_to == "public":
        return badge(_("released by name to the public"), kind="good", shape="circle")
    if released_to == "council":
        return badge(_("released by name to the council"), shape="ring")
    return badge(_("not released by name"), shape="dash")


def _tiles(project: Project, ahead: Forecast | None, as_of: date) -> Component:
    planned_eur, actual_eur = selection.costs(project)
    required = [stage for stage in project.stages if stage.is_required]
    done = [stage for stage in required if stage.is_done(as_of)]
    is_down = project.demolished_on is not None
    parts = [
        tile(
            _("Progress"),
            format_percent(project.progress),
            hint=_("%(done)s of %(required)s required stages done", done=len(done), required=len(required)),
        ),
        tile(
            _("Demolition planned"),
            format_date(project.planned_demolition_on),
            hint=_("Planned end of the demolition itself."),
        ),
        tile(_("Demolished on"), format_date(project.demolished_on), hint=None if is_down else _("not yet")),
        *_ahead_tile(project, ahead),
        tile(_("Against the plan"), *words.slip_parts(project.slip_days), hint=_slip_hint(project)),
        tile(_("Cost planned"), format_money(planned_eur), hint=_("Sum of the required stages that name a cost.")),
        tile(_("Cost so far"), format_money(actual_eur), hint=_cost_hint(planned_eur, actual_eur)),
    ]
    return html.Div(parts, className="tiles rueckbau-facts")


def _ahead_tile(project: Project, ahead: Forecast | None) -> list[Component]:
    """When the project is likely to be completed, with its band; nothing for one that is over."""
    if project.status != "running":
        return []
    if ahead is None or ahead.completed_on is None:
        hint = _("Too few own examples, and the plan has no dates.")
        return [tile(_("End expected"), MISSING, hint=hint)]
    early, middle, late = (format_date(day) for day in ahead.completed_on)
    if ahead.is_open_ended:
        hint = _("the earliest day: something holds it up, or a stage has outlasted all examples")
        return [tile(_("End expected"), middle, hint=hint)]
    return [tile(_("End expected"), middle, hint=_("band %(first)s to %(last)s", first=early, last=late))]


def _slip_hint(project: Project) -> str:
    if project.status == "ended":
        return _("The project ended; its plan no longer counts.")
    if project.slip_days is None:
        return _("The plan names no dates.")
    return _("Delay of the last completed stage, or of an open one where that is larger.")


def _cost_hint(planned_eur: float | None, actual_eur: float | None) -> str | None:
    if not planned_eur or actual_eur is None:
        return None
    return _("%(share)s of the planned cost", share=format_percent(actual_eur / planned_eur))


def _course(project: Project, as_of: date) -> Component:
    is_running = project.status == "running"
    drawn = [rows.stage_row(stage, as_of, is_running=is_running) for stage in project.stages]
    picture = panels.gantt_chart(
        ids.STAGES, drawn, as_of, label=_("Plan and course of the stages; the table below says the same")
    )
    body = [[row.name, *panels.plan_cells(row, is_ahead=False)] for row in drawn]
    twin = table_twin(
        panels.plan_heads(_("Stage"), is_ahead=False), body, _("Plan and course of the stages"), numbers_from=9
    )
    return panel(_("Plan and course of the stages"), [panels.gantt_key(("plan", "actual", "blocked")), picture, twin])


# --- stages and progress ----------------------------------------------------------------------------------------------


def _stages(project: Project, context: PageContext) -> Component:
    """All stages, and under them the sum that gives the progress."""
    names = (
        _("Stage"), _("Where it stands"), _("Planned"), _("Actual"), _("Cost planned"), _("Cost so far"),
        _("Weight"), _("counts as done"),
    )  # fmt: skip
    heads = [html.Th(name, scope="col", className="number" if at > 3 else None) for at, name in enumerate(names)]
    as_of, can_enter = context.as_of, stage_forms.is_open(project, context)
    lines = [
        _stage_line(stage, names, as_of, stage_forms.stage_link(stage, context) if can_enter else None)
        for stage in project.stages
    ]
    table = html.Table(
        [html.Thead(html.Tr(heads)), html.Tbody(lines), html.Tfoot(_sum_line(project, as_of))],
        className="plain-table rueckbau-stages",
    )
    scrolled = html.Div(table, className="rueckbau-scroll", role="region", tabIndex="0", **{"aria-label": _("Stages")})
    return panel(_("Stages and how the progress comes about"), [_sum_words(project, as_of), scrolled])


def _stage_line(stage: Stage, names: Sequence[str], as_of: date, enter: Component | None) -> Component:
    is_done = stage.is_required and stage.is_done(as_of)
    cells = [
        words.stage_text(stage, as_of),
        words.days_text(stage.planned_start_on, stage.planned_end_on),
        words.days_text(stage.actual_start_on, stage.actual_end_on),
        format_amount(stage.cost_planned_eur),
        format_amount(stage.cost_actual_eur),
        panels.weight_text(stage.weight) if stage.is_required else _("does not count"),
        panels.weight_text(stage.weight if is_done else 0) if stage.is_required else MISSING,
    ]
    data = [
        html.Td(cell, className=_cell_class(at, cell), **{"data-label": names[at]})
        for at, cell in enumerate(cells, start=1)
    ]
    name = [_stage_sign(stage, as_of), code_label("demolition_stage", stage.code)]
    heading = html.Th([*name, *([" ", enter] if enter else [])], scope="row")
    return html.Tr([heading, *data], className=None if stage.is_required else "rueckbau-left-out")


def _cell_class(column: int, cell: str) -> str:
    """Numbers flush right, days on one line; what is empty takes no room on a phone."""
    kind = "number" if column > 3 else "days" if column > 1 else "words"
    return f"{kind} nothing" if cell == MISSING else kind


def _stage_sign(stage: Stage, as_of: date) -> Component:
    """The sign of the line; the words beside it say the same."""
    if not stage.is_required:
        name = "dash"
    elif stage.is_done(as_of):
        name = "square"
    elif stage.blocker_at(as_of) is not None:
        name = "diamond"
    else:
        name = "circle" if stage.is_started(as_of) else "ring"
    return html.Span(className=f"shape shape-{name} rueckbau-sign-{name}", **{"aria-hidden": "true"})


def weights(project: Project, as_of: date) -> tuple[float, float]:
    """The sum of the weights of the completed stages and that of the required ones."""
    required = [stage for stage in project.stages if stage.is_required]
    return sum(stage.weight for stage in required if stage.is_done(as_of)), sum(stage.weight for stage in required)


def _sum_line(project: Project, as_of: date) -> Component:
    done, required = weights(project, as_of)
    return html.Tr(
        [
            html.Th(_("Sum of the required stages"), scope="row", colSpan=6),
            html.Td(panels.weight_text(required), className="number", **{"data-label": _("Weight")}),
            html.Td(panels.weight_text(done), className="number", **{"data-label": _("counts as done")}),
        ]
    )


def _sum_words(project: Project, as_of: date) -> Component:
    done, required = weights(project, as_of)
    text = _(
        "Weights of the completed stages %(done)s ÷ weights of the required stages %(required)s = %(share)s progress.",
        done=panels.weight_text(done),
        required=panels.weight_text(required),
        share=format_percent(project.progress),
    )
    return html.P(text, className="rueckbau-sum")
