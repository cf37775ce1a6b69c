"""What the page says in sentences: whereabouts, balance, pool. Pure, apart from the language of the request."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import badge
from dashboard.formatting import MISSING, format_date, format_number
from dashboard.i18n import N_, code_label, ngettext
from dashboard.i18n import gettext as _
from geodata.housing.balance import Balance
from geodata.housing.pool import Bounds, Pool, PoolCheck, PoolDwelling
from geodata.housing.reads import Closure
from geodata.housing.whereabouts import ClosureEvent, Contradiction, Whereabouts

# What the colour says, shape and words say too. A reopened house is the good end; the others are facts.
_LOOKS: Final = {
    "still_closed": ("warn", "triangle"),
    "renovating": ("neutral", "ring"),
    "reopened": ("good", "circle"),
    "demolished": ("neutral", "diamond"),
}
_CONTRADICTIONS: Final = {
    "more_than_there": N_("%(what)s on %(day)s: more households than there were"),
    "before_closing": N_("%(what)s on %(day)s: before the house was closed"),
    "after_demolition": N_("%(what)s on %(day)s: after the house was pulled down"),
    "returned_while_closed": N_("%(what)s on %(day)s: while the house was not open"),
}


def outcome_badge(outcome: str) -> Component:
    """What became of a house, as a label."""
    kind, shape = _LOOKS[outcome]
    return badge(code_label("closure_outcome", outcome), kind=kind, shape=shape)


def answer(lines: Sequence[str | Component]) -> Component:
    """The answer of a view: its first line is the one to remember."""
    first, *rest = lines
    words = [html.P(first, className="wohnraum-answer-first"), *(html.P(line) for line in rest)]
    return html.Section(words, className="wohnraum-answer", **{"aria-label": _("At a glance")})


def whereabouts_lines(found: Whereabouts) -> list[str]:
    """What became of the closed houses and of their households."""
    houses = ngettext(
        "%(count)s closed house", "%(count)s closed houses", found.closed_houses,
        count=format_number(found.closed_houses),
    )  # fmt: skip
    parts = [
        f"{format_number(getattr(found, name))} {code_label('closure_outcome', name)}"
        for name in ("reopened", "renovating", "demolished", "still_closed")
        if getattr(found, name)
    ]
    lines = [f"{houses}: {', '.join(parts)}."]
    if found.households_affected is not None:
        lines.append(_households(found))
    if found.houses_without_count:
        lines.append(
            ngettext(
                "Of %(count)s house nobody wrote down how many households lived there.",
                "Of %(count)s houses nobody wrote down how many households lived there.",
                found.houses_without_count,
                count=format_number(found.houses_without_count),
            )
        )
    if found.contradictions:
        lines.append(_("What is recorded contradicts itself in %(count)s places; the houses say where.",
                       count=format_number(found.contradictions)))  # fmt: skip
    return lines


def _households(found: Whereabouts) -> str:
    places = [
        f"{format_number(getattr(found, name))} {code_label('household_place', name)}"
        for name in ("rehoused", "returned", "moved_elsewhere")
        if getattr(found, name)
    ]
    affected = ngettext(
        "%(count)s household had to leave", "%(count)s households had to leave", found.households_affected or 0,
        count=format_number(found.households_affected),
    )  # fmt: skip
    if not found.not_known:
        return _("%(affected)s: %(places)s.", affected=affected, places=", ".join(places) or MISSING)
    unknown = ngettext(
        "of %(count)s it is not known where it is", "of %(count)s it is not known where they are", found.not_known,
        count=format_number(found.not_known),
    )  # fmt: skip
    return _("%(affected)s: %(places)s; %(unknown)s.", affected=affected, places=", ".join(places) or MISSING,
             unknown=unknown)  # fmt: skip


def event_words(event: ClosureEvent) -> str:
    """An event of a closed house in one line, without its date."""
    what = code_label("closure_event", event.kind)
    if event.households is None:
        return what if event.key is not None else _("%(what)s (by its demolition project)", what=what)
    told = f"{what}: {format_number(event.households)}"
    if event.came_from is None:
        return told
    return _("%(what)s (before: %(place)s)", what=told, place=code_label("household_place", event.came_from))


def contradiction_words(found: Contradiction) -> str:
    """What cannot be, in words."""
    what = code_label("closure_event", found.kind)
    return _(_CONTRADICTIONS[found.code], what=what, day=format_date(found.happened_on))


def household_pairs(one: Closure) -> list[tuple[str, str]]:
    """Where the households of one house are, as names and numbers."""
    counts = one.households
    return [
        (_("Households affected"), _number(counts.affected)),
        (_("of these large"), _number(one.large_households_affected)),
        (code_label("household_place", "rehoused"), _number(counts.rehoused)),
        (code_label("household_place", "returned"), _number(counts.returned)),
        (code_label("household_place", "moved_elsewhere"), _number(counts.moved_elsewhere)),
        (code_label("household_place", "not_known"), _number(counts.not_known)),
    ]


def balance_lines(total: Balance, first_year: int, last_year: int) -> list[str]:
    """Dwellings lost and won, and the large ones among them."""
    years = str(last_year) if first_year == last_year else f"{first_year}\u2013{last_year}"
    said = _(
        "%(years)s: %(lost)s dwellings lost, %(won)s won, balance %(net)s.",
        years=years,
        lost=format_number(total.dwellings_lost),
        won=format_number(total.dwellings_won),
        net=signed(total.dwellings_net),
    )
    large = _(
        "Of these large: %(lost)s lost, %(won)s won, balance %(net)s.",
        lost=format_number(total.large_flats_lost),
        won=format_number(total.large_flats_won),
        net=signed(total.large_flats_net),
    )
    return [said, large]


def signed(number: int) -> str:
    """A difference with its sign; the minus is the typographic one."""
    if number == 0:
        return "±0"
    sign = "+" if number > 0 else "\u2212"
    return f"{sign}{format_number(abs(number))}"


def bounds_words(bounds: Bounds) -> str:
    """What counts as a large dwelling, and that nobody has confirmed it yet."""
    parts = []
    if bounds.rooms_from is not None:
        parts.append(_("from %(count)s rooms", count=format_number(bounds.rooms_from)))
    if bounds.area_m2_from is not None:
        parts.append(_("from %(area)s m²", area=format_number(bounds.area_m2_from)))
    said = _("Large: %(bounds)s", bounds=_(" or ").join(parts)) if parts else _("What is large is not defined")
    return f"{said}." if bounds.is_confirmed else _("%(said)s (not confirmed yet).", said=said)


def household_bounds_words(bounds: Bounds) -> str:
    """What counts as a large household."""
    if bounds.persons_from is None:
        return ""
    said = _("Large household: from %(count)s persons", count=format_number(bounds.persons_from))
    return f"{said}." if bounds.is_confirmed else _("%(said)s (not confirmed yet).", said=said)


def pool_lines(pool: Pool) -> list[str]:
    """What is free and what is taken."""
    free = ngettext(
        "%(count)s replacement dwelling is free", "%(count)s replacement dwellings are free", pool.dwellings_free,
        count=format_number(pool.dwellings_free),
    )  # fmt: skip
    said = _(
        "%(free)s, %(large)s of them large; %(taken)s are taken.",
        free=free,
        large=format_number(pool.dwellings_free_large),
        taken=format_number(pool.dwellings_taken),
    )
    more = _(
        "The free ones are meant for %(places)s persons; %(barrier_free)s of them can be reached without steps.",
        places=format_number(pool.places_free),
        barrier_free=format_number(pool.dwellings_free_barrier_free),
    )
    return [said, more]


def later_words(dwellings: Iterable[PoolDwelling], as_of: date) -> list[str]:
    """How many dwellings come into the pool only after the date; nothing where none does."""
    count = sum(one.available_from_on > as_of for one in dwellings)
    if not count:
        return []
    return [
        ngettext(
            "%(count)s more dwelling can be had only later.", "%(count)s more dwellings can be had only later.", count,
            count=format_number(count),
        )
    ]  # fmt: skip


def check_words(check: PoolCheck, households: int, large: int) -> str:
    """Whether the pool is enough for so many households."""
    asked = ngettext("%(count)s household", "%(count)s households", households, count=format_number(households))
    if large:
        asked = _("%(asked)s, %(large)s of them large", asked=asked, large=format_number(large))
    if check.is_enough:
        return _("The pool is enough for %(asked)s.", asked=asked)
    missing = ngettext(
        "%(count)s dwelling is missing", "%(count)s dwellings are missing", check.missing,
        count=format_number(check.missing),
    )  # fmt: skip
    if not check.missing_large:
        return _("The pool is not enough for %(asked)s: %(missing)s.", asked=asked, missing=missing)
    return _(
        "The pool is not enough for %(asked)s: %(missing)s, %(large)s of them large.",
        asked=asked,
        missing=missing,
        large=format_number(check.missing_large),
    )


def _number(count: int | None) -> str:
    return _("not known") if count is None else format_number(count)
