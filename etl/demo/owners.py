"""Who owns the demonstration's properties: invented people and companies, as a land register's office exports them.

A few own several houses, a company's letters go to a post-box, shares are halves and thirds, some entries were matched
by their parcel only. Names are put together from parts; nobody here exists.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import numpy as np

from etl.demo import files, german_columns, words
from etl.demo.casebook import Casebook, register_on
from etl.demo.properties import Facts

_FIRST: Final = (
    "Adele", "Bruno", "Cäcilie", "Detlev", "Edda", "Falko", "Gerlinde", "Hinnerk", "Ilka", "Jost", "Kunigunde",
    "Lennart",
    "Mechthild", "Notker", "Ottilie", "Pankraz", "Roswitha", "Siegbert", "Thekla", "Volkmar",
)  # fmt: skip
_LAST: Final = (
    "Ahrensfelde", "Birkenbach", "Dornkamp", "Eichenloh", "Finkenrath", "Grevelbrück", "Hasselbrink", "Irlenkamp",
    "Kranichfeld", "Lüdertrup", "Mispelstein", "Nessebrück", "Otterbrink", "Pirolwinkel", "Quittenkamp", "Rainfarth",
    "Sperberhold", "Tiefenhövel", "Wulfscheid", "Zeisigrain",
)  # fmt: skip
_COMPANIES: Final = (
    "Nordbogen Wohnen GmbH", "Sechseck Grundbesitz GmbH & Co. KG", "Kiebitz Immobilien UG", "Altmark Bestand GmbH",
    "Ringhaus Verwaltung GmbH", "Silbergrund Objekt 7 GmbH", "Hafermühle Erben GbR", "Dreiklang Wohnbau AG",
)  # fmt: skip
_SEVERAL: Final = 0.22
_LIKELY: Final = 0.08
_UNCERTAIN: Final = 0.02


@dataclass(frozen=True)
class _Owner:
    key: str
    kind: str
    name: str | None
    address: str | None


def write_owners(folder: Path, book: Casebook, seed: int, on: date) -> Path:
    """Owners of the properties of the register as CSV; one row for each owner of each property."""
    path = folder / f"eigentum_{on}.csv"
    chance = np.random.default_rng([seed, 300])
    rows = [row for facts in register_on(book, on) for row in _rows(facts, chance, on)]
    files.write_csv(path, german_columns.OWNERS, rows)
    return path


def _rows(facts: Facts, chance: np.random.Generator, on: date) -> list[tuple[object, ...]]:
    kind = facts.ownership_form
    found = _owners(facts, kind, chance)
    since = facts.registered_on - timedelta(days=int(chance.integers(90, 9_000)))
    draw = float(chance.random())
    link = "uncertain" if draw < _UNCERTAIN else "likely" if draw < _UNCERTAIN + _LIKELY else "certain"
    reason = _REASONS[link]
    source = f"Grundbuchauszug vom {on - timedelta(days=int(chance.integers(20, 400))):%d.%m.%Y} (erfunden)"
    return [
        (
            facts.key, one.key, words.OWNERSHIP[one.kind], one.name, one.address,
            f"1/{len(found)}", None if kind in ("ownerless", "unknown") else since, source, words.CONFIDENCES[link],
            reason,
        )
        for one in found
    ]  # fmt: skip


_REASONS: Final = {
    "certain": "Flurstück und Anschrift stimmen überein",
    "likely": "Flurstück stimmt überein, Anschrift im Grundbuch älter",
    "uncertain": "nur die Anschrift stimmt überein",
}


def _owners(facts: Facts, kind: str, chance: np.random.Generator) -> list[_Owner]:
    number = int(facts.key[-4:])
    if kind == "public":
        return [_Owner("K-0001", kind, "Beispielstadt Hagen (erfunden)", "Rathausplatz 1, 00581 Beispielstadt")]
    if kind == "ownerless":
        return [_Owner(f"H-{number:04d}", kind, None, None)]
    if kind == "unknown":
        return [_Owner(f"X-{number:04d}", kind, None, None)]
    if kind == "company":
        at = int(chance.integers(len(_COMPANIES)))
        return [_Owner(f"G-{at + 1:04d}", kind, _COMPANIES[at], f"Postfach {at + 1:02d} 00, 00590 Beispielstadt")]
    several = 1 + int(chance.random() < _SEVERAL) + int(chance.random() < _SEVERAL / 2)
    # A fixed number of people, so that some own several houses; the same number is always the same person.
    people = chance.choice(len(_FIRST) * len(_LAST), several, replace=False).tolist()
    return [_person(at) for at in people]


def _person(at: int) -> _Owner:
    first, last = _FIRST[at % len(_FIRST)], _LAST[at // len(_FIRST)]
    return _Owner(f"P-{at + 1:04d}", "person", f"{last}, {first}", f"Musterweg {at + 1}, 00591 Beispielstadt")
