"""What a page is, how pages are found, and which page a path means."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dash.development.base_component import Component

import dashboard.pages
from dashboard.deps import Deps
from dashboard.wiring import Wiring
from geodata import codes
from geodata.access import Role, Scope


@dataclass(frozen=True)
class PageContext:
    """What a layout may use: who asks, from where and for which date.

    `path` is what follows the page's own path, `page_path` that path itself, for links to the same page.
    """

    deps: Deps
    scope: Scope
    path: str
    query: Mapping[str, str]
    as_of: date
    language: str
    page_path: str = "/"


@dataclass(frozen=True)
class Page:
    """One page. A path that ends in `/<name>` takes what follows, slashes included, as `PageContext.path`.

    `title` is an English msgid (marked with N_). `layout` is called on each visit, and again while the page is shown
    when one of the query values in `rerender_on` changes; a page that follows the as-of date by itself sets it to ().
    `navigation_roles` are those that find it in the navigation. `fills_screen` takes away margins and scrolling, for
    a map that reaches the edges. `segment_is_optional`: the page stands at the path without what would follow, too.
    """

    key: str
    path: str
    title: str
    permission: str
    icon: str
    in_navigation: bool
    layout: Callable[[PageContext], Component]
    register: Callable[[Wiring], None]
    rerender_on: tuple[str, ...] = ("as_of",)
    fills_screen: bool = False
    segment_is_optional: bool = False
    navigation_order: int = 50
    navigation_roles: tuple[Role, ...] = codes.ROLES

    @property
    def base_path(self) -> str:
        """The path without its variable segment."""
        return self.path.partition("/<")[0] or "/"

    @property
    def knows_areas(self) -> bool:
        """Whether the page follows the area of the link, so that the navigation takes it along; the map does."""
        return self.fills_screen or "area" in self.rerender_on

    @property
    def takes_segment(self) -> bool:
        """Whether one more segment belongs to the path."""
        return "/<" in self.path


def discover() -> tuple[Page, ...]:
    """All pages below `dashboard.pages` in the order of the navigation; a key or path used twice stops the start."""
    names = [module.name for module in pkgutil.iter_modules(dashboard.pages.__path__) if module.ispkg]
    pages = [importlib.import_module(f"dashboard.pages.{name}").PAGE for name in names]
    for attribute in ("key", "base_path"):
        values = [getattr(page, attribute) for page in pages]
        doubled = sorted({value for value in values if values.count(value) > 1})
        if doubled:
            raise ValueError(f"Two pages have the same {attribute}: {', '.join(doubled)}.")
    return tuple(sorted(pages, key=lambda page: (page.navigation_order, page.key)))


def resolve(pages: Sequence[Page], path: str) -> tuple[Page, str] | None:
    """The page that a path (without the installation's prefix) means, and the rest of the path; None = unknown."""
    clean = "/" + path.strip("/")
    for page in pages:
        if clean == page.base_path and (not page.takes_segment or page.segment_is_optional):
            return page, ""
        rest = clean.removeprefix(f"{page.base_path}/")
        if page.takes_segment and rest not in (clean, ""):
            return page, rest
    return None
