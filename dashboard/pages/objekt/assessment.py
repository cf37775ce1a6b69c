"""The panel of the assessment: what counted how much and how old it is, whose word counts, its history, and reports."""

from collections.abc import Mapping, Sequence
from datetime import date

from dash import html
from dash.development.base_component import Component

from dashboard.assessment_words import colour_badge, computed_view, contribution_name, what_is_never_counted
from dashboard.components import icon, notice, panel
from dashboard.formatting import format_date, format_moment, format_number
from dashboard.i18n import code_label, ngettext
from dashboard.i18n import gettext as _
from dashboard.pages.objekt.actions import FORM, Links
from dashboard.pages.objekt.contents import Contents
from dashboard.pages.objekt.forms import REPORT
from dashboard.routes import href
from geodata.access import Scope
from geodata.assessment.reads import Explanation, frozen
from geodata.assessment.reports import Report
from geodata.assessment.rule import AXES
from geodata.property_detail import AssessmentEvent


def assessment_panel(contents: Contents, scope: Scope, links: Links, as_of: date) -> list[Component]:
    """The panel as a list of one; nothing for who may not see proceedings."""
    if not scope.allows("proceeding:read"):
        return []
    found = contents.explanation
    parts = [
        *(_explained_at(found, as_of) if found else [html.P(_not_computed(contents), className="quiet")]),
        *_history(contents.assessments),
        *_reports(contents.reports),
    ]
    return [panel(_("How the assessment comes about"), parts, actions=_actions(scope, links), id="bewertung")]


def _actions(scope: Scope, links: Links) -> list[Component]:
    query = {"as_of": links.query.get("as_of")}
    weights = html.A(_("What counts how much"), href=href("/bewertung", query), className="qm-link")
    if not scope.allows(REPORT.permission):
        return [weights]
    tell = html.A(
        [icon("flag"), _("Report an error")], href=links.page(**{FORM: REPORT.key}), className="button qm-link"
    )
    return [weights, tell]


def _not_computed(contents: Contents) -> str:
    if contents.detail.closed_on is not None:
        return _("This object is closed, so nothing is computed any more. What was computed before stands below.")
    return _(
        "Nothing is computed for this object: hints and suspicions are not assessed yet, and a new object is computed "
        "with the next run."
    )


# --- whose word counts, and what the list gives -----------------------------------------------------------------------


def _explained_at(found: Explanation, as_of: date) -> list[Component]:
    """Of a day before the last run the page tells what stood then, and nothing that is known only since."""
    if as_of >= found.as_of:
        return _explained(found)
    words = [_("What was computed on earlier days stands in the history."), what_is_never_counted()]
    return [html.P(" ".join(words), className="quiet")]


def _explained(found: Explanation) -> list[Component]:
    parts: list[Component] = [_whose_word(found)]
    if found.differs:
        parts.append(notice(_differing(found)))
    if found.computed is None:
        days = format_number(found.values.values.thresholds["known_days"])
        parts.append(
            html.P(
                _("Too little is known to compute it: no control has got in within the last %(days)s days.", days=days)
            )
        )
    else:
        levels = {axis: found.values.values.levels_from(axis) for axis in AXES}
        parts.append(computed_view(found.computed, levels))
    return [*parts, html.P(_footnote(found), className="quiet assessment-note")]


def _whose_word(found: Explanation) -> Component:
    days = format_number(found.values.values.thresholds["judgement_days"])
    if found.judged is not None and found.is_judged:
        words = _("The office's own judgement of %(date)s counts until %(end)s.",
                  date=format_date(found.judged.valid_on), end=format_date(found.judged_until))  # fmt: skip
        return html.P([colour_badge(found.judged_colour), html.Span(words)], className="assessment-word")
    if found.computed is None:
        return html.P(_("The last assessment stays."), className="assessment-word")
    words = _("What is computed counts, because nobody has judged this object.")
    if found.judged is not None:
        words = _(
            "What is computed counts, because the office's own judgement of %(date)s is older than %(days)s days.",
            date=format_date(found.judged.valid_on), days=days,
        )  # fmt: skip
    return html.P([colour_badge(found.computed_colour), html.Span(words)], className="assessment-word")


def _differing(found: Explanation) -> list[Component | str]:
    if found.is_judged:
        return [_("The contributions alone would give another colour:"), " ", colour_badge(found.computed_colour)]
    return [_("The office's own judgement was another one:"), " ", colour_badge(found.judged_colour)]


def _footnote(found: Explanation) -> str:
    sentences = [
        _("Computed on %(moment)s for the state of %(date)s.",
          moment=format_moment(found.run_at), date=format_date(found.as_of)),
    ]  # fmt: skip
    if any(not one.is_confirmed for one in found.values.contributions):
        sentences.append(_("The points are proposals and not confirmed yet."))
    return " ".join([*sentences, what_is_never_counted()])


# --- history and reports ----------------------------------------------------------------------------------------------


def _history(events: Sequence[AssessmentEvent]) -> list[Component]:
    in_force = [one for one in events if one.history.is_current]
    if not in_force:
        return []
    title = ngettext("History: %(count)s assessment", "History: %(count)s assessments", len(in_force),
                     count=format_number(len(in_force)))  # fmt: skip
    listed = html.Ol([html.Li(_past(one)) for one in in_force], className="assessment-history")
    return [html.Details([html.Summary([html.Span(title), icon("chevron")]), listed], className="objekt-rule")]


def _past(event: AssessmentEvent) -> list[Component]:
    computed = frozen(event.contributions)
    head = html.P(
        [
            html.Time(format_date(event.valid_on), dateTime=event.valid_on.isoformat()),
            colour_badge(event.colour),
            html.Span(_("computed") if computed else _("the office's own judgement"), className="quiet"),
        ],
        className="assessment-word",
    )
    levels = _("Pressure of the problem %(pressure)s of 3, room to act %(room)s of 3",
               pressure=event.pressure, room=event.room_to_act)  # fmt: skip
    if computed is None:
        source = [html.P(_("Rests on: %(source)s", source=event.source), className="quiet")] if event.source else []
        return [head, html.P(levels), *source]
    why = html.Details([html.Summary([html.Span(levels), icon("chevron")]), computed_view(computed, level=4)])
    return [head, why]


def _reports(reports: Sequence[Report]) -> list[Component]:
    if not reports:
        return []
    return [
        html.H3(_("Reported errors"), className="assessment-heading"),
        html.Ul([html.Li(report_lines(one)) for one in reports], className="assessment-reports"),
    ]


def report_lines(one: Report) -> list[Component]:
    """A report in lines: what is wrong, since when, and what became of it."""
    told: Mapping[str, str | None] = {
        "problem": f"{contribution_name(one.contribution)}: {code_label('report_problem', one.problem)}",
        "note": one.note,
        "decision": None if one.reason is None else code_label("report_reason", one.reason),
        "decision_note": one.decision_note,
    }
    day = one.decided_on or one.reported_on
    head = f"{code_label('report_state', one.state)} ({format_date(day)})"
    return [html.P([html.Strong(head)]), *(html.P(words) for words in told.values() if words)]
