"""Columns that no mapping may take over: persons are counts, and nobody's name, birth date or origin is stored.

Compared without case, umlauts and punctuation. `name` alone is missing on purpose: areas and streets have one.
"""

import re

PERSON_COLUMNS = frozenset(
    """
    vorname vornamen nachname familienname geburtsname zuname rufname firstname lastname surname givenname fullname
    personenname bewohner bewohnername bewohnerin mieter mietername mieterin occupant occupants tenant tenantname
    geburtsdatum gebdatum gebdat gebtag geburtstag geburtsort birthdate dateofbirth dob birthplace
    staatsangehoerigkeit staatsangehoerigkeiten staatsbuergerschaft nationalitaet nationality citizenship herkunft
    herkunftsland migrationshintergrund ethnie ethnicity religion konfession
    eigentuemer eigentuemername eigentuemerin owner ownername ownerabbr
    beschwerdefuehrer beschwerdefuehrerin melder meldername hinweisgeber hinweisgebername anzeigeerstatter complainant
    kindname schueler schuelername
    ausweisnummer personalausweis steuerid sozialversicherungsnummer ssn telefon telefonnummer handy mobil phone
    phonenumber email mail emailadresse
    sachbearbeiter sachbearbeiterin bearbeiter bearbeitername kontrolleur inspectorname
    """.split()
)

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def is_person_column(column: str) -> bool:
    """Whether a column of this name tells of a single person."""
    return re.sub(r"[^a-z0-9]", "", column.lower().translate(_UMLAUTS)) in PERSON_COLUMNS
