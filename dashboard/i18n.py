"""German and English: catalogues of all domains merged at start, and the language of the request.

Msgids are English. `dashboard/locale/<language>/LC_MESSAGES/<domain>.po` are read as they are; nothing compiled is
stored. The domain `codes` labels the closed code lists in both languages, under msgids like `state:recorded`.
"""

import gettext as standard_gettext
import io
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import g, has_request_context, request, session

LANGUAGES = ("de", "en")
DEFAULT_LANGUAGE = "de"
LOCALE_FOLDER = Path(__file__).parent / "locale"


def language() -> str:
    """Language of the request: `lang` in the URL, else the session's, else German."""
    if not has_request_context():
        return DEFAULT_LANGUAGE
    known = g.get("language") or session.get("language")
    return known if known in LANGUAGES else DEFAULT_LANGUAGE


def settle_language() -> None:
    """Take `lang` from the URL of a page into the session; called before each request."""
    wanted = request.args.get("lang")
    if wanted in LANGUAGES:
        g.language = wanted
        if session.get("language") != wanted:
            session["language"] = wanted


def gettext(message: str, **values: object) -> str:
    """The message in the language of the request; `%(name)s` in it are filled from the values."""
    text = _translations(language()).gettext(message)
    return text % values if values else text


def ngettext(singular: str, plural: str, number: int, **values: object) -> str:
    """The singular or plural message for a number, which is also the value `%(number)s`."""
    text = _translations(language()).ngettext(singular, plural, number)
    return text % {"number": number, **values}


def N_(message: str) -> str:  # noqa: N802 - the name that gettext tools know
    """Mark a message for the catalogue where it is declared, not shown."""
    return message


def code_label(code_list: str, code: str | None) -> str:
    """Label of a code: `code_label("state", "recorded")`; None reads as a dash."""
    if code is None:
        return "–"
    return _translations(language()).gettext(f"{code_list}:{code}")


def in_language(language_code: str, message: str) -> str:
    """The message in a language of one's own choice, for words that are kept in both."""
    return _translations(language_code).gettext(message)


def read_catalogue(language_code: str) -> Catalog:
    """All domains of a language in one catalogue; two domains that translate one msgid differently stop the start."""
    merged = Catalog(locale=language_code, charset="utf-8")
    for path in sorted((LOCALE_FOLDER / language_code / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as stream:
            domain = read_po(stream, locale=language_code, abort_invalid=True)
        for message in domain:
            if not message.id:
                continue
            known = merged.get(message.id)
            if known is not None and known.string != message.string:
                raise ValueError(f"{path.name} translates {message.id!r} differently from another domain.")
            merged.add(message.id, message.string, flags=message.flags)
    return merged


@cache
def _translations(language_code: str) -> standard_gettext.GNUTranslations:
    binary = io.BytesIO()
    write_mo(binary, read_catalogue(language_code))
    binary.seek(0)
    return standard_gettext.GNUTranslations(binary)
