"""What else belongs to a project: its photographs before, during and after, its grants, its households, proceedings."""

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.components import link_button, panel
from dashboard.house_parts import closure_facts, grants_table
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.page import PageContext
from dashboard.pages.rueckbau import links
from dashboard.photograph_parts import figure, upload_form
from geodata.access import Asker
from geodata.codes import PHOTOGRAPH_MOMENTS
from geodata.demolitions import Project
from geodata.funding.grants import Grant
from geodata.funding.reads import read_grants_of
from geodata.housing.reads import Closure, read_closures_of
from geodata.photographs import READ, WRITE, Photograph, read_project_photographs


def around(asker: Asker, project: Project, context: PageContext) -> list[Component]:
    """Photographs, grants, households and the way to the proceedings, as far as the account may see them."""
    scope, found = context.scope, []
    if scope.allows(READ):
        pictures = read_project_photographs(asker, project.property_id, project.key)
        found.append(photographs(pictures, project, can_write=scope.allows(WRITE)))
    beside = []
    if scope.allows("funding:read"):
        grants = read_grants_of(asker, project.property_id, context.as_of)
        beside.append(money([one for one in grants if one.project_key in (None, project.key)], context.query))
    if scope.allows("housing:read"):
        beside.append(households(read_closures_of(asker, project.property_id, context.as_of), context.query))
    return [*found, html.Div(beside, className="rueckbau-pair")] if beside else found


def photographs(pictures: Sequence[Photograph], project: Project, *, can_write: bool) -> Component:
    """The pictures side by side by what they show; an empty column says so."""
    columns = [_column(moment, [one for one in pictures if one.moment == moment], can_write=can_write)
               for moment in PHOTOGRAPH_MOMENTS]  # fmt: skip
    parts: list[Component] = [html.Div(columns, className="rueckbau-moments")]
    if can_write:
        parts.append(upload_form(project.property_id, project_key=project.key))
    return panel(_("Photographs: before, during, after"), parts, id="fotos")


def _column(moment: str, pictures: Sequence[Photograph], *, can_write: bool) -> Component:
    heading = html.H3(code_label("photograph_moment", moment), className="rueckbau-moment")
    if not pictures:
        return html.Div([heading, html.P(_("No photograph yet."), className="quiet rueckbau-no-picture")])
    return html.Div([heading, *(figure(one, can_write=can_write) for one in pictures)])


def money(grants: Sequence[Grant], query: Mapping[str, str]) -> Component:
    """The grants of the project with their next deadline."""
    title = _("Grants of the project")
    if not grants:
        text = _("No grant is recorded for this project. Grants come as a delivery, or are entered under Funding.")
        return panel(title, html.P(text, className="quiet"))
    return panel(title, grants_table(grants, query, title))


def households(closures: Sequence[Closure], query: Mapping[str, str]) -> Component:
    """Where the households of the house are, as counts."""
    title = _("Households of the house")
    if not closures:
        text = _("No closing of this house is recorded, so nothing is known of its households.")
        return panel(title, html.P(text, className="quiet"))
    lead = links.evidence(_("Housing balance and whereabouts"), links.dated(query, "/wohnraum", view="verbleib"))
    return panel(title, [*(closure_facts(one) for one in closures), html.P(lead, className="rueckbau-more")])


def proceedings_link(project: Project, context: PageContext) -> Component | None:
    """The way to the proceedings of the house; None for whoever may not see them."""
    if not context.scope.allows("proceeding:read"):
        return None
    address = links.dated(context.query, f"/objekt/{project.property_id}") + "#verfahren"
    return link_button(_("To its proceedings"), address, symbol="flag")
