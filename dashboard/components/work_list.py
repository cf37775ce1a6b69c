"""Lists of what there is to do or to know: one entry a line, each a link, with a mark and a sentence under it."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.components.basics import icon, panel
from dashboard.formatting import format_number
from dashboard.i18n import gettext as _


def work_panel(title: str, total: int, children: Sequence[Component], *, nothing: str) -> Component:
    """A panel whose title says how many entries there are; with none of them it says so in words."""
    heading = f"{title} ({format_number(total)})" if total else title
    return panel(heading, list(children) if total else nothing_to_do(nothing))


def work_list(entries: Sequence[Component], *, shown: int = 10, more: str = "") -> Component:
    """The entries as a list; those after the first `shown` are folded under the words `more`."""
    parts: list[Component] = [html.Ul(list(entries[:shown]), className="work-list")] if shown else []
    rest = entries[shown:]
    if rest:
        words = more or _("Show %(count)s more", count=format_number(len(rest)))
        folded = html.Ul(list(rest), className="work-list")
        parts.append(html.Details([html.Summary(words), folded], className="work-more"))
    return html.Div(parts)


def first_of(total: int, shown: int) -> list[Component]:
    """That a list shows the first entries only; nothing where it shows all."""
    if total <= shown:
        return []
    text = _("These are the first %(shown)s of %(count)s.", shown=format_number(shown), count=format_number(total))
    return [html.P(text, className="work-all quiet")]


def work_entry(
    title: str, address: str, *, lines: Sequence[str | Component], mark: Component | None = None
) -> Component:
    """One entry: what it is about, as a link, what there is to say, and a mark at the right."""
    name = (
        html.A(title, href=address, className="qm-link work-title")
        if address
        else html.Span(title, className="work-title")
    )
    text = [html.Div(line, className="work-line") for line in lines if line]
    return html.Li([html.Div([name, *text], className="work-text"), *([mark] if mark else [])], className="work-entry")


def all_link(words: str, address: str) -> Component:
    """The link to the page that lists everything."""
    return html.P(html.A(words, href=address, className="qm-link"), className="work-all")


def nothing_to_do(words: str) -> Component:
    """An empty list as good news."""
    return html.P([icon("check"), words], className="work-nothing quiet")
