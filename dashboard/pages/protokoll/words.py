"""An entry of the log in words: to what it was done, and its details."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final
from urllib.parse import parse_qsl

from babel import dates

from dashboard.filter_words import filter_words
from dashboard.formatting import format_date, format_number, locale
from dashboard.i18n import N_, code_label
from dashboard.i18n import gettext as _
from geodata.audit import COMMAND_LINE
from geodata.audit.reads import LogFilter
from geodata.calendar import BERLIN
from geodata.errors import InvalidFilter
from geodata.filters import PropertyFilter

# What the log writes in English, so that it reads the same in ten years, and how it is said here.
_SUBJECTS: Final = (
    (re.compile(r"owners of (?P<key>.+)"), N_("Owners of %(key)s")),
    (re.compile(r"photograph (?P<number>\d+) of (?P<key>.+)"), N_("Photograph %(number)s of %(key)s")),
    (re.compile(r"round (?P<number>\d+)"), N_("Counts of persons of round %(number)s")),
    (re.compile(r"edit (?P<number>\d+)"), N_("Entry no. %(number)s")),
    (re.compile(r"erasure (?P<number>\d+)"), N_("Erasure no. %(number)s")),
    (re.compile(r"release (?P<number>\d+)"), N_("Released state no. %(number)s")),
    (re.compile(r"unknown name"), N_("Unknown name")),
    (re.compile(r"log"), N_("This log")),
)
# Names of details; one without words here is shown as it is written.
_NAMES: Final[Mapping[str, str]] = {
    "rows": N_("Rows"),
    "filter": N_("Filter"),
    "title": N_("Title"),
    "as_of": N_("As of"),
    "audience": N_("For whom"),
    "source": N_("Source"),
    "delivery": N_("Delivery no."),
    "loaded": N_("Rows taken over"),
    "rejected": N_("Rows not taken over"),
    "first": N_("from no."),
    "last": N_("up to no."),
    "edit": N_("Entry no."),
    "reason": N_("Reason"),
    "role": N_("Role"),
    "areas": N_("Areas"),
    "kind": N_("Kind"),
    "change": N_("What"),
    "lifted": N_("Erasures lifted"),
    "until": N_("Valid until"),
    "by": N_("How"),
}
_CODES: Final[Mapping[str, str]] = {
    "audience": "audience",
    "source": "delivery_source",
    "role": "role",
    "change": "audit_change",
    "kind": "audit_kind",
    "by": "audit_how",
}
# For machines, or told by the name of the file already.
_SILENT: Final = frozenset({"hash", "last_hash", "what", "format"})


def moment(at: datetime) -> str:
    """Day and time to the second in the city's time."""
    local = at.astimezone(BERLIN)
    return f"{format_date(local.date())}, {dates.format_time(local, 'HH:mm:ss', locale=locale())}"


def account(name: str) -> str:
    """The account, or who it was where nobody was signed in."""
    return {"": _("nobody signed in"), COMMAND_LINE: _("Command line")}.get(name, name)


def subject(written: str) -> str:
    """To what it was done."""
    for pattern, words in _SUBJECTS:
        found = pattern.fullmatch(written)
        if found:
            return _(words, **found.groupdict())
    return written


def details(written: Mapping[str, str | int]) -> str:
    """The details in a fixed order, those that only a machine reads left out."""
    order = [*_NAMES, *sorted(set(written) - set(_NAMES))]
    parts = [_detail(name, written[name]) for name in order if name in written and name not in _SILENT]
    return "; ".join(part for part in parts if part)


def filter_in_words(chosen: LogFilter) -> list[str]:
    """What a file says about the entries that are in it."""
    parts = [
        _("from %(day)s", day=format_date(chosen.first_on)) if chosen.first_on else "",
        _("up to %(day)s", day=format_date(chosen.last_on)) if chosen.last_on else "",
        code_label("audit_action", chosen.action) if chosen.action else "",
        _("Account: %(name)s", name=chosen.account) if chosen.account else "",
    ]
    return [part for part in parts if part]


def _detail(name: str, value: str | int) -> str:
    label = _(_NAMES[name]) if name in _NAMES else name
    say: Callable[[str], str] = _link_filter if name == "filter" else lambda text: _said(name, text)
    shown = format_number(value) if isinstance(value, int) else say(value)
    return f"{label}: {shown}" if shown else ""


def _said(name: str, value: str) -> str:
    code_list = _CODES.get(name)
    if code_list is None:
        return value
    code = re.sub(r"\W", "_", value)
    label = code_label(code_list, code)
    return value if label == f"{code_list}:{code}" else label


def _link_filter(link: str) -> str:
    """The filter of a link as pages say it; areas by number, because the administration sees no areas."""
    try:
        return ", ".join(filter_words(PropertyFilter.from_query(dict(parse_qsl(link))), {}))
    except InvalidFilter:
        return link
