"""The view of deadlines: what has expired and what ends when, by day, with counts by office and by area beside it."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import badge, empty_state, export_links, panel, plain_table
from dashboard.components.work_list import first_of, work_entry, work_list
from dashboard.formatting import format_date, format_number
from dashboard.i18n import N_, code_label, ngettext
from dashboard.i18n import gettext as _
from dashboard.in_time import Part
from dashboard.pages.verfahren import ids, links
from dashboard.pages.verfahren.forms import MEET, PERMISSION
from dashboard.pages.verfahren.parts import Shown, answer, calendar_link, silent, stacked
from dashboard.pages.verfahren.tables import DEADLINE_TABLE
from dashboard.proceeding_words import deadline_badge, deadline_words, not_confirmed, what_words
from geodata.access import Asker
from geodata.codes import AREA_KINDS
from geodata.measures.deadlines import Deadline, count_by_area, count_by_office, read_deadlines

SOON_DAYS: Final = 7
LATER_DAYS: Final = 30
EXPIRED, TODAY, SOON, LATER, FAR, RESTING = "expired", "today", "soon", "later", "far", "resting"
_TITLES: Final[Mapping[str, str]] = {
    EXPIRED: N_("Expired"),
    TODAY: N_("Today"),
    SOON: N_("In the next 7 days"),
    LATER: N_("In the next 30 days"),
    FAR: N_("Later"),
    RESTING: N_("Resting: a court has the case, and the order cannot be enforced"),
}
_SHOWN: Final[Mapping[str, int]] = {EXPIRED: 10, TODAY: 25, SOON: 25, LATER: 10, FAR: 5, RESTING: 5}
# More of one group are in the file of the list: thousands of entries are no page to read.
MOST: Final = 100
_KINDS_WITH_NAMES: Final = ("stadtbezirk", "stadtteil", "wohnbezirk", "quartier")


def view(shown: Shown) -> Part:
    """The answer and the list."""
    return _("Deadlines"), lambda asker: built(read(asker, shown), shown)


def built(deadlines: Sequence[Deadline], shown: Shown) -> Component:
    """The view of these deadlines."""
    return stacked(lead(deadlines, shown.question.as_of), body(deadlines, shown))


def read(asker: Asker, shown: Shown) -> tuple[Deadline, ...]:
    """The open deadlines of the link, the one that expired first on top."""
    question = shown.question
    return read_deadlines(asker, question.chosen, families=question.families, offices=question.offices)


def group_of(one: Deadline) -> str:
    """In which part of the list a deadline stands."""
    if one.state == "resting":
        return RESTING
    if one.days_left < 0:
        return EXPIRED
    if one.days_left == 0:
        return TODAY
    if one.days_left <= SOON_DAYS:
        return SOON
    return LATER if one.days_left <= LATER_DAYS else FAR


def lead(deadlines: Sequence[Deadline], as_of: date) -> Component:
    """How many have expired, how many end soon, and which one has waited the longest."""
    if not deadlines:
        return silent()
    expired = [one for one in deadlines if group_of(one) == EXPIRED]
    week = [one for one in deadlines if 0 <= one.days_left <= SOON_DAYS]
    lines = [f"{_expired_words(len(expired))} {_week_words(len(week), as_of)}"]
    if expired:
        worst = min(expired, key=lambda one: one.days_left)
        words = deadline_words(worst.days_left, worst.state)
        lines.append(f"{_('Longest ago:')} {worst.address}, {what_words(worst)}, {words}.")
    return answer(lines)


def _expired_words(count: int) -> str:
    if not count:
        return _("No deadline has expired.")
    return ngettext("%(count)s deadline has expired.", "%(count)s deadlines have expired.", count,
                    count=format_number(count))  # fmt: skip


def _week_words(count: int, as_of: date) -> str:
    until = format_date(as_of + timedelta(days=SOON_DAYS))
    if not count:
        return _("None ends until %(day)s.", day=until)
    return ngettext("%(count)s ends until %(day)s.", "%(count)s end until %(day)s.", count,
                    count=format_number(count), day=until)  # fmt: skip


def body(deadlines: Sequence[Deadline], shown: Shown) -> Component:
    """The list by day, and beside it how many each office and each area has."""
    if not deadlines:
        return panel(_("Deadlines"), _nothing(shown))
    actions = [one for one in (calendar_link(shown), export_links(DEADLINE_TABLE, shown.context.query)) if one]
    listed = panel(_("Open deadlines by day"), [*_groups(deadlines, shown)], actions=actions)
    aside = html.Aside(
        [_by_office(deadlines, shown), _by_area(deadlines, shown)],
        className="verfahren-aside",
        **{"aria-label": _("Deadlines by office and by area")},
    )
    return html.Div([html.Div(listed, className="verfahren-main"), aside], className="verfahren-pair")


def _nothing(shown: Shown) -> Component:
    if shown.question.is_restricted:
        text = _("No open deadline fits this filter. Reset a part of it to see more.")
        return empty_state(_("Nothing to list"), text, level=3)
    text = _(
        "Deadlines arise from the steps of proceedings: of the day of service and what the rule or the letter says. "
        "Open a proceeding at an object, or load a delivery of proceedings."
    )
    return empty_state(_("No open deadline"), text, level=3, symbol="calendar")


def _groups(deadlines: Sequence[Deadline], shown: Shown) -> list[Component]:
    parts: list[Component] = []
    for group, title in _TITLES.items():
        found = [one for one in deadlines if group_of(one) == group]
        if found:
            heading = html.H3(f"{_(title)} ({format_number(len(found))})", className="verfahren-caption")
            entries = [_entry(one, shown) for one in found[:MOST]]
            listed = [work_list(entries, shown=_SHOWN[group]), *first_of(len(found), MOST)]
            parts.append(html.Section([heading, *listed], className=f"verfahren-group verfahren-group-{group}"))
    return parts


def _entry(one: Deadline, shown: Shown) -> Component:
    query = shown.context.query
    day = html.Time(format_date(one.on), dateTime=one.on.isoformat(), className="verfahren-day")
    kind = code_label("measure_kind", one.measure_kind) if one.measure_kind else ""
    office = code_label("office", one.office) if one.office else ""
    facts = " · ".join(part for part in (kind, office) if part)
    marks = [_mark(one), *([] if one.is_confirmed else [not_confirmed()])]
    lines: list[str | Component] = [html.Span([day, " ", html.Strong(_entry_words(one))]), facts, _actions(one, shown)]
    return work_entry(
        one.address or one.property_key,
        address_of(one, query),
        lines=[line for line in lines if line],
        mark=html.Div(marks, className="verfahren-entry-marks"),
    )


def _mark(one: Deadline) -> Component:
    """How a deadline stands; of what is cut off, since when."""
    if one.is_cut_off:
        return badge(_("cut off since %(day)s", day=format_date(one.on)), kind="bad", shape="diamond")
    return deadline_badge(one.days_left, one.state)


def address_of(one: Deadline, query: Mapping[str, str]) -> str:
    """Where a deadline leads: to its proceeding, or for a supply cut to its view."""
    if one.measure_key is None:
        return links.same_page(query, view="sperren")
    return links.proceeding(one.measure_key, query)


def _actions(one: Deadline, shown: Shown) -> Component | str:
    """The quick way to say that a deadline was met."""
    if one.what != "step" or one.step_key is None or not shown.context.scope.allows(PERMISSION):
        return ""
    address = links.same_page(
        shown.context.query, **{ids.FORM: MEET.key, ids.MEASURE: one.measure_key, ids.STEP: one.step_key}
    )
    label = _("Deadline met: %(address)s, %(what)s", address=one.address, what=what_words(one))
    link = html.A(_("Deadline met"), href=address, className="qm-link", **{"aria-label": label})
    return html.Span(link, className="work-actions")


def _entry_words(one: Deadline) -> str:
    return _("deadline from: %(step)s", step=what_words(one)) if one.what == "step" else what_words(one)


# --- beside the list --------------------------------------------------------------------------------------------------


def _by_office(deadlines: Sequence[Deadline], shown: Shown) -> Component:
    query = shown.context.query
    rows = [
        [_choice(_office_name(code), query, **{ids.OFFICE: code}), *_numbers(count.expired, count.all)]
        for code, count in count_by_office(deadlines).items()
    ]
    return panel(_("By office"), plain_table(_head(_("Office")), rows, _("Deadlines by office")))


def _office_name(code: str | None) -> str:
    return code_label("office", code) if code else _("no office named")


def _by_area(deadlines: Sequence[Deadline], shown: Shown) -> Component:
    """One kind of area at a time, by name: kinds overlap and are never summed together."""
    kinds = [kind for kind in AREA_KINDS if any(area.kind == kind for area in shown.areas)]
    if not kinds:
        return panel(_("By area"), html.P(_("Areas come as a delivery; then the figures stand here for each."),
                                          className="quiet"))  # fmt: skip
    own = next((area.kind for area in shown.areas if area.id in shown.question.chosen.area_ids), kinds[0])
    kind = shown.question.area_kind if shown.question.area_kind in kinds else own
    counts = count_by_area(deadlines)
    areas = sorted((area for area in shown.areas if area.kind == kind and area.id in counts), key=lambda one: one.name)
    query = shown.context.query
    rows = [
        [_choice(area.name, query, area=str(area.id)), *_numbers(counts[area.id].expired, counts[area.id].all)]
        for area in areas
    ]
    options = [(code, code_label("area_kind", code)) for code in kinds]
    choice = links.choice_links(query, ids.AREA_KIND, options, kind, label=_("Kind of area"))
    table = plain_table(_head(code_label("area_kind", kind)), rows, _("Deadlines by area")) if rows else html.P(
        _("No deadline lies in an area of this kind."), className="quiet")  # fmt: skip
    return panel(_("By area"), [choice, table])


def _choice(text: str, query: Mapping[str, str], **changes: str | None) -> Component | str:
    return html.A(text, href=links.same_page(query, **changes), className="qm-link") if all(changes.values()) else text


def _numbers(expired: int, total: int) -> list[Component | str]:
    mark = badge(format_number(expired), kind="bad", shape="diamond") if expired else format_number(0)
    return [mark, format_number(total)]


def _head(first: str) -> tuple[str, ...]:
    return (first, _("expired"), _("all"))
