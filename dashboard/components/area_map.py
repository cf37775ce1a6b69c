"""Areas with name and value as a drawing (SVG) in the colours of the theme: no map service, no property.

The browser side is `assets/area-map.js`. What it shows must also stand in a table on the same page.
"""

# ruff: noqa: A002 - `id` is the word of Dash

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.components.native import _Native


class AreaMap(_Native):
    """One drawing; `shapes` come from `released.View.shapes`, `text_size` is in thousandths of the width."""

    _type = "AreaMap"
    _namespace = "qm_areas"
    _names = ("id", "shapes", "height", "label", "text_size")


def area_map(id: str, shapes: Sequence[Mapping[str, Any]], height: int, *, label: str, text_size: int = 26) -> AreaMap:
    """The drawing; `label` says in words what it shows."""
    return AreaMap(id=id, shapes=list(shapes), height=height, label=label, text_size=text_size)
