"""Links from the start page: they carry its filter and its as-of date."""

from collections.abc import Mapping

from dashboard.routes import href, proceeding_href
from geodata.filters import FIELDS


class Links:
    """Links from this page: they carry the filter and the as-of date of the page."""

    def __init__(self, query: Mapping[str, str]) -> None:
        self._filter = {name: query[name] for name in FIELDS if query.get(name)}
        self._date = {"as_of": query["as_of"]} if query.get("as_of") else {}

    def property(self, property_id: int, **more: object) -> str:
        """The page of one property, with a form open (`form=`) or not."""
        return href(f"/objekt/{property_id}", {**self._date, **more})

    def filtered(self, path: str, **more: str) -> str:
        """A page with the same filter and something more."""
        return href(path, {**self._filter, **more})

    def dated(self, path: str, **more: object) -> str:
        """A page that knows no filter, for the same date."""
        return href(path, {**self._date, **more})

    def deadline(self, measure_key: str | None) -> str:
        """Where a deadline is met: at its proceeding; a cut of supply has none and stands in a list."""
        if measure_key is None:
            return self.dated("/verfahren", view="sperren")
        return proceeding_href(measure_key, self._date)
