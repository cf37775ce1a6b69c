"""Links that choose one of several: the views of a page, or the values of one part of its link."""

from collections.abc import Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component


@dataclass(frozen=True)
class Choice:
    """One link; its id keeps the focus on it when the page is built anew."""

    id: str
    text: str
    address: str
    is_chosen: bool


def view_choices(choices: Sequence[Choice], *, label: str, name: str = "") -> Component:
    """The views of a page side by side; `name` is a class of the page's own."""
    links = [_link(one, "view-link", "page") for one in choices]
    return html.Nav(links, className=f"view-links {name}".rstrip(), **{"aria-label": label})


def value_choices(choices: Sequence[Choice], *, label: str, says: str = "", name: str = "") -> Component:
    """The values of one part of the link side by side, after what `says` in words what is chosen."""
    before = [html.Span(says, className="choice-label")] if says else []
    links = [_link(one, "choice-link", "true") for one in choices]
    return html.Nav([*before, *links], className=f"choice-links {name}".rstrip(), **{"aria-label": label})


def _link(one: Choice, kind: str, current: str) -> Component:
    marked = {"aria-current": current} if one.is_chosen else {}
    return html.A(one.text, href=one.address, id=one.id, className=f"{kind} qm-link", **marked)
