"""The proceedings of a property: the ladder with where it stands, what can come next and why, the list, supply cuts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import badge, icon, link_button, panel
from dashboard.components.work_list import work_entry, work_list
from dashboard.formatting import format_date, format_number
from dashboard.i18n import N_, code_label
from dashboard.i18n import gettext as _
from dashboard.proceeding_words import alarm_badge, deadline_badge, outcome_words, why_words
from dashboard.routes import href, proceeding_href
from geodata.access import Asker, Scope
from geodata.measures.kinds import MeasureKind, by_code, read_kinds
from geodata.measures.ladder import Ladder, NextStep, Rung, ladder
from geodata.measures.reads import Measure, read_measures_of
from geodata.measures.supply import SupplyCut, read_supply_cuts_of

READING: Final = "proceeding:read"
WRITING: Final = "proceeding:write"
COOPERATIVE: Final = "cooperative"
# What the colour of a rung says, its shape and its words say too.
_LOOKS: Final[Mapping[str, tuple[str, str]]] = {
    "done": ("square", N_("closed")),
    "current": ("circle", N_("runs now")),
    "possible": ("ring", N_("possible now")),
    "later": ("dash", N_("not now")),
}
_NEXT_SHOWN: Final = 5


@dataclass(frozen=True)
class Proceedings:
    """What the section shows of one property on one date."""

    measures: tuple[Measure, ...]
    kinds: Mapping[str, MeasureKind]
    ladder: Ladder
    cuts: tuple[SupplyCut, ...]


def read_proceedings(asker: Asker, property_id: int, as_of: date) -> Proceedings | None:
    """The proceedings for who may see them, else None."""
    if not asker.scope.allows(READING):
        return None
    measures = read_measures_of(asker, property_id, as_of)
    kinds = read_kinds(asker)
    return Proceedings(
        measures, by_code(kinds), ladder(measures, kinds), read_supply_cuts_of(asker, property_id, as_of)
    )


def proceedings_panel(
    found: Proceedings | None, property_id: int, scope: Scope, query: Mapping[str, str], as_of: date
) -> list[Component]:
    """The section; nothing for who may not see proceedings."""
    if found is None:
        return []
    links = _Links(property_id, {name: query[name] for name in ("as_of", "lang") if query.get(name)}, scope)
    parts = [
        *_cuts(found.cuts, links),
        *([_ladder(found, links)] if found.measures else [_nothing(), _next(found, links)]),
        *_listed(found.measures, links, as_of),
    ]
    return [panel(_("Proceedings"), html.Div(parts, className="objekt-proceedings"), actions=links.actions(),
                  id="verfahren")]  # fmt: skip


@dataclass(frozen=True)
class _Links:
    """Links of the section, for the date that it is shown for."""

    property_id: int
    dated: Mapping[str, str]
    scope: Scope

    @property
    def may_write(self) -> bool:
        return self.scope.allows(WRITING)

    def proceeding(self, key: str, **more: str) -> str:
        return proceeding_href(key, {**self.dated, **more})

    def new(self, **more: str) -> str:
        return href("/verfahren", {**self.dated, "property": self.property_id, **more})

    def actions(self) -> list[Component]:
        if not self.may_write:
            return []
        return [
            link_button(_("Report a supply cut"), self.new(form="sperre-melden")),
            link_button(_("Open a proceeding"), self.new(form="verfahren-eroeffnen"), symbol="plus", kind="primary"),
        ]


def _nothing() -> Component:
    text = _(
        "No proceeding has been opened here. Talks with the owner, orders and everything after them stand here then."
    )
    return html.P(text, className="quiet")


# --- the ladder -------------------------------------------------------------------------------------------------------


def _ladder(found: Proceedings, links: _Links) -> Component:
    """The rungs from the mildest up, and the cooperative path beside all of them."""
    by_key = {one.key: one for one in found.measures}
    beside = [_rung(rung, by_key, links) for rung in found.ladder.rungs if rung.family == COOPERATIVE]
    upwards = [_rung(rung, by_key, links) for rung in found.ladder.rungs if rung.family != COOPERATIVE]
    return html.Div(
        [
            html.Div([_caption(_("From mild to severe")), html.Ol(upwards, className="ladder")]),
            html.Div(
                [
                    html.Div([_caption(_("At any time beside it")), html.Ul(beside, className="ladder")]),
                    _next(found, links),
                ],
                className="objekt-proceedings",
            ),
        ],
        className="ladder-pair",
    )


def _rung(rung: Rung, by_key: Mapping[str, Measure], links: _Links) -> Component:
    shape, words = _LOOKS[rung.state]
    own = [by_key[key] for key in rung.measure_keys if key in by_key]
    names = [
        html.A(code_label("measure_kind", one.kind), href=links.proceeding(one.key), className="qm-link") for one in own
    ]
    said = [html.Div([part for name in names for part in (", ", name)][1:], className="ladder-own")] if names else []
    mark = html.Span(className=f"shape shape-{shape}", **{"aria-hidden": "true"})
    title = html.Div([html.Span(code_label("measure_family", rung.family)), *said])
    return html.Li(
        [mark, title, html.Span(_(words), className="ladder-state")], className=f"ladder-rung ladder-{rung.state}"
    )


def _caption(words: str) -> Component:
    return html.H3(words, className="ladder-caption")


# --- what can come next -----------------------------------------------------------------------------------------------


def _next(found: Proceedings, links: _Links) -> Component:
    """Steps of what runs, then new proceedings, each with its reason: a proposal, and not all that can be done."""
    of_running: dict[str, list[NextStep]] = {}
    for one in found.ladder.next_steps:
        if one.measure_key is not None:
            of_running.setdefault(one.measure_key, []).append(one)
    new = [one for one in found.ladder.next_steps if one.measure_key is None]
    entries = [*(_steps(steps, links) for steps in of_running.values()), *(_new(one, found, links) for one in new)]
    if not entries:
        words = _("Nothing is proposed; what is not proposed can be opened all the same.")
        return html.Div([_caption(_("What can come next")), html.P(words, className="quiet")])
    more = _("Show %(count)s more", count=format_number(len(entries) - _NEXT_SHOWN))
    rest = html.Details(
        [html.Summary(more), html.Ul(entries[_NEXT_SHOWN:], className="ladder-next")], className="work-more"
    )
    shown = html.Ul(entries[:_NEXT_SHOWN], className="ladder-next")
    return html.Div([_caption(_("What can come next")), shown, *([rest] if entries[_NEXT_SHOWN:] else [])])


def _steps(steps: Sequence[NextStep], links: _Links) -> Component:
    """The steps that can come next in one proceeding, in one entry."""
    kind = html.Strong(code_label("measure_kind", steps[0].kind))
    named = [_named(code_label("measure_step", one.step_kind), one, links) for one in steps]
    listed = [part for name in named for part in (" · ", name)][1:]
    return _entry_of([kind, ": ", *listed], why_words(steps[0].why))


def _new(one: NextStep, found: Proceedings, links: _Links) -> Component:
    known = found.kinds.get(one.kind)
    resort = [" ", badge(_("last resort"), kind="warn", shape="triangle")] if known and known.is_last_resort else []
    return _entry_of([_named(code_label("measure_kind", one.kind), one, links), *resort], why_words(one.why))


def _entry_of(words: Sequence[Component | str], why: str) -> Component:
    return html.Li([icon("plus"), html.Div([html.Div(list(words)), html.Div(why, className="work-line")])])


def _named(name: str, one: NextStep, links: _Links) -> Component:
    return html.A(name, href=_address(one, links), className="qm-link") if links.may_write else html.Span(name)


def _address(one: NextStep, links: _Links) -> str:
    if one.measure_key is not None:
        return links.proceeding(one.measure_key, form="verfahren-schritt", kind=one.step_kind or "")
    follows = {"follows": one.follows_key} if one.follows_key else {}
    return links.new(form="verfahren-eroeffnen", kind=one.kind, **follows)


# --- lists ------------------------------------------------------------------------------------------------------------


def _listed(measures: Sequence[Measure], links: _Links, as_of: date) -> list[Component]:
    """Open proceedings, and the closed ones folded."""
    running = [_entry(one, links, as_of) for one in measures if one.is_open]
    closed = [_entry(one, links, as_of) for one in measures if not one.is_open]
    parts: list[Component] = []
    if running:
        parts.append(html.Div([_caption(_("Open proceedings")), work_list(running, shown=20)]))
    if closed:
        words = _("Closed proceedings: %(count)s", count=format_number(len(closed)))
        parts.append(work_list(closed, shown=0, more=words))
    return parts


def _entry(one: Measure, links: _Links, as_of: date) -> Component:
    office = code_label("office", one.office) if one.office else ""
    since = (
        _("since %(date)s", date=format_date(one.opened_on))
        if one.is_open
        else outcome_words(one.outcome, one.closed_on)
    )
    lines = [" · ".join(part for part in (since, office) if part)]
    following, mark = one.next_deadline, None
    if following and following.due_on and following.state:
        lines.append(f"{code_label('measure_step', following.kind)}: {format_date(following.due_on)}")
        mark = deadline_badge((following.due_on - as_of).days, following.state)
    return work_entry(code_label("measure_kind", one.kind), links.proceeding(one.key), lines=lines, mark=mark)


def _cuts(cuts: Sequence[SupplyCut], links: _Links) -> list[Component]:
    """Cuts of supply, on top while one of them is an alarm."""
    if not cuts:
        return []
    entries = [html.Li([html.Span(code_label("utility", one.utility)), " ", alarm_badge(one)]) for one in cuts]
    address = href("/verfahren", {**links.dated, "view": "sperren"})
    every = html.A(_("All supply cuts"), href=address, className="qm-link work-kind")
    heading = html.Div([_caption(_("Supply cuts")), every], className="objekt-cuts-head")
    return [html.Div([heading, html.Ul(entries, className="objekt-cuts")])]
