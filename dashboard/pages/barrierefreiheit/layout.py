"""What the application keeps of WCAG 2.1 AA, what not yet, and whom to tell."""

import re

from dash import html
from dash.development.base_component import Component

from dashboard.components import page_header, panel
from dashboard.i18n import gettext as _
from dashboard.page import PageContext
from dashboard.wiring import Wiring


def register(wiring: Wiring) -> None:
    """The page needs no callbacks."""


def build(context: PageContext) -> Component:
    """The statement."""
    return html.Div(
        [
            page_header(
                _("Accessibility"),
                lead=_("This application is meant for everybody, also without a mouse and without seeing it."),
            ),
            panel(_("How it is meant to work"), html.Ul([html.Li(text) for text in _promises()])),
            panel(_("Known limits"), html.Ul([html.Li(text) for text in _limits()])),
            panel(_("Report a barrier"), [_report(), contact_of(context.deps.settings.contact)]),
        ],
        className="page page-text",
    )


def _promises() -> list[str]:
    return [
        _("Every map has a table with the same filter and the same content; the table can be used with the keyboard."),
        _("What a colour says, a shape or a word says too."),
        _("The first Tab key on each page leads past the navigation to the content."),
        _("Texts can be enlarged to 200 %; on a narrow screen nothing has to be scrolled sideways except tables."),
        _("The standard is EN 301 549 with WCAG 2.1, level AA, as the ordinance BITV NRW asks for."),
    ]


def _limits() -> list[str]:
    return [
        _("The drawing of a map itself cannot be explored with the keyboard; its table is the equivalent."),
        _("No outside body has examined the application yet; it is checked by automatic tests and by hand."),
    ]


def _report() -> Component:
    return html.P(
        _(
            "Tell the office that runs this application for your city what you wanted to do, on which page, and what "
            "stood in the way. Your report is about the application: it needs no names and no addresses."
        )
    )


def contact_of(contact: str | None) -> Component:
    """Whom to tell, as the operator has set it; one e-mail address is a link."""
    if contact is None:
        return html.P(
            _(
                "The operator of this installation has not named a contact yet (QM_CONTACT). Until then the "
                "administration of this application takes your report."
            )
        )
    is_address = re.fullmatch(r"[^\s@<>?&,]+@[^\s@<>?&,]+\.[^\s@<>?&,]+", contact)
    return html.P([_("Contact"), ": ", html.A(contact, href=f"mailto:{contact}") if is_address else contact])
