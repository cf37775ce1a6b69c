"""Before a house is closed: the pool of replacement housing, and the question where it is not enough."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import facts, notice, panel
from dashboard.form import FormWarning
from dashboard.formatting import format_date, format_number
from dashboard.i18n import gettext as _
from dashboard.i18n import ngettext
from dashboard.proceeding_words import not_confirmed
from geodata.access import Asker
from geodata.calendar import today
from geodata.housing.pool import Pool, PoolCheck, is_enough
from geodata.housing.reads import read_pool

CONFIRM: Final = "pool"
IMMEDIATE_DANGER: Final = "immediate_danger"


def require_pool(asker: Asker, values: Mapping[str, Any], confirmed: Collection[str]) -> None:
    """Ask back where the pool or what was offered is not enough for the households; FormWarning then."""
    households, large = values["households"] or 0, values["large_households"] or 0
    pool = read_pool(asker, today())
    words = warning_words(pool, is_enough(pool, households, large), households, values)
    if words and CONFIRM not in confirmed:
        raise FormWarning(CONFIRM, " ".join(words))


def warning_words(pool: Pool, check: PoolCheck, households: int, values: Mapping[str, Any]) -> list[str]:
    """What is missing, in sentences; nothing where there is enough for everybody."""
    words: list[str] = []
    if not check.is_enough:
        words.append(missing_words(pool, check))
    not_offered = households - (values["replacement_households_offered"] or 0)
    if not_offered > 0:
        words.append(
            ngettext("Nothing has been offered to %(count)s household yet.",
                     "Nothing has been offered to %(count)s households yet.", not_offered,
                     count=format_number(not_offered))
        )  # fmt: skip
    if words and IMMEDIATE_DANGER not in values["milder_means"]:
        words.append(_("Immediate danger is not among the reasons. Closing a house is the last resort."))
    return words


def missing_words(pool: Pool, check: PoolCheck) -> str:
    """How many replacement dwellings are missing."""
    missing = ngettext("The pool of replacement housing is not enough: %(count)s dwelling is missing",
                       "The pool of replacement housing is not enough: %(count)s dwellings are missing",
                       check.missing, count=format_number(check.missing))  # fmt: skip
    large = _(", of these %(count)s large", count=format_number(check.missing_large)) if check.missing_large else ""
    free = _("%(free)s are free", free=format_number(pool.dwellings_free))
    return f"{missing}{large} ({free})."


def pool_panel(pool: Pool) -> Component:
    """What the city can offer today, beside the form."""
    pairs: list[tuple[str, Any]] = [
        (_("Free dwellings"), format_number(pool.dwellings_free)),
        (_("of these large ones"), _large(pool)),
        (_("Free places"), format_number(pool.places_free)),
        (_("Taken dwellings"), format_number(pool.dwellings_taken)),
        (_("Free by rooms"), _sizes(pool.by_size)),
    ]
    title = _("Pool of replacement housing on %(day)s", day=format_date(pool.as_of))
    parts: list[Component] = [facts(pairs)]
    if not pool.dwellings_free:
        words = _("No replacement dwelling is free. Enter what the city can offer on the page of housing first.")
        parts.insert(0, notice(words, kind="bad"))
    return panel(title, parts)


def _large(pool: Pool) -> Component:
    mark = [] if pool.is_confirmed else [" ", not_confirmed()]
    return html.Span([format_number(pool.dwellings_free_large), *mark])


def _sizes(by_size: Sequence[tuple[int, int]]) -> str:
    words = [
        ngettext("%(free)s with %(count)s room", "%(free)s with %(count)s rooms", rooms, count=rooms, free=free)
        for rooms, free in by_size
    ]
    return ", ".join(words) or _("none")
