"""The view of all proceedings: how many are open, how many wait for a court, what money is open, and the list."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.components import empty_state, export_links, panel, plain_table, remote_table, tile
from dashboard.formatting import format_money, format_number
from dashboard.i18n import code_label, ngettext
from dashboard.i18n import gettext as _
from dashboard.in_time import Part
from dashboard.pages.verfahren import ids
from dashboard.pages.verfahren.parts import Shown, answer, silent, stacked
from dashboard.pages.verfahren.tables import LIST
from geodata.access import Asker
from geodata.codes import MEASURE_KINDS
from geodata.measures.queries import IN_COURT
from geodata.measures.reads import Measure, read_measures


def view(shown: Shown) -> Part:
    """The answer and the list."""
    return _("All proceedings"), lambda asker: built(read(asker, shown), shown)


def built(measures: Sequence[Measure], shown: Shown) -> Component:
    """The view of these proceedings."""
    return stacked(lead(measures), body(measures, shown))


def read(asker: Asker, shown: Shown) -> tuple[Measure, ...]:
    """The proceedings of the link."""
    return read_measures(asker, shown.question.chosen, shown.question.wish())


def lead(measures: Sequence[Measure]) -> Component:
    """How many proceedings are open at how many objects, and how many a court holds up."""
    if not measures:
        return silent()
    running = [one for one in measures if one.is_open]
    objects = len({one.property_id for one in running})
    count = ngettext("%(count)s proceeding is open", "%(count)s proceedings are open", len(running),
                     count=format_number(len(running)))  # fmt: skip
    at = ngettext("at %(count)s object", "at %(count)s objects", objects, count=format_number(objects))
    return answer([f"{count} {at}."])


def body(measures: Sequence[Measure], shown: Shown) -> Component:
    """The tiles and the list, or why there is none."""
    if not measures:
        return panel(_("All proceedings"), _nothing(shown))
    query = shown.context.query
    grid = remote_table(LIST, ids.LIST, query, label=_("List of proceedings"))
    hint = html.P(
        _("A click on a heading sorts, a click on a line opens the proceeding."), className="quiet table-hint"
    )
    listed = panel(_("All proceedings"), [hint, grid], actions=export_links(LIST, query))
    return html.Div([_tiles(measures), listed, *_amounts(measures)], className="verfahren-stack")


def _nothing(shown: Shown) -> Component:
    if shown.question.is_restricted:
        text = _("No proceeding fits this filter. Reset a part of it to see more.")
        return empty_state(_("Nothing to list"), text, level=3)
    text = _(
        "Here stands every proceeding with its steps, deadlines and amounts. Open one at an object, or load a delivery "
        "of proceedings."
    )
    return empty_state(_("No proceeding yet"), text, level=3)


def _tiles(measures: Sequence[Measure]) -> Component:
    running = [one for one in measures if one.is_open]
    late = sum(one.next_deadline is not None and one.next_deadline.state == "expired" for one in running)
    before_court = sum(one.court_status in IN_COURT for one in running)
    final = sum(one.final_on is not None for one in running)
    tiles = [
        tile(_("Open"), format_number(len(running)), _("of %(count)s", count=format_number(len(measures)))),
        tile(_("With an expired deadline"), format_number(late), hint=_("Open proceedings.")),
        tile(_("Before a court"), format_number(before_court), hint=_("An action is pending, or it is suspended.")),
        tile(_("Final"), format_number(final), hint=_("Open proceedings whose order can no longer be contested.")),
    ]
    return html.Div(tiles, className="tiles")


def _amounts(measures: Sequence[Measure]) -> list[Component]:
    """Amounts by kind: a fine and the bill for a scaffold are no sum that means anything."""
    with_amount = [one for one in measures if one.amount_ordered_eur is not None]
    if not with_amount:
        return []
    codes = dict.fromkeys(one.kind for one in sorted(with_amount, key=lambda one: MEASURE_KINDS.index(one.kind)))
    rows = [_amount_row(code, [one for one in with_amount if one.kind == code]) for code in codes]
    head = (_("Kind of proceeding"), _("Proceedings"), _("Amount ordered"), _("of it paid"),
            _("of it recovered by execution"), _("Amount open"))  # fmt: skip
    note = html.P(_("Amount open = ordered, neither paid nor recovered."), className="quiet verfahren-note")
    return [
        panel(_("Amounts by kind of proceeding"), [plain_table(head, rows, _("Amounts by kind of proceeding")), note])
    ]


def _amount_row(code: str, own: Sequence[Measure]) -> list[str]:
    names = ("amount_ordered_eur", "amount_paid_eur", "amount_recovered_eur", "amount_open_eur")
    sums = [format_money(sum(getattr(one, name) or 0 for one in own)) for name in names]
    return [code_label("measure_kind", code), format_number(len(own)), *sums]
