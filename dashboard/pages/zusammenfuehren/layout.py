"""The page: choose the other object, compare field by field, say which one goes on; or divide the object."""

from collections.abc import Mapping, Sequence
from datetime import date

from dash import html
from dash.development.base_component import Component

from dashboard.components import empty_state, icon, link_button, notice, page_header, panel, query_field
from dashboard.components.edit_form import edit_form
from dashboard.formatting import format_distance
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.page import PageContext
from dashboard.pages.zusammenfuehren.comparison import Compared, compare, older_first
from dashboard.pages.zusammenfuehren.dividing import DIVIDE, address_options, fact_options
from dashboard.pages.zusammenfuehren.merging import MERGE
from dashboard.place_words import property_detail, property_href, property_title
from dashboard.routes import href
from geodata.access import Asker
from geodata.calendar import today
from geodata.edits import AddressDraft, Duplicate, possible_duplicates
from geodata.edits.movable import read_movable
from geodata.filters import TEXT_MAX_LENGTH
from geodata.merges import merged_into
from geodata.property_detail import PropertyDetail, find_property, read_property
from geodata.property_search import FoundProperty, search_properties


def layout(context: PageContext) -> Component:
    """`/zusammenfuehren/<id>`: `?mit=<id>` compares, `&weiter=<id>` says which one goes on, `?teilen=1` divides."""
    with context.deps.asker() as asker:
        detail = _read(asker, context.path, context.as_of)
        if detail is None:
            return _missing(asker, context.path)
        body = _body(asker, context, detail)
    head = page_header(
        _("Merge or divide"),
        lead=f"{_title(detail)} ({detail.register}/{detail.key})",
        actions=link_button(_("Back to the object"), property_href(detail.id), symbol="back"),
    )
    return html.Div([head, _tabs(context, detail), *body], className="page merging")


def _read(asker: Asker, reference: str, as_of: date) -> PropertyDetail | None:
    """The object as it is known today, or at the later date that the data speak for."""
    property_id = find_property(asker, reference)
    if property_id is None or merged_into(asker, property_id) is not None:
        return None
    return read_property(asker, property_id, max(as_of, today()))


def _missing(asker: Asker, reference: str) -> Component:
    property_id = find_property(asker, reference)
    link = merged_into(asker, property_id) if property_id is not None else None
    if link is None:
        words = _("The number is mistyped, or the object is not in your city.")
        return html.Div(empty_state(_("No such object"), words, level=1), className="page")
    go = link_button(_("To the object that goes on"), property_href(link.property_id))
    words = _("This object was given up for another one already.")
    return html.Div(empty_state(_("Merged already"), words, go, level=1), className="page")


def _tabs(context: PageContext, detail: PropertyDetail) -> Component:
    is_divide = context.query.get("teilen") == "1"
    here = f"/zusammenfuehren/{detail.id}"
    entries = [(_("Merge"), href(here), not is_divide), (_("Divide"), href(here, {"teilen": "1"}), is_divide)]
    links = [
        html.A(words, href=address, className="merging-tab qm-link", **({"aria-current": "page"} if is_here else {}))
        for words, address, is_here in entries
    ]
    return html.Nav(links, className="merging-tabs", **{"aria-label": _("What to do")})


def _body(asker: Asker, context: PageContext, detail: PropertyDetail) -> list[Component]:
    if context.query.get("teilen") == "1":
        return _divide(asker, detail)
    other = _read(asker, context.query["mit"], context.as_of) if context.query.get("mit") else None
    if other is None or other.id == detail.id:
        return _choose(asker, context, detail)
    return _merge(asker, context, detail, other)


def _title(detail: PropertyDetail) -> str:
    return detail.address_text or _("Property %(key)s", key=detail.key)


# --- choosing the other one -------------------------------------------------------------------------------------------


def _choose(asker: Asker, context: PageContext, detail: PropertyDetail) -> list[Component]:
    typed = context.query.get("suche", "")[:TEXT_MAX_LENGTH]
    addresses = [AddressDraft(one.street, one.house_number, one.house_number_suffix) for one in detail.addresses]
    place = (detail.position.longitude, detail.position.latitude) if detail.position else None
    likely = possible_duplicates(asker, addresses, place, except_id=detail.id)
    found = search_properties(asker, typed, except_id=detail.id)
    search = html.Div(
        html.Div(
            query_field("suche", _("Address, key or file reference"), context.query), className="filter-bar-controls"
        ),
        className="filter-bar",
        role="search",
        **{"aria-label": _("Search of the other object")},
    )
    gone = [notice(_("The other object of the link is not there any more."))] if context.query.get("mit") else []
    return [
        *gone,
        panel(_("Likely the same object"), _likely(detail, likely)),
        panel(_("Another object"), [search, _found(detail, typed, found)]),
    ]


def _likely(detail: PropertyDetail, likely: Sequence[Duplicate]) -> Component:
    if not likely:
        return html.P(_("No other object has the same address or lies within 30 m."), className="quiet")
    entries = [
        _entry(detail, one.property_id, one.address or one.key, [one.key, code_label("state", one.state), _why(one)])
        for one in likely
    ]
    return html.Ul(entries, className="work-list")


def _why(other: Duplicate) -> str:
    if other.why == "address":
        return _("same address")
    return _("%(distance)s away", distance=format_distance(other.distance_m))


def _found(detail: PropertyDetail, typed: str, found: Sequence[FoundProperty]) -> Component:
    if not typed.strip():
        return html.P(_("Type part of an address, a key or a file reference, and press Enter."), className="quiet")
    if not found:
        return html.P(_("No object has all these words."), className="quiet", role="status")
    entries = [_entry(detail, one.id, property_title(one), [property_detail(one)]) for one in found]
    return html.Ul(entries, className="work-list")


def _entry(detail: PropertyDetail, other_id: int, title: str, words: Sequence[str]) -> Component:
    compare_with = href(f"/zusammenfuehren/{detail.id}", {"mit": other_id})
    text = [
        html.A(title, href=property_href(other_id), className="qm-link work-title"),
        html.Div(", ".join(word for word in words if word), className="work-line"),
    ]
    name = _("Compare with %(title)s", title=title)
    go = html.A(_("Compare"), href=compare_with, className="button qm-link", **{"aria-label": name})
    return html.Li([html.Div(text, className="work-text"), go], className="work-entry")


# --- merging ----------------------------------------------------------------------------------------------------------


def _merge(asker: Asker, context: PageContext, detail: PropertyDetail, other: PropertyDetail) -> list[Component]:
    goes_on, given_up = older_first(detail, other)
    if context.query.get("weiter") == str(given_up.id):
        goes_on, given_up = given_up, goes_on
    rows = compare(given_up, goes_on, read_movable(asker, given_up.id), read_movable(asker, goes_on.id))
    about = {"from": str(given_up.id), "into": str(goes_on.id)}
    form = edit_form(MERGE, values={"happened_on": today()}, about=about, has_title=False)
    return [
        _which_goes_on(detail, other, goes_on),
        panel(_("Comparison"), _table(rows, given_up, goes_on)),
        panel(_("What happens"), _consequences(given_up, goes_on)),
        panel(_("Merge"), form),
    ]


def _which_goes_on(detail: PropertyDetail, other: PropertyDetail, goes_on: PropertyDetail) -> Component:
    here = f"/zusammenfuehren/{detail.id}"
    links = [
        html.A(
            [icon("check") if one.id == goes_on.id else "", f"{_title(one)} ({one.key})"],
            href=href(here, {"mit": other.id, "weiter": one.id}),
            className="merging-choice qm-link",
            **({"aria-current": "true"} if one.id == goes_on.id else {}),
        )
        for one in (detail, other)
    ]
    return panel(_("Which one goes on?"), html.Div(links, className="merging-choices"))


def _table(rows: Sequence[Compared], given_up: PropertyDetail, goes_on: PropertyDetail) -> Component:
    heads = [
        _("Field"),
        _("is given up: %(key)s", key=given_up.key),
        _("goes on: %(key)s", key=goes_on.key),
        _("afterwards"),
    ]
    head = html.Tr([html.Th(words, scope="col") for words in heads])
    body = [
        html.Tr(
            [
                html.Th(row.label, scope="row"),
                html.Td(row.given_up, **{"data-label": heads[1]}),
                html.Td(row.goes_on, **{"data-label": heads[2]}),
                html.Td(row.afterwards, className="merging-after", **{"data-label": heads[3]}),
            ],
            className="merging-differs" if row.differs else "",
        )
        for row in rows
    ]
    return html.Table([html.Thead(head), html.Tbody(body)], className="plain-table merging-table")


def _consequences(given_up: PropertyDetail, goes_on: PropertyDetail) -> Component:
    names: Mapping[str, str] = {"given_up": given_up.key, "goes_on": goes_on.key}
    sentences = [
        _(
            "All addresses, parcels, states, controls, notes and photographs of %(given_up)s move to %(goes_on)s.",
            **names,
        ),
        _("The states of both become one history; the latest one holds."),
        _("%(given_up)s counts nowhere from that date on; before it, both count as they did.", **names),
        _("Later deliveries for %(given_up)s find %(goes_on)s. Links to %(given_up)s say where it goes on.", **names),
        _("Nothing is lost: the record says what came from where, and the merge can be taken back."),
    ]
    return html.Ul([html.Li(sentence) for sentence in sentences])


# --- dividing ---------------------------------------------------------------------------------------------------------


def _divide(asker: Asker, detail: PropertyDetail) -> list[Component]:
    facts = read_movable(asker, detail.id)
    options = {"addresses": address_options(detail.addresses), "facts": fact_options(facts)}
    values = {"happened_on": today(), "use_type": detail.use_type, "is_inhabited": detail.is_inhabited}
    form = edit_form(DIVIDE, values=values, about={"property": str(detail.id)}, options=options, has_title=False)
    words = _(
        "One record holds two objects? The new one takes the addresses and facts that are chosen here; all others stay."
    )
    return [panel(_("Divide"), [html.P(words, className="quiet"), form])]
