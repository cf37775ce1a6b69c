"""The view of the pool: what is free, whether it is enough for so many households, and what it is needed for next."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.components import edit_form, empty_state, notice, panel, plain_table, query_field, remote_table
from dashboard.formatting import format_number
from dashboard.i18n import code_label, ngettext
from dashboard.i18n import gettext as _
from dashboard.in_time import Part
from dashboard.pages.wohnraum import ids, links, words
from dashboard.pages.wohnraum.parts import Shown
from dashboard.pages.wohnraum.pool_forms import ADD, CHANGE, area_options, dwelling_options
from dashboard.pages.wohnraum.tables import DWELLINGS
from geodata.access import Asker
from geodata.housing.needs import Need, read_needs
from geodata.housing.pool import Pool, PoolDwelling, is_enough, pool_of
from geodata.housing.reads import Bounds, read_bounds, read_pool_dwellings


def view(shown: Shown) -> list[Part]:
    """The pool, and what it is needed for."""
    return [
        (_("Replacement housing"), lambda asker: _pool(asker, shown)),
        (_("Before a clearance"), lambda asker: _needs(asker, shown)),
        (_("The pool one by one"), lambda asker: _listed(asker, shown)),
    ]


def _pool(asker: Asker, shown: Shown) -> Component:
    dwellings, bounds = _read(asker, shown)
    if not dwellings:
        text = _(
            "Before a house is closed, its households need somewhere to go. Once dwellings are delivered or entered "
            "here, this page says how many are free and whether they are enough."
        )
        return empty_state(_("No replacement dwelling yet"), text)
    as_of = shown.context.as_of
    later = words.later_words(dwellings, as_of)
    if not any(one.is_there(as_of) for one in dwellings):
        return empty_state(_("No replacement dwelling on this date"), " ".join(later))
    pool = pool_of(dwellings, as_of, is_confirmed=bounds.is_confirmed)
    lines: list[str | Component] = [*words.pool_lines(pool), *later, words.bounds_words(bounds)]
    return html.Div(
        [words.answer(lines), _check(shown, pool), panel(_("By size"), _by_size(dwellings, shown))],
        className="wohnraum-stack",
    )


def _read(asker: Asker, shown: Shown) -> tuple[tuple[PoolDwelling, ...], Bounds]:
    return read_pool_dwellings(asker, shown.context.as_of), read_bounds(asker).get("large_dwelling", Bounds())


def _check(shown: Shown, pool: Pool) -> Component:
    """The question whether the pool is enough; it stands in the link, so that the answer can be shared."""
    query, need = shown.context.query, shown.question.need
    fields = html.Div(
        [
            query_field(ids.NEED, _("Households"), query, kind="number"),
            query_field(ids.NEED_LARGE, _("of these large"), query, kind="number"),
        ],
        className="filter-bar-controls",
    )
    asked = html.Div(fields, className="filter-bar wohnraum-check", role="group",
                     **{"aria-label": _("Is the pool enough?")})  # fmt: skip
    if need is None:
        said: Component = html.P(
            _("Enter a number of households to see whether the pool is enough."), className="quiet"
        )
    else:
        large = min(shown.question.need_large, need)
        check = is_enough(pool, need, large)
        said = notice(words.check_words(check, need, large), kind="good" if check.is_enough else "bad")
    return panel(_("Is the pool enough?"), [asked, html.Div(said, role="status")])


def _by_size(dwellings: Sequence[PoolDwelling], shown: Shown) -> Component:
    as_of = shown.context.as_of
    there = [one for one in dwellings if one.is_there(as_of)]
    rows = []
    for rooms in sorted({one.rooms for one in there}):
        of_size = [one for one in there if one.rooms == rooms]
        free = [one for one in of_size if one.is_free(as_of)]
        rows.append([
            ngettext("%(count)s room", "%(count)s rooms", rooms, count=format_number(rooms)),
            format_number(len(free)),
            format_number(sum(one.is_taken(as_of) for one in of_size)),
            format_number(sum(one.places or 0 for one in free)),
            format_number(sum(one.is_barrier_free is True for one in free)),
        ])  # fmt: skip
    head = (_("Size"), _("Free"), _("Taken"), _("Persons in the free ones"), _("Free without steps"))
    return plain_table(head, rows, _("Replacement dwellings by size"))


def _needs(asker: Asker, shown: Shown) -> Component:
    """Houses that a running proceeding may close, and whether the pool is enough for each of them."""
    if not shown.context.scope.allows("proceeding:read"):
        return html.Div(hidden=True)
    needs = read_needs(asker, shown.question.chosen)
    if not needs:
        text = _("No running proceeding is about to close a house.")
        return panel(_("Before a clearance"), html.P(text, className="quiet"))
    dwellings, bounds = _read(asker, shown)
    pool = pool_of(dwellings, shown.context.as_of, is_confirmed=bounds.is_confirmed)
    rows = [_need_row(one, pool, shown) for one in needs]
    head = (_("Object"), _("Kind of proceeding"), _("Households at most"), _("Is the pool enough?"))
    note = _(
        "At most = one household in each dwelling; how many live there is known only on the spot. Each house is held "
        "against the whole pool: two at once need more. No clearance before replacement housing, save for immediate "
        "danger."
    )
    shown_table = plain_table(head, rows, _("Houses that a running proceeding may close"), numbers_from=len(head))
    return panel(_("Before a clearance"), [shown_table, html.P(note, className="wohnraum-note quiet")])


def _need_row(one: Need, pool: Pool, shown: Shown) -> list[str | Component]:
    address = html.A(one.address, href=links.object_address(one.property_id, shown.context.query), className="qm-link")
    kind = code_label("measure_kind", one.kind)
    if one.households is None:
        return [address, kind, _("not known"), _("cannot be said: the number of dwellings is not recorded")]
    check = is_enough(pool, one.households, 0)
    missing = ngettext(
        "%(count)s dwelling is missing", "%(count)s dwellings are missing", check.missing,
        count=format_number(check.missing),
    )  # fmt: skip
    return [address, kind, format_number(one.households), _("yes") if check.is_enough else missing]


def _listed(asker: Asker, shown: Shown) -> Component:
    dwellings, _bounds = _read(asker, shown)
    forms = _forms(shown, dwellings)
    if not any(one.is_there(shown.context.as_of) for one in dwellings):
        return html.Div(forms, className="wohnraum-stack")
    listed = remote_table(
        DWELLINGS, "wohnraum-pool", {"as_of": shown.context.as_of.isoformat()}, label=_("The pool one by one")
    )
    grid = panel(_("The pool one by one"), listed)
    return html.Div([grid, *forms], className="wohnraum-stack")


def _forms(shown: Shown, dwellings: Sequence[PoolDwelling]) -> list[Component]:
    if not shown.may_write:
        return []
    back = links.same_page(shown.context.query)
    forms = [edit_form(ADD, folded=True, cancel=back, options={"area_id": area_options(shown.areas)})]
    if dwellings:
        options = {"dwelling": dwelling_options(dwellings, shown.context.as_of)}
        forms.append(edit_form(CHANGE, folded=True, cancel=back, options=options))
    return [html.Div(forms, className="wohnraum-forms")]
