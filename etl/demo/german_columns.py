"""Column names of the invented offices' files, in their order; the mappings in `etl/mappings/demo` name the same."""

from typing import Final

AREAS: Final = ("Art", "Schluessel", "Name", "Quelle")
AREA_LINKS: Final = ("Art klein", "Schlüssel klein", "Art groß", "Schlüssel groß", "Anteil")
CONTEXT: Final = ("Art", "Schluessel", "Name")
ADDRESSES: Final = (
    "nba", "oid", "qua", "landschl", "land", "regbezschl", "regbez", "kreisschl", "kreis", "gmdschl", "gmd", "ottschl",
    "ott", "strschl", "str", "hnr", "adz", "zone", "ostwert", "nordwert", "datum",
)  # fmt: skip
PROPERTIES: Final = (
    "Objekt-Nr.", "Aufnahme", "Aktenzeichen", "Straße", "Hausnummer", "PLZ", "Flurstücke", "Nutzung", "Gebäudeklasse",
    "Wohnungen", "bewohnt", "Denkmal", "Eigentumsform", "Federführung", "Nächster Schritt", "Wiedervorlage",
)  # fmt: skip
STATUS: Final = ("Objekt-Nr.", "Status", "gültig ab", "lfd. Nr.", "Grund")
ASSESSMENTS: Final = ("Objekt-Nr.", "Bewertet am", "Problemdruck", "Handlungsspielraum", "Grundlage")
RULES: Final = (
    "Regel", "Kontrollart", "Gebietsart", "Gebiet", "Nutzung", "Abstand in Tagen", "Zutritt", "Zutritt wenn leer",
    "gesetzlich", "Grundlage", "Grund", "Beschluss", "beschlossen von", "gilt ab", "gilt bis",
    "Freistellung nach ohne Befund",
)  # fmt: skip
RESOLUTIONS: Final = (
    "Ziel", "Beschluss", "Datum", "Gremium", "Beschlossen", "Kennzahl", "Gebietsart", "Gebiet", "Kontrollart",
    "Richtung", "Zielwert", "als Anteil", "bis", "Fundstelle",
)  # fmt: skip
ROUNDS: Final = (
    "Aktion", "Datum", "Art", "Dienststellen", "Dolmetschen", "Sozialarbeit", "Ort", "Quelle", "Objekte",
    "Objekte Müll",
    "Objekte Schädlinge", "Objekte Wohnungsmängel", "Objekte Bau und Brandschutz", "Personen gemeldet",
    "Personen angetroffen", "Personen angetroffen ungemeldet", "Personen zur Anmeldung", "Personen abgemeldet",
)  # fmt: skip
# The last column stands for what offices write beside a row; no mapping names it, so it never leaves the file.
INSPECTIONS: Final = ("Objekt-Nr.", "Kontrolle am", "Art", "Aktion", "Zutritt", "Ergebnis", "Mängel", "interne Notiz")
OWNERS: Final = (
    "Objekt-Nr.", "Eigentümer-Nr.", "Art", "Eigentümer", "Eigentümeranschrift", "Anteil", "Eigentum seit", "Quelle",
    "Zuordnung", "Grund der Zuordnung",
)  # fmt: skip
DEMOLITION_PLANS: Final = (
    "Vorhaben", "Objekt-Nr.", "Programm", "beschlossen am", "Freigabe", "Schritt", "erforderlich", "Beginn geplant",
    "Ende geplant", "Kosten geplant EUR",
)  # fmt: skip
DEMOLITION_PROGRESS: Final = (
    "Vorhaben", "Objekt-Nr.", "Schritt", "Beginn", "Ende", "Kosten EUR", "Hemmnis", "gehemmt seit", "gehemmt bis",
    "Ausgang", "beendet am",
)  # fmt: skip
CLOSURES: Final = (
    "Vorgang", "Objekt-Nr.", "geschlossen am", "Anlass", "Haushalte betroffen", "davon große Haushalte",
)  # fmt: skip
CLOSURE_EVENTS: Final = ("Vorgang", "Objekt-Nr.", "Ereignis", "Datum", "Haushalte", "vorher")
DWELLING_CHANGES: Final = (
    "Objekt-Nr.", "Datum", "Art", "Wohnungen weg", "Wohnungen neu", "davon groß weg", "davon groß neu", "Programm",
)  # fmt: skip
REPLACEMENT_DWELLINGS: Final = (
    "Wohnung", "Gebietsart", "Gebiet", "Zimmer", "Fläche m2", "Plätze", "barrierefrei", "Anbieter", "verfügbar ab",
    "belegt ab", "frei ab",
)  # fmt: skip
PROCEEDINGS: Final = (
    "Verfahren", "Objekt-Nr.", "Art", "Dienststelle", "Aktenzeichen", "eröffnet am", "folgt auf", "beendet am",
    "Ausgang", "vollziehbar", "Zwang möglich", "bestandskräftig am", "Gericht", "Gericht seit", "angeordnet EUR",
    "gezahlt EUR", "beigetrieben EUR", "Anlass", "mildere Mittel", "Abwägung", "Ersatzwohnungen",
    "Haushalte mit Angebot", "entschieden von", "entschieden am", "Abwendung bis", "Wiedervorlage", "Bemerkung",
)  # fmt: skip
PROCEEDING_STEPS: Final = (
    "Objekt-Nr.", "Verfahren", "Schritt", "Datum", "zugestellt am", "Frist", "erledigt am", "Betrag EUR", "Bemerkung",
)  # fmt: skip
SUPPLY_CUTS: Final = (
    "Vorgang", "Objekt-Nr.", "Sparte", "Grund", "angekündigt am", "geplant am", "gesperrt am", "wiederhergestellt am",
    "Wohnungen", "Bemerkung",
)  # fmt: skip
FUNDING_PROGRAMMES: Final = (
    "Programm", "Fördergeber", "Fördersatz üblich", "Fördersatz mindestens", "Fördersatz höchstens",
    "Verzinsung ab Monat", "Prüfung nach Monaten", "Zinsregel bestätigt", "Quelle", "bestätigt",
)  # fmt: skip
FUNDING_GRANTS: Final = (
    "Förderung", "Objekt-Nr.", "Vorhaben", "Gebietsart", "Gebiet", "Programm", "Bezeichnung", "Bescheid erwartet",
    "Bescheid vom", "förderfähige Kosten EUR", "Fördersatz", "bewilligt EUR", "Abruf bis", "Zweckbindung bis",
    "Verwendungsnachweis bis", "Verwendungsnachweis vom", "Prüfergebnis", "Förderziel", "Zielbewertung", "Begründung",
    "zurückgezogen",
)  # fmt: skip
FUNDING_CALLS: Final = (
    "Abruf", "Förderung", "abgerufen am", "Betrag EUR", "gezahlt am", "gezahlt EUR", "zurückgezahlt am",
    "zurückgezahlt EUR",
)  # fmt: skip
FUNDING_COSTS: Final = (
    "Beleg", "Förderung", "Vorhaben", "Kostenart", "Rechnung vom", "bezahlt am", "Betrag EUR", "förderfähig",
)  # fmt: skip
