"""Accounts in words: their state, their areas, their end, and what is refused."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from babel.dates import format_date as babel_date
from dash.development.base_component import Component

from dashboard.components import badge
from dashboard.formatting import format_date, locale
from dashboard.i18n import N_, code_label
from dashboard.i18n import gettext as _
from geodata.access import ROLES, Role
from geodata.accounts import Account, State
from geodata.accounts.assignments import AssignableArea

_STATES: Final[Mapping[State, tuple[str, str, str]]] = {
    "active": (N_("may sign in"), "good", "circle"),
    "no_password": (N_("has no password yet"), "warn", "ring"),
    "first_password": (N_("has a first password"), "neutral", "ring"),
    "disabled": (N_("disabled"), "bad", "x"),
    "ended": (N_("has ended"), "bad", "square"),
}
_REFUSED: Final = {
    "name_form": N_("2 to 64 small letters without umlauts, digits, or one of . _ - @"),
    "taken": N_("This name is taken. Names are unique in all cities of this installation."),
    "required": N_("Please fill this in."),
    "last_admin": N_(
        "This is the last account of the administration without an end that can sign in. Create another one first, or "
        "nobody could keep accounts afterwards."
    ),
}
_DONE: Final = {
    "disabled": N_("The account is disabled and signed out everywhere."),
    "enabled": N_("The account may be used again."),
    "signed_out": N_("The account is signed out everywhere."),
}
# An account that nobody has used for so long is one that could be disabled.
UNUSED_MONTHS: Final = 6


def state_badge(account: Account, today: date) -> Component:
    """The state with a shape of its own."""
    words, kind, shape = _STATES[account.state(today)]
    return badge(_(words), kind=kind, shape=shape)


def role_words(account: Account) -> str:
    """The name of the role."""
    return code_label("role", account.role)


def role_sentence(role: Role) -> str:
    """What the role is for, with its name in front where the sentence does not begin with it."""
    sentence, name = _(ROLES[role].words), code_label("role", role)
    return sentence if sentence.startswith(name) else f"{name} – {sentence}"


def areas_words(account: Account, areas: Sequence[AssignableArea]) -> str:
    """The areas by name in the order of the list; the whole city for roles that have none."""
    if not account.scope.has_areas:
        return _("whole city") if account.role == "staff" else "–"
    return ", ".join(area_words(one) for one in areas if one.id in account.area_ids) or _("none")


def area_words(area: AssignableArea) -> str:
    """The name of an area with its kind, because a quarter and a district can have the same."""
    kind = code_label("area_kind", area.kind)
    return f"{area.name} ({kind})" if area.is_valid else _("%(name)s (%(kind)s, ended)", name=area.name, kind=kind)


def end_words(account: Account) -> str:
    """The last day, or that there is none."""
    return format_date(account.valid_until) if account.valid_until else _("no end")


def month_words(account: Account) -> str:
    """The month of the latest sign-in, and no finer."""
    month = account.last_signed_in_month
    return babel_date(month, format="MMMM yyyy", locale=locale()) if month else _("never")


def is_unused(account: Account, today: date) -> bool:
    """Whether nobody has used it for half a year though somebody could."""
    since = account.last_signed_in_month or account.created_at.date().replace(day=1)
    months = (today.year - since.year) * 12 + today.month - since.month
    return months > UNUSED_MONTHS and account.state(today) not in ("disabled", "ended")


def refused_words(code: str) -> str:
    """Why something was refused."""
    return _(_REFUSED.get(code, N_("This cannot be taken over.")))


def done_words(code: str) -> str | None:
    """What was done, from the link that the answer led to; None = nothing that is known."""
    return _(_DONE[code]) if code in _DONE else None
