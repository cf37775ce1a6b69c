"""The menu that downloads what a page shows: for those who may, with the filter of the link."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from dashboard.auth import signed_in
from dashboard.components.basics import icon
from dashboard.i18n import gettext as _
from dashboard.routes import href
from dashboard.table import RemoteTable


@dataclass(frozen=True)
class Download:
    """One entry: its name, a few words on what it is for, and its address without a query."""

    label: str
    hint: str
    path: str


def export_links(table: RemoteTable, query: Mapping[str, str]) -> Component | None:
    """CSV and XLSX of a table for the filter of a link; None for whoever may not take files away."""
    return download_menu(table_downloads(table), table.query_of(query), permission=table.files_for)


def table_downloads(table: RemoteTable) -> list[Download]:
    """The two files of a table."""
    title = _(table.title)
    return [
        Download(
            _("%(table)s for Excel (XLSX)", table=title),
            _("with definitions on a second sheet"),
            f"/tables/{table.key}.xlsx",
        ),
        Download(_("%(table)s as CSV", table=title), _("for other programs"), f"/tables/{table.key}.csv"),
    ]


def download_menu(
    downloads: Sequence[Download],
    query: Mapping[str, object],
    *,
    permission: str = "export:create",
    follows_link: bool = False,
) -> Component | None:
    """The menu; with `follows_link` its addresses take the query from the link at the moment they are used."""
    if not signed_in().scope.allows(permission):
        return None
    follows = {"data-follows-link": "true"} if follows_link else {}
    entries = [
        html.A(
            [html.Span(one.label, className="download-label"), html.Span(one.hint, className="download-hint quiet")],
            href=href(one.path, query),
            className="menu-item download",
            **follows,
        )
        for one in downloads
    ]
    summary = html.Summary(
        [icon("download"), html.Span(_("Download")), icon("chevron")], className="menu-summary button"
    )
    return html.Details([summary, html.Div(entries, className="menu-body")], className="menu download-menu")
