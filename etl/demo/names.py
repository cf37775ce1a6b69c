"""Invented street names that sound German: put together from parts, none of them meant to be a street of a real city.

`tests/deliveries` compares the whole pool with the street directory of Hagen where that is at hand.
"""

from typing import Final

import numpy as np

_FIRST: Final = (
    "Ammer", "Binsen", "Birkhahn", "Bachstelzen", "Brombeer", "Dachs", "Dinkel", "Distel", "Dohlen", "Eberesch", "Efeu",
    "Eisvogel", "Elstern", "Enzian", "Farn", "Feldlerchen", "Fichten", "Flachs", "Forellen", "Gersten", "Ginster",
    "Grau",
    "Habichts", "Hafer", "Hagebutten", "Haselmaus", "Hermelin", "Holunder", "Hopfen", "Hummel", "Igel", "Iltis",
    "Kiebitz",
    "Klatschmohn", "Kornblumen", "Kranich", "Kresse", "Libellen", "Luchs", "Marder", "Milan", "Mispel", "Moos", "Otter",
    "Pirol", "Quell", "Quitten", "Rainfarn", "Reiher", "Rotkehlchen", "Sanddorn", "Sauerklee", "Schilf", "Schlehdorn",
    "Sperber", "Stieglitz", "Storchen", "Thymian", "Wacholder", "Wachtel", "Waldmeister", "Weißdorn", "Wiesel",
    "Zaunkönig",
    "Zeisig", "Zittergras",
)  # fmt: skip
_MASCULINE: Final = (
    "bruch", "busch", "born", "grund", "hang", "kamp", "rain", "stein", "teich", "winkel", "acker", "brink", "sprung",
)  # fmt: skip
_FEMININE: Final = ("aue", "halde", "heide", "kuhle", "mühle", "schlade", "wiese", "trift", "hecke")
_TYPES: Final = ("straße", "zeile", "gasse", "allee", "pfad", "ring", "steig", "platz")
_PLACES: Final = (
    ("Kalten", "Lüder", "Mecken", "Nesse", "Ober", "Ritter", "Sieven", "Tiefen", "Wulf", "Zwing", "Hölten", "Grevel"),
    ("rath", "scheid", "hövel", "feld", "loh", "beck", "born", "trup", "stedt", "brück"),
)


def all_names() -> list[str]:
    """The whole pool of names of small streets, each once."""
    simple = [f"{first}{last}" for first in _FIRST for last in _TYPES]
    masculine = [f"{before} {first}{last}" for first in _FIRST for last in _MASCULINE for before in ("Am", "Im", "Zum")]
    feminine = [f"{before} {first}{last}" for first in _FIRST for last in _FEMININE for before in ("An der", "Auf der")]
    compound = [f"{first}{last}weg" for first in _FIRST for last in ("grund", "kamp", "teich", "born")]
    return simple + masculine + feminine + compound


def main_road_names() -> list[str]:
    """Names of main roads, after places that do not exist."""
    return [f"{first}{last}er Straße" for first in _PLACES[0] for last in _PLACES[1]]


def name_streets(is_main: list[bool], rng: np.random.Generator) -> list[str]:
    """One name for each street, all different; half of the small streets have a simple name."""
    pool = all_names()
    simple = len(_FIRST) * len(_TYPES)
    plain, other = rng.permutation(pool[:simple]).tolist(), rng.permutation(pool[simple:]).tolist()
    main = rng.permutation(main_road_names()).tolist()
    chosen = []
    for main_road in is_main:
        supply = main if main_road and main else plain if plain and rng.random() < 0.55 else other
        chosen.append(supply.pop())
    return chosen
