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
from dashboard.components.graph import graph, graph_config
from dashboard.components.native import check_group, date_input, radio_group, select, switch, text_input
from dashboard.components.table import data_table

__all__ = [
    "badge",
    "button",
    "check_group",
    "confirm_dialog",
    "data_table",
    "date_input",
    "empty_state",
    "error_panel",
    "facts",
    "folding_panel",
    "graph",
    "graph_config",
    "icon",
    "link_button",
    "loading",
    "notice",
    "notify",
    "page_header",
    "panel",
    "progress",
    "radio_group",
    "select",
    "switch",
    "text_input",
    "tile",
]
