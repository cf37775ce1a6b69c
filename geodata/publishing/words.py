"""The words of the interface for who releases a state; they come from whoever has the catalogues."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from geodata.figure import Unit
from geodata.publishing.publication import Bilingual

Language = Literal["de", "en"]


@dataclass(frozen=True)
class Words:
    """The words of the interface: by (language, msgid), (language, list, code) ..."""

    message: Callable[[Language, str], str]
    code: Callable[[Language, str, str], str]
    unit: Callable[[Language, Unit], str]

    def both(self, message: str) -> Bilingual:
        """A msgid in German and English."""
        return self.message("de", message), self.message("en", message)

    def of_code(self, code_list: str, code: str) -> Bilingual:
        """The label of a code in German and English."""
        return self.code("de", code_list, code), self.code("en", code_list, code)

    def of_unit(self, unit: Unit) -> Bilingual:
        """The word for what is counted; empty where a value carries its unit."""
        return self.unit("de", unit), self.unit("en", unit)
