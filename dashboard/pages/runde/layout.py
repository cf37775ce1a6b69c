"""The page of rounds: the form of a new one, or the summary of one that was recorded."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.components import badge, empty_state, facts, link_button, notice, page_header, panel, tile
from dashboard.components.edit_form import edit_form
from dashboard.form import AddressText
from dashboard.formatting import format_date, format_number, format_percent
from dashboard.i18n import code_label, ngettext
from dashboard.i18n import gettext as _
from dashboard.logged import log
from dashboard.page import PageContext
from dashboard.pages.runde import ids
from dashboard.pages.runde.capture import FORM, INSPECTIONS, MOST_OBJECTS, TAKE_BACK
from dashboard.place_words import property_href, property_title
from dashboard.routes import href
from geodata.calendar import today
from geodata.codes import CONTROL_TYPES
from geodata.errors import InvalidFilter
from geodata.filters import read_day
from geodata.property_search import FoundProperty, read_chosen
from geodata.round_detail import RoundDetail, RoundVisit, read_round

_ID_DIGITS = 18


def layout(context: PageContext) -> Component:
    """`/runde/<id>` is the summary of a round; `/runde?objects=12,15&date=2026-11-15&kind=joint_control` begins one."""
    return _summary_page(context) if context.path else _form_page(context)


# --- a new round ------------------------------------------------------------------------------------------------------


def _form_page(context: PageContext) -> Component:
    asked = property_ids(context.query.get("objects", ""))
    with context.deps.asker() as asker:
        chosen = read_chosen(asker, asked)
    head = page_header(
        _("Record a round"),
        lead=_("First the round, then its objects one by one. What you enter stays here without a connection, too."),
    )
    missing = len(asked) - len(chosen)
    strip = html.Nav(id=ids.STRIP, className="runde-strip", hidden=True, **{"aria-label": _("Objects of the round")})
    words = {
        "item": _("Object %(number)s"),
        "problem": _("has a problem"),
        "done": _("filled in"),
        "previous": _("Object before"),
        "next": _("Object after"),
    }
    form = edit_form(FORM, values=given(context.query, chosen), has_title=False)
    columns = html.Div(
        [strip, panel(_("Entry"), form)],
        className="runde-columns",
        **{f"data-{name}": text for name, text in words.items()},
    )
    return html.Div([head, *([_missing(missing)] if missing else []), columns], className="page runde", id="runde")


def property_ids(text: str) -> list[int]:
    """The ids of a link, each once; what is none is left out."""
    found = [int(part) for part in text.split(",") if part.isascii() and part.isdecimal() and len(part) <= _ID_DIGITS]
    return list(dict.fromkeys(found))[:MOST_OBJECTS]


def given(query: Mapping[str, str], chosen: Sequence[FoundProperty]) -> dict[str, Any]:
    """What a link fills in; an unreadable part is left out, because the user sees what is there."""
    try:
        held_on = read_day("date", query) or today()
    except InvalidFilter:
        held_on = today()
    kind = query.get("kind")
    values: dict[str, Any] = {
        "held_on": min(held_on, today()),
        "kind": kind if kind in CONTROL_TYPES else "joint_control",
    }
    blocks = tuple(
        {"property_id": AddressText(property_title(one), str(one.id)), "note_class": "case"} for one in chosen
    )
    return values | ({INSPECTIONS: blocks} if blocks else {})


def _missing(count: int) -> Component:
    words = ngettext(
        "%(count)s object of the link is not there any more.",
        "%(count)s objects of the link are not there any more.",
        count,
        count=count,
    )
    return notice(words)


# --- one that was recorded --------------------------------------------------------------------------------------------


def _summary_page(context: PageContext) -> Component:
    known = property_ids(context.path)
    with context.deps.asker() as asker:
        detail = read_round(asker, known[0]) if len(known) == 1 else None
    if detail is None:
        words = _("There is no such round, or it was withdrawn.")
        return html.Div(empty_state(_("No such round"), words, _again(), level=1), className="page")
    if detail.persons:
        # Before they are shown: what cannot be logged is not answered.
        log(context.deps, "read_restricted", f"round {detail.id}")
    title = _("Round of %(date)s", date=format_date(detail.held_on))
    kind = code_label("control_type", detail.kind)
    lead = f"{kind}, {detail.place}" if detail.place else kind
    return html.Div(
        [
            page_header(title, lead=lead, actions=_again()),
            _tiles(detail),
            panel(_("Objects"), _visits(detail)),
            *([panel(_("Defects"), _defects(detail))] if detail.visits else []),
            panel(_("Who took part"), _taking_part(detail)),
            *([panel(_("Counts of persons"), _persons(detail))] if detail.persons else []),
            *_ending(detail),
        ],
        className="page runde",
        id="runde",
    )


def _ending(detail: RoundDetail) -> list[Component]:
    """How to correct it: a round that was entered at once is taken back as a whole, one of a plan object by object."""
    if detail.plan_number is not None:
        words = _("This round was planned; its outcomes were recorded object by object and are corrected in the plan.")
        plan = link_button(_("Open the plan"), href(f"/planer/{detail.plan_number}"), symbol="calendar")
        return [notice([html.P(words), plan])]
    if detail.edit_id is None:
        return []
    return [edit_form(TAKE_BACK, about={"edit": str(detail.edit_id)}, folded=True)]


def _again() -> Component:
    return link_button(_("Record another round"), href("/runde"), symbol="plus")


def _tiles(detail: RoundDetail) -> Component:
    count = len(detail.visits)
    of_all = ngettext("of %(count)s control", "of %(count)s controls", count, count=format_number(count))
    tiles = [
        tile(_("Objects visited"), format_number(count)),
        tile(_("Without access"), format_number(detail.without_access), hint=of_all),
        tile(_("With a finding"), format_number(detail.with_finding), hint=of_all),
    ]
    return html.Div(tiles, className="tiles")


def _visits(detail: RoundDetail) -> Component:
    if not detail.visits:
        return html.P(_("No control of a single object belongs to this round."), className="quiet")
    return html.Ul([_visit(visit) for visit in detail.visits], className="work-list")


def _visit(visit: RoundVisit) -> Component:
    title = visit.address_text or _("Property %(key)s", key=visit.key)
    words = _(
        "Access: %(access)s. Result: %(result)s",
        access=code_label("access", visit.access_reached),
        result=code_label("result", visit.result),
    )
    defects = ", ".join(code_label("defect", code) for code in visit.defects)
    text = [
        html.A(title, href=property_href(visit.property_id), className="qm-link work-title"),
        html.Div(words, className="work-line"),
        *([html.Div(defects, className="work-line")] if defects else []),
    ]
    mark = [badge(_("no access"), kind="warn")] if visit.access_reached == "none" else []
    return html.Li([html.Div(text, className="work-text"), *mark], className="work-entry")


def _defects(detail: RoundDetail) -> Component:
    """Never a defect without the number of controls, and with the share that found nothing."""
    count = len(detail.visits)
    clean = sum(visit.result == "no_finding" for visit in detail.visits)
    share = _(
        "%(clean)s of %(count)s controls without a finding (%(share)s).",
        clean=format_number(clean),
        count=format_number(count),
        share=format_percent(clean / count),
    )
    of_all = format_number(count)
    pairs = [
        (code_label("defect", code), _("%(found)s of %(count)s controls", found=format_number(found), count=of_all))
        for code, found in detail.defects.items()
    ]
    return html.Div([facts(pairs), html.P(share, className="quiet")])


def _taking_part(detail: RoundDetail) -> Component:
    def said(value: bool | None) -> str:  # noqa: FBT001 - the value itself is what is put into words
        return _("not known") if value is None else _("yes") if value else _("no")

    offices = ", ".join(code_label("office", code) for code in detail.offices) or _("not stated")
    return facts(
        [
            (_("Offices"), offices),
            (_("Interpreter present"), said(detail.interpreter_present)),
            (_("Social worker present"), said(detail.social_worker_present)),
        ]
    )


def _persons(detail: RoundDetail) -> Component:
    labels = {
        "persons_registered": _("Registered"),
        "persons_met": _("Met"),
        "persons_met_not_registered": _("Met but not registered"),
        "persons_reported": _("Reported to the registry"),
        "persons_deregistered": _("De-registered (known later)"),
    }
    pairs = [(labels[name], format_number(number)) for name, number in detail.persons.items()]
    why = _("Never summed, because one person can be in several of these counts. Only building control sees them.")
    return html.Div([facts(pairs), html.P(why, className="quiet")])
