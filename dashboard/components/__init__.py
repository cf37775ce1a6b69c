"""Parts that pages are made of; one import for all of them."""

from dashboard.components.basics import (
    badge,
    button,
    confirm_dialog,
    empty_state,
    error_panel,
    facts,
    folding_panel,
    icon,
    link_button,
    loading,
    notice,
    notify,
    page_header,
    panel,
    progress,
    tile,
)
from dashboard.components.chart import chart, plain_table, table_twin
from dashboard.components.edit_form import edit_form
from dashboard.components.export_links import export_links
from dashboard.components.figure_tile import definition, figure_tile, format_value, unit_word
from dashboard.components.filter_bar import filter_bar, query_field, query_select
from dashboard.components.graph import graph, graph_config
from dashboard.components.native import check_group, date_input, radio_group, select, switch, text_input
from dashboard.components.remote_table import remote_table
from dashboard.components.table import data_table

__all__ = [
    "badge",
    "button",
    "chart",
    "check_group",
    "confirm_dialog",
    "data_table",
    "date_input",
    "definition",
    "edit_form",
    "empty_state",
    "error_panel",
    "export_links",
    "facts",
    "figure_tile",
    "filter_bar",
    "folding_panel",
    "format_value",
    "graph",
    "graph_config",
    "icon",
    "link_button",
    "loading",
    "notice",
    "notify",
    "page_header",
    "panel",
    "plain_table",
    "progress",
    "query_field",
    "query_select",
    "radio_group",
    "remote_table",
    "select",
    "switch",
    "table_twin",
    "text_input",
    "tile",
    "unit_word",
]
