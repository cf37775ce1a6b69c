"""What the ETL can say about a row has a German translation; the sources of the ETL are the list."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.i18n import read_catalogue
from dashboard.pages.lieferungen.etl_words import TEMPLATES, in_words, template_of

ETL = Path(__file__).resolve().parents[2] / "etl"
GAP = "7"


def texts(tree: ast.AST) -> Iterator[str]:
    """Strings of a module with "7" where a value goes in; parts of an f-string do not come once more by themselves."""
    inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else GAP for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner:
            yield node.value


def reasons() -> list[str]:
    """Every reason for a rejected row: reasons begin in lower case with what was expected."""
    found = {
        text
        for path in sorted(ETL.rglob("*.py"))
        if "demo" not in path.parts
        for text in texts(ast.parse(path.read_text(encoding="utf-8")))
        if text.startswith("expected ")
    }
    return sorted(found)


# Built from parts: which number was expected, what of an address or a parcel. They are among the samples below, as are
# the reasons that are put together in SQL.
BUILT = {
    f"expected {GAP}{GAP}, found {GAP}",
    f"expected {GAP} in {GAP}, but it is not known there",
    f"expected the parcel of one property, but of {GAP} {GAP}",
}
SAMPLES = [
    ('expected a whole number from 0 on, found "-3"', 'Erwartet wird eine ganze Zahl ab 0, gefunden: "-3"'),
    (
        'expected a number with a decimal comma from 1 to 9,5, found "x, y"',
        'Erwartet wird eine Zahl mit Dezimalkomma von 1 bis 9,5, gefunden: "x, y"',
    ),
    (
        "expected the house number 12 a in Weg, but it is not known there; nearest: Weg 12 (97)",
        "Erwartet wird die Hausnummer 12 a in Weg, aber dort ist sie nicht bekannt; am nächsten: Weg 12 (97)",
    ),
    (
        'expected the parcel of one property, but of "05-1" no property has it',
        'Erwartet wird das Flurstück eines Objekts, aber "05-1" gehört zu keinem',
    ),
    (
        'expected the parcel of one property, but of "05-1" 2 properties have it',
        'Erwartet wird das Flurstück eines Objekts, aber "05-1" gehört zu 2 Objekten',
    ),
    (
        "expected a property of register main, but PI-9999 is unknown",
        "Erwartet wird ein Objekt des Registers main, aber PI-9999 ist dort nicht bekannt",
    ),
    (
        "expected one row for a key, but lines 3 have the same key and different content",
        "Erwartet wird eine Zeile je Schlüssel, aber die Zeilen 3 haben denselben Schlüssel und verschiedenen Inhalt",
    ),
    (
        "expected a known area, but there is no quartier 9",
        "Erwartet wird ein bekanntes Gebiet, aber quartier 9 gibt es nicht",
    ),
    (
        "expected a known grant, but there is no F-1",
        "Erwartet wird eine bekannte Förderung, aber F-1 gibt es nicht",
    ),
    (
        "expected a call after the notice of grant F-1, found an earlier one",
        "Erwartet wird ein Mittelabruf nach dem Bescheid der Förderung F-1; er liegt davor",
    ),
    (
        "expected calls up to the amount of grant F-1, found more with this one",
        "Erwartet werden Mittelabrufe bis zur Höhe der Förderung F-1; mit diesem sind es mehr",
    ),
    (
        "expected at least what was called already, found less",
        "Erwartet wird mindestens, was bereits abgerufen wurde; es ist weniger",
    ),
    (
        "expected the property to which the steps of this proceeding belong, found another one",
        "Erwartet wird das Objekt, zu dem die Schritte dieses Verfahrens gehören; es ist ein anderes",
    ),
    (
        "expected the property to which the events of this closed house belong, found another one",
        "Erwartet wird das Objekt, zu dem die Ereignisse dieses geschlossenen Hauses gehören; es ist ein anderes",
    ),
    (
        "expected a date up to the first step (02.11.2025), found a later one",
        "Erwartet wird ein Datum bis zum ersten Schritt (02.11.2025); es ist ein späteres",
    ),
    (
        "expected a known proceeding, but there is no VF-0001",
        "Erwartet wird ein bekanntes Verfahren, aber VF-0001 gibt es nicht",
    ),
    (
        "expected a known kind of proceeding, but there is no talks",
        "Erwartet wird eine bekannte Art von Verfahren, aber talks gibt es nicht",
    ),
    (
        "expected another proceeding, but it cannot follow itself",
        "Erwartet wird ein anderes Verfahren, denn auf sich selbst kann es nicht folgen",
    ),
    (
        "expected a value before a house is closed, found an empty field",
        "Bevor ein Haus geschlossen wird, wird eine Angabe erwartet; das Feld ist leer",
    ),
    (
        "expected the property of proceeding VF-1, but it has another one",
        "Erwartet wird das Objekt des Verfahrens VF-1, aber dieses gehört zu einem anderen",
    ),
    (
        "expected a step of the kind of proceeding talks, but order is none",
        "Erwartet wird ein Schritt der Verfahrensart talks, aber order ist keiner",
    ),
    (
        "expected a known closed house, but there is no GH-1",
        "Erwartet wird ein bekanntes geschlossenes Haus, aber GH-1 gibt es nicht",
    ),
    (
        "expected at most 12 households, because no more lived there, found 120",
        "Erwartet werden höchstens 12 Haushalte, denn mehr wohnten dort nicht, gefunden: 120",
    ),
    (
        "expected a date from the closing (01.02.2020) on, found an earlier one",
        "Erwartet wird ein Datum ab der Schließung (01.02.2020), gefunden wurde ein früheres",
    ),
    (
        "expected the property of the closed house GH-1, but it has another one",
        "Erwartet wird das Objekt des geschlossenen Hauses GH-1, aber dieses gehört zu einem anderen",
    ),
    ("duplicate of line 1414", "Wiederholung von Zeile 1414"),
    (
        "Everything lies outside the expected extent. The file has no rows.",
        "Alles liegt außerhalb des erwarteten Gebiets. Die Datei hat keine Zeilen.",
    ),
    (
        "80 of 90 rows are rejected; expected at most 5 rows or 5%.",
        "80 von 90 Zeilen lassen sich nicht übernehmen; höchstens 5 Zeilen oder 5% dürfen es sein.",
    ),
    ("Nobody has translated this. The file has no rows.", "Nobody has translated this. Die Datei hat keine Zeilen."),
    (
        "The mapping demo/status names columns that the file does not have: lfd. Nr. The file has: Nr., x.",
        "Die Zuordnung demo/status nennt Spalten, die die Datei nicht hat: lfd. Nr. Die Datei hat: Nr., x.",
    ),
    (
        "Expected text in windows-1252, but in a.csv line 1 holds the byte 0x9D.",
        "Erwartet wird Text in windows-1252, aber in a.csv enthält Zeile 1 das Byte 0x9D.",
    ),
    ("Die Spalte Straße fehlt.", "Die Spalte Straße fehlt."),
    ("", ""),
]


def test_the_sources_of_the_etl_are_found() -> None:
    assert len(reasons()) > 30


@pytest.mark.parametrize("reason", [reason for reason in reasons() if reason not in BUILT])
def test_every_reason_for_a_rejected_row_has_a_template(reason: str) -> None:
    assert template_of(reason) is not None


@pytest.mark.parametrize(("said", "german"), SAMPLES)
def test_it_is_said_in_german_with_the_values_as_they_were(said: str, german: str) -> None:
    assert in_words(said) == german


def test_every_template_is_translated_with_all_its_gaps() -> None:
    german = read_catalogue("de")
    for template in TEMPLATES:
        message = german.get(template)
        assert message is not None, template
        gaps = re.findall(r"%\(\w+\)s", template)
        assert sorted(re.findall(r"%\(\w+\)s", str(message.string))) == sorted(gaps), template
