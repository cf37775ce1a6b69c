"""The report of a delivery or of a check: counts with their meaning, refusal, remarks."""

from collections.abc import Sequence
from dataclasses import fields

from dash import html
from dash.development.base_component import Component

from dashboard.components import notice, tile
from dashboard.formatting import format_number
from dashboard.i18n import gettext as _
from dashboard.pages.lieferungen import figures
from dashboard.pages.lieferungen.etl_words import in_words
from geodata.deliveries import Counts


def count_tiles(counts: Counts) -> Component:
    """One tile for each count, with what it means; what is zero steps back."""
    tiles = [_count_tile(field.name, getattr(counts, field.name)) for field in fields(Counts)]
    return html.Div(tiles, className="tiles lieferungen-counts")


def refusal(reason: str) -> Component:
    """Why a delivery was refused whole."""
    return notice(
        [html.Strong(_("Refused: nothing of this file was taken over.")), html.P(in_words(reason))], kind="bad"
    )


def remark_list(remarks: Sequence[str]) -> Component:
    """What the load recognised and said."""
    return html.Ul([html.Li(in_words(remark)) for remark in remarks], className="lieferungen-remarks")


def _count_tile(name: str, count: int) -> Component:
    drawn = tile(_(figures.COUNT_LABELS[name]), format_number(count), hint=_(figures.COUNT_HINTS[name]))
    return html.Div(drawn, className="lieferungen-zero") if count == 0 else html.Div(drawn)
