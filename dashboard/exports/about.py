"""What every file says about itself: title, as-of date, filter in words, source, and whether all of it is invented."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from dashboard.auth import signed_in
from dashboard.filter_words import area_names, filter_words
from dashboard.formatting import format_date
from dashboard.i18n import gettext as _
from geodata.access import Asker
from geodata.areas import read_areas
from geodata.filters import PropertyFilter

_PLAIN: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})


@dataclass(frozen=True)
class About:
    """The words of one file; `rows` is None where a file counts nothing."""

    title: str
    city: str
    as_of: date
    filter_text: str
    source: str
    is_invented: bool
    rows: int | None = None

    def lines(self) -> list[tuple[str, str]]:
        """Names and values in the order in which a reader wants them."""
        pairs = [
            (_("Title"), self.title),
            (_("City"), self.city),
            (_("As of"), format_date(self.as_of)),
            (_("Filter"), self.filter_text),
            (_("Source"), self.source),
        ]
        if self.is_invented:
            pairs.append((_("Note"), _("Invented example data")))
        return pairs

    def file_name(self, ending: str) -> str:
        """`Objekte_2026-11-15.csv`: no spaces, no letters that a system cannot store, and the note where it holds."""
        parts = [self.title, self.as_of.isoformat(), *([_("Invented example data")] if self.is_invented else [])]
        plain = [re.sub(r"[^A-Za-z0-9]+", "-", part.translate(_PLAIN)).strip("-") for part in parts]
        return f"{'_'.join(plain)}.{ending}"


def about(
    asker: Asker,
    title: str,
    query: Mapping[str, str],
    *,
    source: str,
    more: Sequence[str] = (),
    rows: int | None = None,
) -> About:
    """The words for a filter; `more` are phrases for values of the link that are no part of the filter."""
    chosen = PropertyFilter.from_query(query)
    account = signed_in().account
    as_of = chosen.as_of or signed_in().default_as_of
    phrases = [*_own_areas(asker, as_of), *_in_words(asker, chosen, as_of), *more]
    return About(
        title=title,
        city=account.municipality_name,
        as_of=as_of,
        filter_text="; ".join(phrases) or _("none: everything"),
        source=source,
        is_invented=account.is_demonstration_city,
        rows=rows,
    )


def _in_words(asker: Asker, chosen: PropertyFilter, as_of: date) -> tuple[str, ...]:
    if not asker.scope.allows("area:read"):
        return ()
    return filter_words(chosen, area_names(read_areas(asker, as_of)))


def _own_areas(asker: Asker, as_of: date) -> list[str]:
    """An account that sees a part of the city says so in its files: their counts are not those of the city."""
    if not asker.scope.area_ids:
        return []
    names = area_names(read_areas(asker, as_of))
    own = sorted(names[area_id] for area_id in asker.scope.area_ids if area_id in names)
    return [_("only the areas assigned: %(areas)s", areas=", ".join(own))]
