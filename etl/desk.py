"""The functions that the dashboard's upload gets from the composition root: check, load, withdraw, list mappings."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from etl.mapping_files import readable_mappings
from etl.pipeline import Order, load
from etl.report import DeliveryReport
from etl.withdraw import Withdrawn, withdraw


def delivery_functions(url: str, own_mappings: Path | None) -> dict[str, Callable[..., Any]]:
    """`check_delivery`, `load_delivery`, `withdraw_delivery` and `list_mappings`, bound to one database."""

    def run(
        source: str, mapping: str, path: Path, as_of: date | None, *, municipality: str, by: str, write: bool
    ) -> Mapping[str, Any]:
        order = Order(
            source,
            Path(path),
            mapping=mapping,
            as_of=as_of,
            own_mappings=own_mappings,
            # An upload lies in a folder of its own; nothing outside of it is this file.
            folder_allowed=Path(path).parent,
            municipality=municipality,
            delivered_by=by,
            account=by,
        )
        return as_mapping(load(url, order, write=write))

    def check_delivery(*order: Any, municipality: str, by: str) -> Mapping[str, Any]:
        return run(*order, municipality=municipality, by=by, write=False)

    def load_delivery(*order: Any, municipality: str, by: str) -> Mapping[str, Any]:
        return run(*order, municipality=municipality, by=by, write=True)

    def withdraw_delivery(municipality: str, delivery_id: int, *, by: str) -> Withdrawn:
        return withdraw(url, delivery_id, municipality=municipality, account=by)

    def list_mappings(municipality: str) -> Sequence[tuple[str, str]]:
        mine = (one for one in readable_mappings(own_mappings) if one.municipality == municipality)
        return [(one.source.name, one.name) for one in mine]

    return {
        "check_delivery": check_delivery,
        "load_delivery": load_delivery,
        "withdraw_delivery": withdraw_delivery,
        "list_mappings": list_mappings,
    }


def as_mapping(report: DeliveryReport) -> Mapping[str, Any]:
    """The fields of `qm load --json`, and the remarks."""
    fields: dict[str, Any] = orjson.loads(report.to_json())
    return {**fields, "remarks": list(report.remarks)}
