"""The view of supply cuts: what is cut off or about to be, at how many dwellings, and what was restored."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.components import empty_state, export_links, link_button, panel, remote_table, tile
from dashboard.components.work_list import work_entry, work_list
from dashboard.formatting import format_date, format_number
from dashboard.i18n import code_label, ngettext
from dashboard.i18n import gettext as _
from dashboard.in_time import Part
from dashboard.pages.verfahren import ids, links
from dashboard.pages.verfahren.forms import CHANGE_CUT, PERMISSION, REPORT
from dashboard.pages.verfahren.open_form import cut_form
from dashboard.pages.verfahren.parts import Shown, answer, silent, stacked
from dashboard.pages.verfahren.tables import CUT_TABLE
from dashboard.proceeding_words import alarm_badge
from geodata.access import Asker
from geodata.measures.supply import SupplyCut, read_supply_cuts

CUT, IMMINENT, ANNOUNCED, RESTORED = "cut", "imminent", "announced", "restored"


def view(shown: Shown) -> Part:
    """The answer, the form that is open, and the cuts."""
    return _("Supply cuts"), lambda asker: built(read(asker, shown), shown, cut_form(asker, shown.context))


def built(cuts: Sequence[SupplyCut], shown: Shown, form: Sequence[Component]) -> Component:
    """The view of these cuts."""
    return stacked(lead(cuts), body(cuts, shown, form))


def read(asker: Asker, shown: Shown) -> tuple[SupplyCut, ...]:
    """The cuts of the filter, the most urgent first."""
    return read_supply_cuts(asker, shown.question.chosen)


def lead(cuts: Sequence[SupplyCut]) -> Component:
    """How many houses are cut off, and how many will be."""
    if not cuts:
        return silent()
    off = [one for one in cuts if one.alarm == CUT]
    near = [one for one in cuts if one.alarm == IMMINENT]
    if not off and not near:
        return answer([_("No house is cut off, and no cut is near.")])
    words = [
        ngettext(
            "%(count)s supply is cut off", "%(count)s supplies are cut off", len(off), count=format_number(len(off))
        ),
        ngettext("%(count)s cut is near", "%(count)s cuts are near", len(near), count=format_number(len(near))),
    ]
    dwellings = sum(one.dwellings_affected or 0 for one in (*off, *near))
    at = ngettext("%(count)s dwelling is affected.", "%(count)s dwellings are affected.", dwellings,
                  count=format_number(dwellings))  # fmt: skip
    return answer([f"{', '.join(words)}; {at}"])


def body(cuts: Sequence[SupplyCut], shown: Shown, form: Sequence[Component]) -> Component:
    """The form that is open, the alarms, and all cuts as a table."""
    actions = [one for one in (_report_link(shown),) if one]
    if not cuts:
        return html.Div([*form, panel(_("Supply cuts"), _nothing(shown), actions=actions)], className="verfahren-stack")
    alarms = [one for one in cuts if one.is_open]
    listed = work_list([_entry(one, shown) for one in alarms], shown=25) if alarms else html.P(
        _("Nothing is cut off or announced at the moment."), className="quiet")  # fmt: skip
    query = shown.context.query
    grid = remote_table(CUT_TABLE, ids.CUTS, query, label=_("List of supply cuts"))
    return html.Div(
        [
            *form,
            _tiles(cuts),
            panel(_("Cut off or announced"), listed, actions=actions),
            panel(_("All supply cuts"), grid, actions=export_links(CUT_TABLE, query)),
        ],
        className="verfahren-stack",
    )


def _report_link(shown: Shown) -> Component | None:
    if not shown.context.scope.allows(PERMISSION):
        return None
    address = links.same_page(shown.context.query, view="sperren", **{ids.FORM: REPORT.key})
    return link_button(_("Report a supply cut"), address, symbol="plus")


def _nothing(shown: Shown) -> Component:
    if shown.question.chosen.is_restricted:
        text = _("No supply cut fits this filter. Reset a part of it to see more.")
        return empty_state(_("Nothing to list"), text, level=3)
    text = _(
        "When a landlord does not pay, electricity, gas or water can be cut off for the whole house. What is announced "
        "stands here with its day, so that somebody can act before."
    )
    return empty_state(_("No supply cut is known"), text, level=3)


def _tiles(cuts: Sequence[SupplyCut]) -> Component:
    tiles = []
    for alarm, title in ((CUT, _("Cut off")), (IMMINENT, _("Near (7 days)")), (ANNOUNCED, _("Announced")),
                         (RESTORED, _("Restored"))):  # fmt: skip
        found = [one for one in cuts if one.alarm == alarm]
        tiles.append(tile(title, format_number(len(found)), hint=_dwellings_of(found) if found else None))
    return html.Div(tiles, className="tiles")


def _dwellings_of(cuts: Sequence[SupplyCut]) -> str:
    """The dwellings that are stated; where none are, that."""
    stated = [one.dwellings_affected for one in cuts if one.dwellings_affected is not None]
    if not stated:
        return _("number of dwellings not known")
    return ngettext("%(count)s dwelling", "%(count)s dwellings", sum(stated), count=format_number(sum(stated)))


def _entry(one: SupplyCut, shown: Shown) -> Component:
    utility, reason = code_label("utility", one.utility), code_label("cut_reason", one.reason)
    days = [
        *([_("announced on %(day)s", day=format_date(one.announced_on))] if one.announced_on else []),
        *([_("planned for %(day)s", day=format_date(one.planned_on))] if one.planned_on else []),
    ]
    count = one.dwellings_affected
    dwellings = "" if count is None else ngettext("%(count)s dwelling", "%(count)s dwellings", count,
                                                  count=format_number(count))  # fmt: skip
    lines = [f"{utility} · {reason}", " · ".join((*days, *([dwellings] if dwellings else []))), one.note or ""]
    return work_entry(
        one.address or one.property_key,
        links.object_address(one.property_id, shown.context.query),
        lines=[*(line for line in lines if line), *_actions(one, shown)],
        mark=alarm_badge(one),
    )


def _actions(one: SupplyCut, shown: Shown) -> list[Component]:
    if not shown.context.scope.allows(PERMISSION):
        return []
    address = links.same_page(shown.context.query, **{ids.FORM: CHANGE_CUT.key, ids.CUT: one.key})
    label = _("Enter what became of it: %(address)s", address=one.address)
    link = html.A(_("Enter what became of it"), href=address, className="qm-link", **{"aria-label": label})
    return [html.Span(link, className="work-actions")]
