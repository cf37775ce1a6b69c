"""What a change of rules would mean, before it is saved: in sentences, as a chart with its table, and by area."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import chart, panel, plain_table, table_twin, tile
from dashboard.formatting import MISSING, format_date, format_number, format_share
from dashboard.i18n import gettext as _
from dashboard.i18n import ngettext
from dashboard.pages.regeln import ids
from dashboard.theme import SIZE_PIXELS
from geodata.rules.preview import Preview

# Half a year and the end of what was computed: two moments that a sentence can hold.
_SOON_MONTHS: Final = 6
_MOST_AREAS: Final = 12
_FEW: Final = 6
Rows = list[list[str]]


def preview_panel(
    found: Preview, area_names: Mapping[int, str], as_of: date, actions: Sequence[Component] = ()
) -> Component:
    """The whole preview; the sentences come first, because they say what the rest shows."""
    label = f"{_('Overdue if nobody went out')}. {course_words(found)}"
    head = (_("Month end"), _("as it is"), _("with the change"))
    return panel(
        _("What this would mean"),
        [
            html.P(
                _("Nothing is saved yet. Computed with the state of %(date)s.", date=format_date(as_of)),
                className="quiet",
            ),
            html.Ul([html.Li(words) for words in preview_words(found)], className="regeln-words"),
            html.Div(_tiles(found), className="tiles"),
            html.H3(_("Overdue if nobody went out"), className="regeln-caption"),
            chart(ids.COURSE, course_traces(found), course_layout(found), label=label, height_px=280),
            table_twin(head, course_rows(found), _("Overdue if nobody went out")),
            *_areas(found, area_names),
        ],
        actions=list(actions),
        id=ids.PREVIEW,
    )


# --- in sentences -----------------------------------------------------------------------------------------------------


def preview_words(found: Preview) -> list[str]:
    """How many become overdue and when, what it costs in visits, and how often such a control found nothing."""
    return [now_words(found), course_words(found), visits_words(found), clean_words(found)]


def now_words(found: Preview) -> str:
    """How many due dates it changes, and how many are overdue at once."""
    if not found.pairs_changed:
        return _("No due date changes: where this rule would apply, another one with a shorter interval does already.")
    changed = ngettext(
        "From %(date)s on the due date of %(count)s object changes.",
        "From %(date)s on the due dates of %(count)s objects change.",
        found.objects,
        date=format_date(found.on),
        count=format_number(found.objects),
    )
    return f"{changed} {_overdue_words(found)}"


def _overdue_words(found: Preview) -> str:
    return _(
        "On that day %(after)s of %(pairs)s controls of this kind would be overdue, without the change %(before)s.",
        after=format_number(found.overdue_after),
        pairs=format_number(found.pairs_after),
        before=format_number(found.overdue_before),
    )


def course_words(found: Preview) -> str:
    """How many would be overdue in half a year and at the end of the course, if nobody went out."""
    course = found.overdue_course
    if not course:
        return _("For the coming months nothing can be said: no object is monitored.")
    shown = [course[min(_SOON_MONTHS, len(course)) - 1], course[-1]]
    parts = [
        _(
            "on %(date)s %(after)s instead of %(before)s",
            date=format_date(on), after=format_number(after), before=format_number(before),
        )
        for on, before, after in dict.fromkeys(shown)
    ]  # fmt: skip
    return _("If nobody went out, overdue would be: %(course)s.", course="; ".join(parts))


def visits_words(found: Preview) -> str:
    """The visits of a year that the rules ask for, in all and for each house."""
    total = _(
        "The rules for this kind of control would ask for %(after)s visits a year instead of %(before)s.",
        after=_visits(found.visits_per_year_after),
        before=_visits(found.visits_per_year_before),
    )
    before, after = found.visits_per_house_and_year_before, found.visits_per_house_and_year_after
    if after is None and before is None:
        return total
    each = _(
        "For each house concerned: %(after)s instead of %(before)s a year.",
        after=_visits(after),
        before=_visits(before),
    )
    return f"{total} {each}"


def clean_words(found: Preview) -> str:
    """Cause and proportionality: how many of the controls found nothing."""
    clean, controls = found.share_without_finding
    if not controls:
        return _("In the last three years there was no control of this kind at these houses.")
    return _(
        "Without a finding in the last three years: %(clean)s of %(controls)s controls of this kind at these houses "
        "(%(share)s).",
        clean=format_number(clean),
        controls=format_number(controls),
        share=format_share(clean, controls),
    )


def _visits(number: float | None) -> str:
    """Few visits with a decimal, many without."""
    if number is None:
        return MISSING
    return format_number(number, decimals=1 if number < 100 else 0)


def _tiles(found: Preview) -> list[Component]:
    clean, controls = found.share_without_finding
    return [
        tile(
            _("Overdue on %(date)s", date=format_date(found.on)),
            format_number(found.overdue_after),
            hint=_instead(format_number(found.overdue_before)),
        ),
        tile(
            _("Visits a year"),
            _visits(found.visits_per_year_after),
            hint=_instead(_visits(found.visits_per_year_before)),
        ),
        tile(
            _("Visits per house and year"),
            _visits(found.visits_per_house_and_year_after),
            hint=_instead(_visits(found.visits_per_house_and_year_before)),
        ),
        tile(
            _("Without a finding"),
            format_share(clean, controls) or MISSING,
            hint=_("%(part)s of %(all)s controls", part=format_number(clean), all=format_number(controls)),
        ),
    ]


def _instead(before: str) -> str:
    return _("instead of %(before)s", before=before)


# --- the course -------------------------------------------------------------------------------------------------------


def course_traces(found: Preview) -> list[dict[str, Any]]:
    """Two lines, told apart by dash and colour, with their names at their ends."""
    days = [on.isoformat() for on, _before, _after in found.overdue_course]
    words = [format_date(on) for on, _before, _after in found.overdue_course]
    before = [number for _on, number, _after in found.overdue_course]
    after = [number for _on, _before, number in found.overdue_course]
    common = {"type": "scatter", "mode": "lines", "x": days, "customdata": words}
    return [
        {
            **common, "name": _("as it is"), "y": before, "line": {"color": "$line_strong", "width": 2, "dash": "dash"},
            "hovertemplate": f"%{{customdata}}: %{{y:,}} {_('as it is')}<extra></extra>",
        },
        {
            **common, "name": _("with the change"), "y": after, "line": {"color": "$accent", "width": 3},
            "hovertemplate": f"%{{customdata}}: %{{y:,}} {_('with the change')}<extra></extra>",
        },
    ]  # fmt: skip


def course_layout(found: Preview) -> dict[str, Any]:
    """Numbers from zero; a short axis counts in whole steps."""
    most = max([max(before, after) for _on, before, after in found.overdue_course], default=0)
    steps = {"dtick": 1} if most <= _FEW else {}
    return {
        "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
        "margin": {"l": 8, "r": 16, "t": 40, "b": 8},
        "xaxis": {"type": "date", "showgrid": False, "tickformat": "%m/%Y"},
        "yaxis": {
            "title": {"text": _("Overdue controls"), "font": {"size": SIZE_PIXELS}},
            "rangemode": "tozero", "tickformat": ",d", **steps,
        },
    }  # fmt: skip


def course_rows(found: Preview) -> Rows:
    """The table under the chart."""
    return [
        [format_date(on), format_number(before), format_number(after)] for on, before, after in found.overdue_course
    ]


# --- by area ----------------------------------------------------------------------------------------------------------


def most_concerned(found: Preview) -> list[tuple[int, int, int]]:
    """Areas whose number of overdue controls changes, the largest change first."""
    changed = [one for one in found.areas if one[1] != one[2]]
    return sorted(changed, key=lambda one: (-abs(one[2] - one[1]), one[0]))[:_MOST_AREAS]


def area_rows(areas: Sequence[tuple[int, int, int]], names: Mapping[int, str]) -> Rows:
    """Name, overdue before, after, difference with its sign; areas without a name today are left out."""
    return [
        [names[area_id], format_number(before), format_number(after), signed(after - before)]
        for area_id, before, after in areas
        if area_id in names
    ]


def signed(difference: int) -> str:
    """+12 or −3: without a sign a difference reads as a count."""
    return f"{'+' if difference > 0 else '−' if difference < 0 else ''}{format_number(abs(difference))}"


def _areas(found: Preview, names: Mapping[int, str]) -> list[Component]:
    rows = area_rows(most_concerned(found), names)
    title = _("Areas most concerned")
    if not rows:
        return [html.P(_("In no area does the number of overdue controls change on that day."), className="quiet")]
    head = (_("Area"), _("overdue as it is"), _("overdue with the change"), _("Difference"))
    note = _("Areas may overlap; their numbers do not add up to those of the city.")
    return [
        html.H3(title, className="regeln-caption"),
        plain_table(head, rows, title),
        html.P(note, className="quiet regeln-note"),
    ]
