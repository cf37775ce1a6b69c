"""The forecast of running projects as the page shows it: by key, in words, with the method that it follows."""

from collections.abc import Mapping, Sequence
from datetime import date

from dash import html
from dash.development.base_component import Component

from dashboard.components import icon, plain_table
from dashboard.formatting import MISSING, format_date, format_days, format_number
from dashboard.i18n import code_label, ngettext
from dashboard.i18n import gettext as _
from geodata.demolitions import Project
from geodata.projects.forecast import LEAST_OWN, Band, Duration, Forecast, forecast, stage_durations

Key = tuple[int, str]


def key_of(project: Project) -> Key:
    """What tells two projects apart: two properties may have projects of one key."""
    return project.property_id, project.key


def forecasts_of(projects: Sequence[Project], known: Sequence[Project], as_of: date) -> dict[Key, Forecast]:
    """The forecasts of those projects that run; durations are those of all projects that the account may see."""
    durations = stage_durations(known, as_of)
    found = {key_of(one): forecast(one, durations, as_of) for one in projects if one.status == "running"}
    return {key: ahead for key, ahead in found.items() if ahead is not None}


def band_text(band: Band | None, *, is_open_ended: bool) -> str:
    """The middle of a band with both its ends; of an open-ended one the earliest day."""
    if band is None:
        return MISSING
    if is_open_ended:
        return _("not before %(day)s", day=format_date(band[1]))
    early, middle, late = (format_date(day) for day in band)
    return early if early == late else _("%(day)s (%(first)s to %(last)s)", day=middle, first=early, last=late)


def ahead_text(ahead: Forecast | None) -> str:
    """When a project is likely to be completed; a dash where nothing can be said."""
    return MISSING if ahead is None else band_text(ahead.completed_on, is_open_ended=ahead.is_open_ended)


def method_words(known: Sequence[Project], as_of: date) -> Component:
    """How the forecast comes about, folded, with the lengths of the stages that it rests on."""
    durations = stage_durations(known, as_of)
    own = [one for one in durations.values() if one.is_own]
    examples = sum(one.n for one in own)
    first = ngettext(
        "The forecast takes the city's own past lengths of the stages: %(count)s completed stage of %(kinds)s kinds.",
        "The forecast takes the city's own past lengths of the stages: %(count)s completed stages of %(kinds)s kinds.",
        examples,
        count=format_number(examples),
        kinds=format_number(len(own)),
    )
    rest = [
        _("The band: 20 of 100 reckoned courses are faster than its first day, 20 are slower than its last."),
        _("A stage with fewer than %(count)s examples takes the length that its plan gives it.", count=LEAST_OWN),
        _(
            "While something holds a project up, or a stage has lasted longer than every example, its forecast has no "
            "end: it says the earliest day. What would delay all projects at once is not in the band."
        ),
        _("Counted are the projects that your account may see, whichever the filter."),
    ]
    head = (_("Stage"), _("Examples"), _("Usual (median)"), _("20 of 100 are faster than"),
            _("20 of 100 are slower than"), _("Lengths from"))  # fmt: skip
    table = plain_table(head, [_duration_cells(one) for one in durations.values()], _("Lengths of the stages"))
    summary = html.Summary([icon("question"), html.Span(_("How does the forecast come about?")), icon("chevron")])
    return html.Details([summary, html.P(first), *(html.P(line) for line in rest), table], className="rueckbau-rule")


def without_history(ahead: Mapping[Key, Forecast]) -> tuple[str, ...]:
    """The stages of which too few examples exist, in these forecasts."""
    return tuple(dict.fromkeys(stage for one in ahead.values() for stage in one.stages_without_history))


def history_words(ahead: Mapping[Key, Forecast]) -> list[Component]:
    """Which stages of these forecasts rest on their plan alone."""
    missing = without_history(ahead)
    if not missing:
        return []
    named = ", ".join(code_label("demolition_stage", stage) for stage in missing)
    text = _("By the plan alone, because there are too few own examples: %(stages)s.", stages=named)
    return [html.P(text, className="quiet rueckbau-note")]


def _duration_cells(one: Duration) -> list[str]:
    days = [format_days(round(number)) for number in (one.median_days, one.lower_days, one.upper_days)]
    source = _("own projects") if one.is_own else _("the plans")
    return [code_label("demolition_stage", one.stage), format_number(one.n), *days, source]
