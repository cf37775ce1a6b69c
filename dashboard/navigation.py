"""The navigation: which pages an account finds there, and in which groups.

The order of a page (`Page.navigation_order`) says in which group it stands. A group has a heading that folds it; on a
phone, where all pages do not fit, only the headings stand in the bar, and one opens its pages over it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import icon
from dashboard.i18n import N_
from dashboard.i18n import gettext as _
from dashboard.page import Page
from dashboard.routes import href
from geodata.access import Scope


@dataclass(frozen=True)
class Group:
    """Pages from an order on, up to the next group; without a title they stand for themselves."""

    first_order: int
    title: str | None = None
    icon: str = ""


GROUPS: Final = (
    Group(0),
    Group(30, N_("Steering"), "inspection"),
    Group(35, N_("Projects"), "demolition"),
    Group(40, N_("Basics"), "layers"),
)
# A heading over a single page would only be one more step.
_FEWEST: Final = 2


def is_in_navigation(page: Page, scope: Scope) -> bool:
    """Whether the navigation of this account leads to the page."""
    return page.in_navigation and scope.role in page.navigation_roles and scope.allows(page.permission)


def grouped(pages: Sequence[Page]) -> list[tuple[Group, list[Page]]]:
    """The pages by group, in their order; groups without pages are left out, and so is the heading of a single one."""
    ends = [group.first_order for group in GROUPS[1:]] + [None]
    found = [
        (group, [page for page in pages if page.navigation_order >= group.first_order and _is_before(page, end)])
        for group, end in zip(GROUPS, ends, strict=True)
    ]
    return [(group if len(own) >= _FEWEST else Group(group.first_order), own) for group, own in found if own]


def navigation(pages: Sequence[Page]) -> Component:
    """The navigation itself, of the pages that an account may reach."""
    entries = [entry for group, own in grouped(pages) for entry in _entries(group, own)]
    return html.Nav(html.Ul(entries, className="nav-list"), className="shell-nav", **{"aria-label": _("Pages")})


def _entries(group: Group, pages: Sequence[Page]) -> list[Component]:
    links = [html.Li(_link(page)) for page in pages]
    if group.title is None:
        return links
    heading = html.Summary([icon(group.icon), html.Span(_(group.title)), icon("chevron")], className="nav-heading")
    return [html.Li(html.Details([heading, html.Ul(links)], className="nav-group"), className="nav-entry-group")]


def _link(page: Page) -> Component:
    return html.A(
        [icon(page.icon), html.Span(_(page.title))],
        href=href(page.base_path),
        className="nav-link qm-link qm-keep",
        **{"data-page": page.key},
        **({"data-area": "1"} if page.knows_areas else {}),
    )


def _is_before(page: Page, end: int | None) -> bool:
    return end is None or page.navigation_order < end
