"""Fairness on the web: tables, words and what was released keep the rules of geodata/fairness.py."""

import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import shapely
from dash.development.base_component import Component
from flask import Flask

import dashboard.pages
from dashboard import i18n
from dashboard.pages.praesentation import slides
from dashboard.released import View
from dashboard.table import Column, RemoteTable, Slice, TablePage
from dashboard.tables import _problems
from geodata import fairness
from geodata.access import PERMISSIONS, Asker
from geodata.publishing.publication import Content, Definition, Header, PublishedArea, PublishedFigure
from geodata.publishing.published_figures import KEYS

ROOT = Path(__file__).parents[2]
# Where defects are named, and what stands beside them there; a new place has to be looked at and noted here.
PLACES_OF_DEFECTS = {
    "dashboard/assessment_words.py": "the defects of the last control of one object, with its date; no numbers",
    "dashboard/components/figure_tile.py": "the unit of a figure of the register: per inspection",
    "dashboard/form_words.py": "why a form refuses defects at a control without a finding",
    "dashboard/pages/kontrollen/ids.py": "the id of the chart that result_view draws",
    "dashboard/pages/kontrollen/result_figures.py": "beside the number of inspections and those without finding",
    "dashboard/pages/kontrollen/result_view.py": "the panel of them, which says how many were without finding",
    "dashboard/pages/objekt/actions.py": "the form that corrects one control",
    "dashboard/pages/objekt/changes.py": "what an edit changed in one control",
    "dashboard/pages/objekt/figures.py": "the defects of one control, with its date and result",
    "dashboard/pages/objekt/forms.py": "the form of one control",
    "dashboard/pages/objekt/timeline.py": "the defects of one control, with its date and result",
    "dashboard/pages/planer/files.py": "boxes to tick by hand, one object each",
    "dashboard/pages/planer/recording.py": "the form of one control",
    "dashboard/pages/planer/words.py": "the defects of one control, with its result",
    "dashboard/pages/quartier/words.py": "which fields of a control an edit changed",
    "dashboard/pages/runde/capture.py": "the form of one round with its controls",
    "dashboard/pages/runde/layout.py": "of n controls, and how many were without a finding",
    "dashboard/visit_fields.py": "the form of one control",
}


def tables_of_pages() -> dict[str, RemoteTable]:
    """Every table that a page declares."""
    found: dict[str, RemoteTable] = {}
    for module in pkgutil.walk_packages(dashboard.pages.__path__, "dashboard.pages."):
        named = vars(importlib.import_module(module.name)).values()
        found |= {one.key: one for one in named if isinstance(one, RemoteTable)}
    return found


TABLES = tables_of_pages()


def test_every_registered_table_is_looked_at(server: Flask) -> None:
    rules = [re.fullmatch(r"/tables/(\w+)/rows", rule.rule) for rule in server.url_map.iter_rules()]
    assert {found[1] for found in rules if found} <= set(TABLES) | {"gebiete"}


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_no_table_sorts_by_persons_and_no_published_one_by_a_figure(table: RemoteTable) -> None:
    assert _problems(table) == []
    if table.permission in PERMISSIONS["politics"]:
        assert table.sortable == ()


def test_a_table_that_breaks_a_rule_would_be_found() -> None:
    def read(asker: Asker, query: object, wanted: Slice) -> TablePage:
        return TablePage((), 0)

    columns = (Column("persons_met", "Met", "integer", is_sortable=True), Column("value", "Value", "decimal"))
    of_rounds = RemoteTable("rounds", "Rounds", "person:read", columns, read)
    assert _problems(of_rounds) == ["The table rounds sorts by 'persons_met'."]
    released = RemoteTable(
        "released", "R", "publication:read", (Column("value", "V", "decimal", is_sortable=True),), read
    )
    assert _problems(released) == ["The published table released sorts by 'value'."]


def texts() -> Iterator[tuple[str, str]]:
    """Everything that the interface says: catalogues in both languages, templates and scripts."""
    for language in i18n.LANGUAGES:
        for message in i18n.read_catalogue(language):
            said = [message.string] if isinstance(message.string, str) else list(message.string)
            yield from ((f"{language}: {message.id}", text) for text in said)
            # Codes are names for machines; other msgids are what the English interface says.
            if isinstance(message.id, str) and not re.fullmatch(r"[a-z_]+:[\w ]+", message.id):
                yield f"msgid {message.id}", message.id
    for path in [*(ROOT / "dashboard" / "templates").glob("*.html"), *(ROOT / "dashboard" / "assets").glob("*.js")]:
        yield path.name, path.read_text(encoding="utf-8")


def test_no_word_of_the_interface_brands_places_or_people() -> None:
    found = [(where, words) for where, text in texts() if (words := fairness.branding_words_in(text))]
    assert found == []


def test_no_translation_and_no_page_uses_the_words_of_experts() -> None:
    # Plotly's own English words come in as msgids; what a reader meets is their translation.
    shown = [(where, text) for where, text in texts() if not where.startswith("msgid") and not where.endswith(".js")]
    assert len(shown) > 1_000
    assert [(where, words) for where, text in shown if (words := fairness.words_that_stay_out_of(text))] == []


def test_every_place_that_names_defects_is_known() -> None:
    """Beside a number of defects stand the controls and those without a finding; a single control stands for itself."""
    naming = {
        path.relative_to(ROOT).as_posix()
        for package in ("dashboard", "layers")
        for path in (ROOT / package).rglob("*.py")
        if re.search(r"\bdefects?\b", _code(path))
    }
    assert naming == set(PLACES_OF_DEFECTS)
    counted = (ROOT / "dashboard/pages/runde/layout.py").read_text(encoding="utf-8")
    assert re.search(r"of %\(count\)s controls", counted)
    assert re.search(r"without a finding", counted)


def test_what_is_released_is_shown_in_the_order_of_names_whatever_the_figures(server: Flask) -> None:
    """The quarter with the most objects comes last by name, and stays there."""
    view = View(a_release({"Altstadt": 6, "Mitte": 40, "Nord": 9, "Zentrum": 80}))
    names = [one.name for one in view.areas(view.kinds[0])]
    assert names == ["Altstadt", "Mitte", "Nord", "Zentrum"]
    with server.test_request_context():
        drawn = [_texts_of(slides._map(view)), _texts_of(slides._inspections(view))]
    assert [[text for text in one if text in names] for one in drawn] == [names, names]


def a_release(objects_open: Mapping[str, int]) -> Content:
    """A released state of these areas, in this order, with one count for each."""
    kind = ("stadtbezirk", ("Stadtbezirk", "District"))
    areas = tuple(
        PublishedArea(
            number, *kind, name.lower(), name, shapely.MultiPolygon([shapely.box(number, 0, number + 1, 1)]).wkb, None
        )
        for number, name in enumerate(objects_open, start=1)
    )
    words = ("Zahl", "Number")
    definitions = tuple(
        Definition(number, key, "objects", words, "condition", None, (key, key), words, words)
        for number, key in enumerate(KEYS, start=1)
    )
    figures = tuple(
        PublishedFigure("stadtbezirk", name.lower(), key, Decimal(count), False)
        for name, count in objects_open.items()
        for key in ("objects_open", "objects_overdue")
    )
    day, moment = date(2026, 11, 15), datetime(2026, 11, 15, tzinfo=UTC)
    header = Header("de-x", "Stadt", True, "Titel", day, moment, "public", 5, day, day, moment, "", 1, "")
    return Content(header, areas, definitions, figures, (), ())


def _square(number: int) -> bytes:
    outline: bytes = shapely.MultiPolygon([shapely.box(number, 0, number + 1, 1)]).wkb
    return outline


def _code(path: Path) -> str:
    """A module without its comments and docstrings."""
    source = path.read_text(encoding="utf-8")
    return re.sub(r'"""[\s\S]*?"""|#[^\n]*', "", source)


def _texts_of(node: object) -> list[str]:
    if isinstance(node, str):
        return [node]
    if isinstance(node, list | tuple):
        return [text for one in node for text in _texts_of(one)]
    return _texts_of(getattr(node, "children", None)) if isinstance(node, Component) else []
