"""The interface's words for a publication, which keeps them in both languages as they were when it was released."""

from dashboard.components.figure_tile import unit_message
from dashboard.i18n import in_language
from geodata.figure import Unit
from geodata.publishing.words import Language, Words


def words() -> Words:
    """Messages, labels of codes and units in German and English, whatever the language of the request is."""
    return Words(message=in_language, code=_code, unit=_unit)


def _code(language: Language, code_list: str, code: str) -> str:
    return in_language(language, f"{code_list}:{code}")


def _unit(language: Language, unit: Unit) -> str:
    message = unit_message(unit)
    # The empty msgid is the head of the catalogue.
    return in_language(language, message) if message else ""
