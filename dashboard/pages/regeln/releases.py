"""Releases from a rule: what the software proposes, what is in force, and how one is ended."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import empty_state, panel
from dashboard.components.edit_form import edit_form
from dashboard.formatting import format_date, format_days, format_number
from dashboard.i18n import code_label, ngettext
from dashboard.i18n import gettext as _
from dashboard.pages.regeln.forms import END_RELEASE, RELEASE
from dashboard.pages.regeln.wish import END_RELEASE as ENDING
from dashboard.pages.regeln.wish import FORM, PAIRS, RELEASING, page_href, pair_code
from dashboard.pages.regeln.wish import RELEASE as RELEASE_ID
from dashboard.routes import href
from geodata.rules.reads import Release, ReleaseProposal

# So many lines a reader takes in; the rest are counted, and come when these are decided.
SHOWN: Final = 20


def proposals_panel(
    proposals: Sequence[ReleaseProposal], query: Mapping[str, str], as_of: str | None, day: date, *, may_write: bool
) -> Component:
    """The proposals, and for building control the form that releases the chosen ones."""
    title = _("Proposed: release from a rule")
    if not proposals:
        text = _(
            "A rule that names a number of controls proposes to release an object from it after so many in a row "
            "without a finding. At present no object has that many."
        )
        return panel(title, empty_state(_("Nothing is proposed"), text, level=3))
    shown = proposals[:SHOWN]
    lead = _(
        "These objects had as many controls without a finding in a row as their rule names. Nothing happens by itself: "
        "a person decides, with a reason. Duties by law are never proposed."
    )
    head = (
        _("Object"), _("Rule"), _("Without a finding in a row"), _("Last control"),
        *([_("Decide")] if may_write else []),
    )  # fmt: skip
    rows = [_proposal(one, as_of, may_write=may_write) for one in shown]
    rest = len(proposals) - len(shown)
    more = ngettext("%(count)s more follows when these are decided.", "%(count)s more follow when these are decided.",
                    rest, count=format_number(rest))  # fmt: skip
    form = [_release_form(shown, query, as_of, day)] if may_write and query.get(FORM) == RELEASING else []
    return panel(
        title,
        [
            html.P(lead, className="quiet"),
            *form,
            _lines(head, rows, title),
            *([html.P(more, className="quiet regeln-note")] if rest else []),
        ],
        actions=None if form or not may_write else _open_link(as_of),
        id="regeln-proposals",
    )


def _open_link(as_of: str | None) -> Component:
    return html.A(_("Release several"), href=page_href(as_of, **{FORM: RELEASING}), className="button qm-link")


def _proposal(one: ReleaseProposal, as_of: str | None, *, may_write: bool) -> list[object]:
    name = one.address or one.key
    cells: list[object] = [
        html.A(name, href=href(f"/objekt/{one.property_id}", {"as_of": as_of or None}), className="qm-link"),
        rule_of(one.control_type, one.interval_days),
        format_number(one.clean_visits),
        format_date(one.last_on),
    ]
    if may_write:
        pair = pair_code(one.property_id, one.rule_id)
        cells.append(
            html.A(
                _("Release from the rule"),
                href=page_href(as_of, **{FORM: RELEASING, PAIRS: pair}),
                className="qm-link",
                **{"aria-label": _("Release: %(object)s", object=name)},
            )
        )
    return cells


def rule_of(control_type: str, interval_days: int) -> str:
    """Joint control, every 180 days."""
    every = _("every %(days)s", days=format_days(interval_days))
    return f"{code_label('control_type', control_type)}, {every}"


def _release_form(
    proposals: Sequence[ReleaseProposal], query: Mapping[str, str], as_of: str | None, day: date
) -> Component:
    options = [(pair_code(one.property_id, one.rule_id), _option(one)) for one in proposals]
    known = {code for code, _label in options}
    chosen = tuple(code for code in query.get(PAIRS, "").split(",") if code in known)
    return html.Section(
        edit_form(
            RELEASE,
            values={"pairs": chosen, "since_on": day},
            about={"as_of": as_of} if as_of else {},
            cancel=page_href(as_of),
            options={"pairs": options},
        ),
        className="regeln-inner",
    )


def _option(one: ReleaseProposal) -> str:
    return _(
        "%(object)s: %(rule)s; %(count)s controls without a finding in a row",
        object=one.address or one.key,
        rule=rule_of(one.control_type, one.interval_days),
        count=format_number(one.clean_visits),
    )


# --- in force ---------------------------------------------------------------------------------------------------------


def releases_panel(
    releases: Sequence[Release], query: Mapping[str, str], as_of: str | None, day: date, *, may_write: bool
) -> Component:
    """The releases in force; each can be ended."""
    title = _("Released objects")
    if not releases:
        return panel(title, html.P(_("No object is released from a rule on this date."), className="quiet"))
    head = (
        _("Object"), _("Kind of control"), _("Released from the rule"), _("Reason"), _("Entered by"),
        *([_("Change")] if may_write else []),
    )  # fmt: skip
    wanted = query.get(RELEASE_ID) if query.get(FORM) == ENDING else None
    form = [_end_form(one, as_of, day) for one in releases if may_write and str(one.id) == wanted]
    rows = [_release(one, as_of, may_write=may_write) for one in releases]
    return panel(title, [*form, _lines(head, rows, title)], id="regeln-releases")


def _release(one: Release, as_of: str | None, *, may_write: bool) -> list[object]:
    name = one.address or one.key
    until = _("until before %(end)s", end=format_date(one.until_on)) if one.until_on else _("without an end")
    cells: list[object] = [
        html.A(name, href=href(f"/objekt/{one.property_id}", {"as_of": as_of or None}), className="qm-link"),
        code_label("control_type", one.control_type),
        f"{_('from %(first)s', first=format_date(one.since_on))}, {until}",
        one.reason or _("for case workers only"),
        one.by or "",
    ]
    if may_write:
        cells.append(
            html.A(
                _("End"),
                href=page_href(as_of, **{FORM: ENDING, RELEASE_ID: one.id}),
                className="qm-link",
                **{"aria-label": _("End the release: %(object)s", object=name)},
            )
        )
    return cells


def _end_form(one: Release, as_of: str | None, day: date) -> Component:
    about = {RELEASE_ID: str(one.id), **({"as_of": as_of} if as_of else {})}
    words = _("%(object)s: %(type)s", object=one.address or one.key, type=code_label("control_type", one.control_type))
    form = edit_form(END_RELEASE, values={"ends_on": day}, about=about, cancel=page_href(as_of))
    return html.Section([html.P(words), form], className="regeln-inner")


def _lines(head: Sequence[str], rows: Sequence[Sequence[object]], caption: str) -> Component:
    """A table whose lines become small cards on a phone."""
    heads = html.Tr([html.Th(name, scope="col") for name in head])
    body = [
        html.Tr(
            [
                html.Th(row[0], scope="row"),
                *(html.Td(cell, **{"data-label": name}) for name, cell in zip(head[1:], row[1:], strict=True)),
            ]
        )
        for row in rows
    ]
    return html.Table(
        [html.Caption(caption, className="visually-hidden"), html.Thead(heads), html.Tbody(body)],
        className="plain-table regeln-lines",
    )
