"""What a layer is, and how layers are found.

A layer is one file below `layers` with `LAYER = Layer(...)`. Menu, legend, table, data route and the test that it
refuses an empty scope find it by themselves. What the browser gets is split in three, so that nothing travels twice:

- `trace()`: templates of Plotly traces, fixed in number and order: style, hover, where it lies. They go with the page.
- `load()`: the columns of these traces for one filter and one part of the map, by URL with an ETag. A column's name is
  the path in the template that it fills (`marker.symbol`); a trace without columns is not drawn.
- `geometry()`: outlines, by a URL of their own, because they change seldom. A column "geojson" that is the text
  GEOMETRY is replaced by them in the browser.

Titles and labels are English msgids; a layer gets the words of the request by `Words` and knows no catalogue.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

import layers
from geodata import fairness
from geodata.access import PERMISSIONS, Asker, Scope
from geodata.filters import PropertyFilter
from geodata.properties import Frame

GEOMETRY: Final = "geometry"
AREA_HEAD: Final = ("Area", "Objects")

# objects = one of them at a time decides how properties are drawn; overlay and background = each on its own.
Group = Literal["objects", "overlay", "areas", "background"]
Theme = Literal["light", "dark"]
THEMES: Final[tuple[Theme, ...]] = ("light", "dark")
Trace = Mapping[str, Any]
Columns = Mapping[str, Any]


@dataclass(frozen=True)
class Words:
    """The language of the request: a label of a code list, a message, a date, a number."""

    code: Callable[[str, str | None], str]
    message: Callable[[str], str]
    day: Callable[[date | None], str]
    number: Callable[[int], str]


@dataclass(frozen=True)
class Wish:
    """What is asked of a layer: for which filter and date, which part of the map, in which words.

    `option` is the layer's own choice where it offers one (`Layer.options`), as the kind of areas.
    """

    chosen: PropertyFilter
    as_of: date
    frame: Frame
    words: Words
    option: str | None = None


@dataclass(frozen=True)
class Loaded:
    """Columns by the name of the trace; `shown` = how many things they draw; `is_summed` = cells stand for objects."""

    columns: Mapping[str, Columns]
    shown: int
    is_summed: bool = False


@dataclass(frozen=True)
class LegendEntry:
    """One line of the legend: a symbol of the sprite, or a swatch (`fill`, `line` as CSS classes), and its msgid.

    `permission` is asked for beside that of the layer: who never sees such a symbol needs no line for it.
    """

    label: str
    symbol: str | None = None
    swatch: str | None = None
    permission: str | None = None


@dataclass(frozen=True)
class TableTwin:
    """The table that says the same as the layer: columns of `geodata.properties.PropertyRow`, or rows of its own.

    `head` are the msgids over the rows of its own, which mostly count objects by area.
    """

    columns: tuple[str, ...] = ()
    rows: Callable[[Asker, Wish], Sequence[tuple[str, int]]] | None = None
    head: tuple[str, str] = AREA_HEAD


@dataclass(frozen=True)
class Layer:
    """A layer of the map.

    `trace(theme)` gives named templates, `load` fills them; `style(theme)` gives layers of the background style.
    `options` gives the choices that the layer offers (code list, codes); `order` is that of menu and drawing.
    """

    key: str
    title: str
    permission: str
    load: Callable[[Asker, Wish], Loaded]
    trace: Callable[[Theme], Mapping[str, Trace]]
    legend: tuple[LegendEntry, ...]
    table: TableTwin
    group: Group
    order: int
    is_on: bool = False
    geometry: Callable[[Asker, Wish], Mapping[str, Any]] | None = None
    options: tuple[str, Callable[[Asker, date], tuple[str, ...]]] | None = None
    style: Callable[[Theme], Sequence[Mapping[str, Any]]] | None = None
    hint: str = ""

    def legend_for(self, scope: Scope) -> tuple[LegendEntry, ...]:
        """The lines of the legend that the scope has a use for."""
        return tuple(entry for entry in self.legend if scope.allows(entry.permission or self.permission))


def no_traces(theme: Theme) -> Mapping[str, Trace]:
    """A layer that is drawn by the background style alone."""
    return {}


def nothing(asker: Asker, wish: Wish) -> Loaded:
    """The columns of a layer without traces; the permission is asked all the same."""
    asker.require("area:read")
    return Loaded({}, 0)


def discover() -> tuple[Layer, ...]:
    """All layers in the order of menu and drawing; a key used twice stops the start."""
    modules = [importlib.import_module(f"layers.{found.name}") for found in pkgutil.iter_modules(layers.__path__)]
    found = [module.LAYER for module in modules if hasattr(module, "LAYER")]
    keys = [layer.key for layer in found]
    doubled = sorted({key for key in keys if keys.count(key) > 1})
    if doubled:
        raise ValueError(f"Two layers have the same key: {', '.join(doubled)}.")
    fairness.require(problem for layer in found for problem in _problems(layer))
    return tuple(sorted(found, key=lambda layer: (layer.order, layer.key)))


def _problems(layer: Layer) -> list[str]:
    """Where a layer breaks a rule of fairness; its colours are those of its templates in both themes."""
    drawn = [[layer.trace(theme), layer.style(theme) if layer.style else ()] for theme in THEMES]
    colours = fairness.colours_of(drawn)
    return fairness.problems_of_layer(layer.key, layer.title, layer.permission, colours, PERMISSIONS["politics"])
