"""The open deadlines as a calendar file. A calendar is read by many: it holds neither address nor key of an object."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import partial
from io import BytesIO

from flask import Response, request

from dashboard.answers import in_words
from dashboard.auth import signed_in
from dashboard.exports.about import About
from dashboard.exports.calendar_file import Entry, as_ics
from dashboard.exports.files import attachment
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.logged import log_export
from dashboard.pages.verfahren import links
from dashboard.pages.verfahren.parts import CALENDAR
from dashboard.pages.verfahren.question import Question
from dashboard.proceeding_words import what_words
from dashboard.wiring import Wiring
from geodata.filters import read_day
from geodata.measures.deadlines import Deadline, read_deadlines

EXPORT = "export:create"


def register(wiring: Wiring) -> None:
    """The route of the file."""
    wiring.route(CALENDAR, permission="proceeding:read")(in_words(partial(_calendar, wiring)))


def _calendar(wiring: Wiring) -> Response:
    as_of = read_day("as_of", request.args) or signed_in().default_as_of
    question = Question.from_query(request.args, as_of)
    with wiring.deps.asker() as asker:
        asker.require(EXPORT)
        found = read_deadlines(asker, question.chosen, families=question.families, offices=question.offices)
    about = _about(as_of)
    entries = entries_of(found, about, request.host_url.rstrip("/"))
    answer = attachment(BytesIO(as_ics(*entries)), about.file_name("ics"), "text/calendar")
    return log_export(wiring.deps, answer, "calendar of deadlines", rows=len(entries))


def _about(as_of: date) -> About:
    account = signed_in().account
    return About(
        title=_("Open deadlines"), city=account.municipality_name, as_of=as_of, filter_text="", source="",
        is_invented=account.is_demonstration_city,
    )  # fmt: skip


def entries_of(deadlines: Sequence[Deadline], about: About, host: str) -> list[Entry]:
    """One entry for each deadline, in words."""
    return [_entry(one, about, host) for one in deadlines]


def _entry(one: Deadline, about: About, host: str) -> Entry:
    kind = code_label("measure_kind", one.measure_kind) if one.measure_kind else _("supply cut")
    link = host + (links.proceeding(one.measure_key, {}) if one.measure_key else links.same_page({}, view="sperren"))
    lines = [
        kind,
        *([code_label("office", one.office)] if one.office else []),
        *([] if one.is_confirmed else [_("The rule of this deadline is not confirmed yet.")]),
        _("The address stands in the application, for who may see it: %(link)s", link=link),
        *([_("Invented example data")] if about.is_invented else []),
    ]
    title = kind if one.what == "supply_cut" else f"{what_words(one)} ({kind})"
    return Entry(
        number=number_of(one),
        sequence=0,
        municipality=signed_in().scope.municipality,
        day=one.on,
        title=_("Deadline: %(what)s", what=title),
        description="\n".join(lines),
        link=link,
        changed_at=datetime.now(UTC),
        is_called_off=False,
        of="deadline",
    )


def number_of(one: Deadline) -> int:
    """The same number for the same deadline each time, so that a calendar knows it again; it tells no key."""
    parts = (one.what, one.measure_key, one.step_key, one.cut_key, one.step_kind)
    return int.from_bytes(hashlib.sha256(repr(parts).encode()).digest()[:6], "big")
