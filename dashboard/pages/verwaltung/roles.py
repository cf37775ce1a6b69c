"""Who may do what: every role in a sentence, and every permission of every role, straight from `geodata.access`."""

from dash import html
from dash.development.base_component import Component

from dashboard.components import icon
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from geodata.access import PERMISSION_WORDS, ROLES


def roles_table() -> Component:
    """The sentences and the table. What is not ticked is refused, on pages, in files and by the database."""
    sentences = [
        html.Div([html.Dt(code_label("role", role)), html.Dd(_(rights.words))], className="fact")
        for role, rights in ROLES.items()
    ]
    notes = [
        _(
            "Politics sees released states only: figures, maps and texts that an office has put together and checked, "
            "so that no single household can be made out. No account of this role reaches the register."
        ),
        _(
            "A neighbourhood office that a contractor runs is not part of the administration. It gets a role of its "
            "own, areas of its own and, best, an end of its own: the day on which the contract ends."
        ),
        _("A changed role, area or end holds from the next request of the account on."),
    ]
    return html.Div(
        [
            html.Dl(sentences, className="facts verwaltung-roles"),
            html.Ul([html.Li(note) for note in notes], className="verwaltung-notes"),
            html.Div(
                html.Table([html.Thead(_head()), html.Tbody(_rows())], className="plain-table verwaltung-rights"),
                className="verwaltung-scroll",
                role="region",
                tabIndex="0",
                **{"aria-label": _("Permissions of the roles")},
            ),
        ]
    )


def _head() -> Component:
    roles = [html.Th(code_label("role", role), scope="col") for role in ROLES]
    return html.Tr([html.Th(_("Permission"), scope="col"), *roles])


def _rows() -> list[Component]:
    return [
        html.Tr(
            [
                html.Th(_(words), scope="row"),
                *[html.Td(_tick(is_allowed=permission in rights.permissions)) for rights in ROLES.values()],
            ]
        )
        for permission, words in PERMISSION_WORDS.items()
    ]


def _tick(*, is_allowed: bool) -> Component:
    if is_allowed:
        return icon("check", label=_("yes"))
    return html.Span([html.Span("–", **{"aria-hidden": "true"}), html.Span(_("no"), className="visually-hidden")])
