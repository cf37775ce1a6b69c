"""The forms of the pool: a dwelling is put in, taken, released, and leaves it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

from dashboard.form import Form, FormField, Saved, Submission
from dashboard.formatting import format_date, format_number
from dashboard.i18n import N_, code_label
from dashboard.i18n import gettext as _
from dashboard.pages.wohnraum.question import POOL
from dashboard.routes import href
from geodata import codes
from geodata.access import Asker
from geodata.areas import Area
from geodata.edits.order import Edited, Order
from geodata.housing.pool import PoolDwelling
from geodata.housing.pool_edits import (
    AREA_MOST_M2,
    ROOMS_MOST,
    PoolDwellingDraft,
    add_dwelling,
    end_dwelling,
    release_dwelling,
    take_dwelling,
)

PERMISSION: Final = "housing:write"
TAKE, RELEASE, LEAVE = "taken", "released", "leaves"
_CHANGES: Final[Mapping[str, str]] = {
    TAKE: N_("a household moves in"),
    RELEASE: N_("it is free again"),
    LEAVE: N_("it leaves the pool after this day"),
}
_CALLED: Final[Mapping[str, Callable[[Asker, Order, str, date | None], Edited]]] = {
    TAKE: take_dwelling,
    RELEASE: release_dwelling,
    LEAVE: end_dwelling,
}


def _add(asker: Asker, submission: Submission) -> Saved:
    values = submission.values
    area = values["area_id"] or ""
    names = ("rooms", "places", "is_barrier_free", "available_from_on", "available_until_on")
    draft = PoolDwellingDraft(
        **{name: values[name] for name in names},
        area_m2=None if values["area_m2"] is None else float(values["area_m2"]),
        provider=values["provider"] or "",
        # A menu that only the page knows takes any short text; what is no number is no area.
        area_id=int(area) if area.isascii() and area.isdecimal() and len(area) < 10 else -1 if area else None,
    )
    add_dwelling(asker, Order(submission.id, "ersatzwohnung"), draft)
    return Saved(_("The dwelling was put into the pool."), _address())


def _change(asker: Asker, submission: Submission) -> Saved:
    values, key = submission.values, submission.values["dwelling"] or ""
    order = Order(submission.id, "ersatzwohnung-aendern")
    _CALLED[values["what"]](asker, order, key, values["on"])
    return Saved(_("The pool was changed."), _address())


def dwelling_options(dwellings: Sequence[PoolDwelling], as_of: date) -> list[tuple[str, str]]:
    """The dwellings as the form's menu: size, area, and whether they are free."""
    return [(one.key, dwelling_words(one, as_of)) for one in dwellings]


def dwelling_words(one: PoolDwelling, as_of: date) -> str:
    """One dwelling in a line, without an address."""
    size = _("%(count)s rooms", count=format_number(one.rooms))
    area = [] if one.area_m2 is None else [f"{format_number(one.area_m2)}\u00a0m²"]
    return " · ".join([one.key, size, *area, *([one.area_name] if one.area_name else []), state_words(one, as_of)])


def state_words(one: PoolDwelling, as_of: date) -> str:
    """Whether a dwelling is free, taken, or not there yet."""
    if one.is_taken(as_of):
        return _("taken since %(day)s", day=format_date(one.taken_on))
    if one.is_free(as_of):
        return _("free")
    return _("free from %(day)s", day=format_date(one.available_from_on))


def area_options(areas: Sequence[Area]) -> list[tuple[str, str]]:
    """The areas of the city as the form's menu, with their kind: two kinds may have one name."""
    return [(str(area.id), f"{area.name} ({code_label('area_kind', area.kind)})") for area in areas]


def _address() -> str:
    return href("/wohnraum", {"view": POOL})


ADD: Final = Form(
    "ersatzwohnung", N_("Put a dwelling into the pool"), PERMISSION,
    (
        FormField("rooms", N_("Rooms"), "integer", is_required=True, at_least=1, at_most=ROOMS_MOST,
                  hint=N_("Without kitchen and bathroom.")),
        FormField("area_m2", N_("Floor area in m²"), "integer", at_least=1, at_most=AREA_MOST_M2),
        FormField("places", N_("For how many persons"), "integer", at_least=1, at_most=ROOMS_MOST),
        FormField("is_barrier_free", N_("Can be reached without steps"), "yes_no"),
        FormField("provider", N_("Kind of provider"), "choice", codes=codes.DWELLING_PROVIDERS,
                  code_list="dwelling_provider", is_required=True),
        FormField("area_id", N_("Area"), "choice", hint=N_("The area is enough; no address is kept.")),
        FormField("available_from_on", N_("Available from"), "date", is_required=True),
        FormField("available_until_on", N_("Available until"), "date", hint=N_("Empty = no end.")),
    ),
    N_("Save the dwelling"), _add,
)  # fmt: skip
CHANGE: Final = Form(
    "ersatzwohnung-aendern", N_("Take, release or withdraw a dwelling"), PERMISSION,
    (
        FormField("dwelling", N_("Dwelling"), "choice", is_required=True),
        FormField("what", N_("What changes"), "choice", options=tuple(_CHANGES.items()), is_required=True),
        FormField("on", N_("Day"), "date", is_required=True),
    ),
    N_("Save the change"), _change,
)  # fmt: skip
FORMS: Final = (ADD, CHANGE)
