"""How many projects are down in each area of one kind, in the order of the names: no ranking."""

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.components import panel
from dashboard.formatting import format_number
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.pages.rueckbau import ids, links, panels, selection
from geodata.areas import Area
from geodata.demolitions import Project


def areas(projects: Sequence[Project], known: Sequence[Area], query: Mapping[str, str]) -> Component:
    """How many are down in each area of one kind, in the order of the names."""
    kind = selection.chosen_kind(known, query)
    counts = selection.by_area(projects, known, kind)
    head = _kind_links(known, kind, query)
    if not counts:
        text = _("No project lies in an area of this kind.") if kind else _("The city has no areas yet.")
        return panel(_("By area"), [head, html.P(text, className="quiet")])
    note = _("Areas of one kind in the order of their names; ended projects are among the projects.")
    content = [head, _area_table(counts, query), html.P(note, className="quiet rueckbau-note")]
    return panel(_("By area"), content, actions=links.map_link(_("Show on the map"), query))


def _kind_links(known: Sequence[Area], chosen: str | None, query: Mapping[str, str]) -> Component:
    choices = [
        html.A(
            code_label("area_kind", kind),
            href=links.same_page(query, **{ids.KIND: kind}),
            className="button button-small qm-link",
            **({"aria-current": "true"} if kind == chosen else {}),
        )
        for kind in selection.area_kinds(known)
    ]
    return html.Nav(choices, className="rueckbau-kinds", **{"aria-label": _("Kind of areas")})


def _area_table(counts: Sequence[selection.AreaCount], query: Mapping[str, str]) -> Component:
    lines = [
        html.Tr(
            [
                html.Th(
                    html.A(
                        count.area.name,
                        href=links.same_page(query, area=str(count.area.id)),
                        className="qm-link",
                    ),
                    scope="row",
                ),
                html.Td(panels.share_bar(count.demolished, count.projects)),
                html.Td(_down_text(count), className="number"),
            ]
        )
        for count in counts
    ]
    heads = [
        html.Th(_("Area"), scope="col"),
        html.Th(html.Span(_("Share"), className="visually-hidden"), scope="col"),
        html.Th(_("demolished"), scope="col", className="number"),
    ]
    return html.Table([html.Thead(html.Tr(heads)), html.Tbody(lines)], className="plain-table rueckbau-areas")


def _down_text(count: selection.AreaCount) -> str:
    return _("%(part)s of %(whole)s", part=format_number(count.demolished), whole=format_number(count.projects))
