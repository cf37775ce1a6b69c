"""Which kind of control also counts for which other, in words."""

from collections.abc import Iterable

from dash import html
from dash.development.base_component import Component

from dashboard.components import empty_state, panel
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from geodata.codes import CONTROL_TYPES

Pairs = frozenset[tuple[str, str]]


def satisfies_panel(pairs: Pairs) -> Component:
    """One line for each kind of control: what it also counts for, and what also counts for it."""
    title = _("Which control also counts for which other")
    if not pairs:
        text = _(
            "Each kind of control counts for its own rules only. Which kind also serves which other comes as data of "
            "the municipality; it then stands here."
        )
        return panel(title, empty_state(_("No kind serves another one"), text, level=3))
    head = (_("A control of this kind"), _("counts for its own rules and for"), _("its rules are also met by"))
    heads = html.Tr([html.Th(name, scope="col") for name in head])
    body = [
        html.Tr([html.Th(words[0], scope="row"), *(html.Td(one, **{"data-label": name}) for name, one in named)])
        for words in satisfies_rows(pairs)
        for named in [list(zip(head[1:], words[1:], strict=True))]
    ]
    caption = html.Caption(title, className="visually-hidden")
    table = html.Table([caption, html.Thead(heads), html.Tbody(body)], className="plain-table regeln-satisfies")
    note = _(
        "It counts only with the access that the rule asks for. Without an entry here a control counts for no other "
        "kind. The table comes as data and is not changed here."
    )
    return panel(title, [html.P(note, className="quiet"), table])


def satisfies_rows(pairs: Pairs) -> list[tuple[str, str, str]]:
    """Name of a kind, what it also serves, what also serves it."""
    return [
        (
            code_label("control_type", one),
            _names(served for held, served in pairs if held == one),
            _names(held for held, served in pairs if served == one),
        )
        for one in CONTROL_TYPES
    ]


def _names(codes: Iterable[str]) -> str:
    wanted = set(codes)
    found = [code_label("control_type", one) for one in CONTROL_TYPES if one in wanted]
    return ", ".join(found) if found else _("no other kind")
