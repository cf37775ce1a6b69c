"""What the views of the page share: what they are built from, the answer on top, empty states, definitions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.components import definition, empty_state, panel
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.in_time import Part
from dashboard.page import PageContext
from dashboard.pages.kontrollen.links import choice_links
from dashboard.pages.kontrollen.question import Question, kinds_of, shown_kind
from geodata.areas import Area
from geodata.course.achieved_reads import TypeCount
from geodata.figure import FigureValue
from geodata.figures import figure
from geodata.filters import PropertyFilter


@dataclass(frozen=True)
class Shown:
    """What a view is built from; `areas` are those of the as-of date that the reader may choose."""

    context: PageContext
    question: Question
    areas: Sequence[Area]

    @property
    def kind(self) -> str | None:
        """The kind of area that tables by area show; None where there is no area at all.

        Unless the link names one, it is that of the filter: of an area of another kind only a part would be counted.
        """
        own = frozenset(self.question.chosen.area_ids) or self.context.scope.area_ids
        return shown_kind(self.areas, own, self.question.kind)


# One view: the answer that stands above the tiles, and the parts below them; each is read by itself.
View = Callable[[Shown], tuple[Part, list[Part]]]


def answer(lines: Sequence[Any], more: Sequence[Component] = ()) -> Component:
    """The answer to the question of the view: its first line is the one to remember."""
    first, *rest = lines
    words = [html.P(first, className="kontrollen-answer-first"), *(html.P(line) for line in rest)]
    return html.Section(
        [html.Div(words), *([html.Div(list(more), className="kontrollen-answer-more")] if more else [])],
        className="kontrollen-answer",
        **{"aria-label": _("At a glance")},
    )


def silent() -> Component:
    """A part with nothing to say, because the answer above says already why."""
    return html.Div(hidden=True)


def nothing(chosen: PropertyFilter) -> Component:
    """Why no control is monitored: the filter, or no rule at all."""
    if chosen.is_restricted:
        text = _("No monitored control fits this filter. Reset a part of it to see more.")
        return empty_state(_("Nothing to list"), text, level=3)
    text = _(
        "No rule asks for a control of a recorded object on this date. Rules and objects come as deliveries; once both "
        "are there, this list says what is due."
    )
    return empty_state(_("Nothing is monitored yet"), text, level=3)


def explained(shown: Shown, *keys: str) -> Component:
    """The definitions of what a chart shows, folded, as the register words them."""
    as_of = shown.context.as_of
    found = [_named(FigureValue(figure(key), None, as_of)) for key in keys]
    return html.Div(found, className="kontrollen-definitions")


def _named(shown: FigureValue) -> Component:
    """A definition that says of what: away from its tile, and beside others, the bare word says nothing."""
    folded = definition(shown)
    folded.children[0] = html.Summary(_("Definition: %(title)s", title=_(shown.figure.title)))
    return folded


def shown_type(types: Sequence[TypeCount], question: Question) -> TypeCount:
    """The type of control that the link names, where there is one; else the one with the most pairs."""
    return next((one for one in types if one.control_type == question.control_type), types[0])


def type_links(shown: Shown, types: Sequence[TypeCount], chosen: TypeCount) -> Component:
    """The choice of the type of control."""
    options = [(one.control_type, code_label("control_type", one.control_type)) for one in types]
    return choice_links(shown.context, "type", options, chosen.control_type, label=_("Kind of control"))


def kind_links(shown: Shown, kind: str) -> Component:
    """The choice of the kind of area."""
    options = [(one, code_label("area_kind", one)) for one in kinds_of(shown.areas)]
    return choice_links(shown.context, "kind", options, kind, label=_("Kind of area"))


def no_areas(title: str) -> Component:
    """Where figures by area would stand before any area was delivered."""
    words = _("Areas come as a delivery; then the figures stand here for each.")
    return panel(title, html.P(words, className="quiet"))


def notes(lines: Sequence[str]) -> list[Component]:
    """Sentences under a table; empty ones are left out."""
    return [html.P(line, className="quiet kontrollen-note") for line in lines if line]


def caption(words: str, *, level: int = 3) -> Component:
    """A heading inside a panel."""
    return getattr(html, f"H{level}")(words, className="kontrollen-caption")
