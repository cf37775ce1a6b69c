"""The presentation of one released state (the latest without a number), with its controls; the frame steps aside."""

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components import empty_state, icon
from dashboard.i18n import gettext as _
from dashboard.page import PageContext
from dashboard.pages.praesentation import ids, slides
from dashboard.released import View
from dashboard.routes import href
from geodata.publishing.publications import Released, find_publication


def build(context: PageContext) -> Component:
    """The slides, or words where there is nothing to show."""
    given = context.path
    number = int(given) if given.isdecimal() and len(given) < 10 else None
    with context.deps.asker() as asker:
        found = find_publication(asker, number) if number is not None or not given else None
    return _presentation(found) if found else _nothing()


def _presentation(found: Released) -> Component:
    view = View(found.content)
    shown = slides.all_slides(found, view)
    words = [_("Slide %(number)s of %(count)s", number=n, count=len(shown)) for n in range(1, len(shown) + 1)]
    return html.Div(
        [
            html.H1(found.content.header.title, className="visually-hidden"),
            html.Div(shown, className="slides", id=ids.SLIDES),
            _controls(found, len(shown)),
            html.Div(id=ids.LIVE, role="status", className="visually-hidden"),
            dcc.Store(id=ids.START, data={"count": len(shown), "words": words, "titles": slides.titles(view)}),
            dcc.Store(id=ids.STARTED),
        ],
        className="presentation",
        **{"data-at": "1", "data-back": href("/freigaben", {"release": found.publication.id})},
    )


def _controls(found: Released, count: int) -> Component:
    back = html.A(
        [icon("back"), html.Span(_("Released state"))],
        href=href("/freigaben", {"release": found.publication.id}),
        className="button qm-link",
    )
    return html.Nav(
        [
            back,
            _button("previous", _("Previous slide"), icon("back")),
            html.Span(f"1 / {count}", className="presentation-at", **{"aria-hidden": "true"}),
            _button("next", _("Next slide"), icon("back")),
            _button("full", _("Full screen (F)"), _("Full screen")),
            html.Button(_("Print"), type="button", className="button", **{"data-print": "true"}),
        ],
        className="presentation-controls",
        **{"aria-label": _("Presentation")},
    )


def _button(action: str, label: str, content: Component | str) -> Component:
    return html.Button(
        content,
        type="button",
        className=f"button presentation-{action}",
        title=label,
        **{"data-slide": action, "aria-label": label},
    )


def _nothing() -> Component:
    words = _("As soon as an office has released a state, its presentation stands here.")
    link = html.A([icon("back"), _("Released state")], href=href("/freigaben"), className="button qm-link")
    return html.Div(empty_state(_("There is nothing to present"), words, link, level=1), className="page")
