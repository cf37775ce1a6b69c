"""What the forms show at first: the facts of a grant, a call, a cost or a programme, and the entries of their menus."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.money_input import write_amount
from dashboard.pages.foerderung.forms import CITY
from geodata.areas import Area
from geodata.demolitions import Project
from geodata.funding.grants import Call, Cost, Grant, Programme

Options = Mapping[str, Sequence[tuple[str, str]]]
_OF_GRANT = (
    "programme", "title", "file_reference", "expected_on", "granted_on", "call_until_on", "binding_until_on",
    "proof_due_on", "goal",
)  # fmt: skip
_INTEREST = ("interest_from_month", "checked_after_months", "is_interest_confirmed")


def grant_values(one: Grant) -> dict[str, Any]:
    """A grant as the form of its change holds it."""
    return {
        **{name: getattr(one, name) for name in (*_OF_GRANT, *_INTEREST)},
        "place": place_of(one.property_id, one.project_key, one.area_id),
        "eligible_eur": write_amount(one.eligible_eur),
        "granted_eur": write_amount(one.granted_eur),
        "share": per_cent(one.stated_share),
    }


def call_values(one: Call) -> dict[str, Any]:
    """A call as the form of its change holds it."""
    days = {name: getattr(one, name) for name in ("called_on", "paid_on", "refunded_on")}
    return days | {name: write_amount(getattr(one, name)) for name in ("amount_eur", "paid_eur", "refunded_eur")}


def cost_values(one: Cost) -> dict[str, Any]:
    """A cost as the form of its change holds it."""
    names = ("category", "invoiced_on", "paid_on", "is_eligible")
    return {name: getattr(one, name) for name in names} | {"amount_eur": write_amount(one.amount_eur)}


def programme_values(one: Programme) -> dict[str, Any]:
    """A programme as its form holds it."""
    names = ("key", "funder", *_INTEREST, "source", "is_confirmed")
    shares = {name: per_cent(getattr(one, name)) for name in ("usual_share", "least_share", "most_share")}
    return {name: getattr(one, name) for name in names} | shares


def place_of(property_id: int | None, project_key: str | None, area_id: int | None) -> str:
    """The entry of the menu of places that a grant has."""
    if area_id is not None:
        return f"area:{area_id}"
    if property_id is None:
        return CITY
    return f"property:{property_id}:{project_key}" if project_key else f"property:{property_id}"


def place_options(projects: Sequence[Project], areas: Sequence[Area], also: Sequence[tuple[str, str]] = ()) -> Options:
    """The whole city, the areas and the demolition projects; `also` are entries of single objects."""
    entries = [
        (CITY, _("whole city")),
        *also,
        *((f"area:{area.id}", f"{area.name} ({code_label('area_kind', area.kind)})") for area in areas),
        *((place_of(one.property_id, one.key, None), f"{one.address} · {_('Project')} {one.key}") for one in projects),
    ]
    return {"place": list(dict(entries).items())}


def per_cent(share: float | None) -> str:
    """A share as its field holds it: 60 or 62,5."""
    return "" if share is None else write_amount(round(share * 100, 2))
