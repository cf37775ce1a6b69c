"""The files of a plan: the run sheet as PDF and the calendar entry; both need the right to plan, and are logged."""

from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from typing import Final

from flask import Response, request

from dashboard.answers import in_words
from dashboard.auth import signed_in
from dashboard.exports.about import About
from dashboard.exports.calendar_file import Entry, as_ics
from dashboard.exports.files import attachment
from dashboard.exports.run_sheet import Sheet, SheetStop, as_pdf
from dashboard.failures import failure
from dashboard.formatting import format_date, format_number
from dashboard.i18n import code_label, language
from dashboard.i18n import gettext as _
from dashboard.logged import log_export
from dashboard.pages.planer import words
from dashboard.pages.planer.forms import PERMISSION, plan_href
from dashboard.pages.planer.plan_view import Shown, read_shown
from dashboard.wiring import Wiring
from geodata.codes import ACCESS_LEVELS, DEFECTS, INSPECTION_RESULTS, SKIP_REASONS
from geodata.planning.candidates import PlannedObject

_NUMBER_MAX: Final = 2**63 - 1


def register(wiring: Wiring) -> None:
    """Routes below /planer/<number>."""
    for name, answer in (("laufzettel.pdf", _run_sheet), ("termin.ics", _calendar)):
        wiring.route(f"/planer/<int:number>/{name}", permission=PERMISSION)(in_words(partial(answer, wiring)))


def _run_sheet(wiring: Wiring, number: int) -> Response:
    shown = _shown(wiring, number)
    if shown is None:
        return failure(404)
    about = _about(shown, _("Run sheet"))
    answer = attachment(BytesIO(as_pdf(sheet_of(shown, about))), about.file_name("pdf"), "application/pdf")
    what = f"run sheet of plan {number}"
    return log_export(wiring.deps, answer, what, rows=len(shown.stops), logged_as=f"plan-{number}.pdf")


def _calendar(wiring: Wiring, number: int) -> Response:
    shown = _shown(wiring, number)
    if shown is None:
        return failure(404)
    about = _about(shown, _("Calendar entry"))
    answer = attachment(BytesIO(as_ics(entry_of(shown, about))), about.file_name("ics"), "text/calendar")
    return log_export(wiring.deps, answer, f"calendar entry of plan {number}", rows=1, logged_as=f"plan-{number}.ics")


def _shown(wiring: Wiring, number: int) -> Shown | None:
    if number > _NUMBER_MAX:
        return None
    with wiring.deps.asker() as asker:
        asker.require(PERMISSION)
        return read_shown(asker, number, signed_in().default_as_of)


def _about(shown: Shown, title: str) -> About:
    """What the file says about itself; its name carries the day of the round and never an address."""
    account = signed_in().account
    return About(
        title=title,
        city=account.municipality_name,
        as_of=shown.plan.held_on,
        filter_text="",
        source="",
        is_invented=account.is_demonstration_city,
    )


def sheet_of(shown: Shown, about: About) -> Sheet:
    """The run sheet in words."""
    plan = shown.plan
    facts = (
        (_("Date"), format_date(plan.held_on)),
        (_("Objects"), format_number(len(shown.stops))),
        (_("Area"), shown.area_name or _("the whole city")),
        (_("Start of the round"), plan.start_name or _("the middle of the objects")),
        (_("Offices"), words.offices_words(plan.offices)),
        (_("Data as of"), format_date(signed_in().default_as_of)),
    )
    return Sheet(
        language=language(),
        title=_("Run sheet of the round on %(date)s", date=format_date(plan.held_on)),
        subtitle=f"{code_label('control_type', plan.kind)}, {about.city}",
        note=_("Invented example data") if about.is_invented else None,
        facts=facts,
        drawing=shown.drawing,
        drawing_label=_(
            "Map with %(count)s numbered objects; the list holds the same numbers.",
            count=sum(one.place is not None for one in shown.stops),
        ),
        drawing_words=words.map_words(has_start=plan.start is not None),
        stops=tuple(_stop(shown, at, one) for at, one in enumerate(shown.stops)),
        words=_words(),
        footer=_(
            "For official use only. Destroy after the outcomes were recorded. quartiermonitor, %(city)s",
            city=about.city,
        ),
    )


def _stop(shown: Shown, at: int, one: PlannedObject) -> SheetStop:
    why = [*words.reasons(one, shown.plan.held_on), words.leg_words(shown.legs[at], is_first=at == 0)]
    marks = [
        (one.has_to_clarify_access, _("clarify access first")),
        (one.property_id in shown.released, _("released from the rule")),
        (one.closed_on is not None, _("case closed")),
        (one.place is None, _("no point on the map")),
    ]
    return SheetStop(
        number=at + 1,
        title=words.title_of(one),
        key=_("Key %(key)s", key=one.key),
        reason="; ".join(why),
        last=words.last_words(one),
        rule=words.rule_words(one.rule),
        marks=tuple(text for is_so, text in marks if is_so),
    )


def _words() -> dict[str, str | list[str]]:
    def labels(code_list: str, codes: tuple[str, ...]) -> list[str]:
        return [code_label(code_list, code) for code in codes]

    return {
        "page": _("Page"),
        "reason": _("Why"),
        "last": _("Last control"),
        "rule": _("Rule"),
        "access": _("Access reached"),
        "access_levels": labels("access", ACCESS_LEVELS),
        "result": _("Result"),
        "results": labels("result", INSPECTION_RESULTS),
        "defects": _("Defects"),
        "defect_list": labels("defect", DEFECTS),
        "skipped": _("Not visited"),
        "skip_reasons": labels("skip_reason", SKIP_REASONS),
        "from": _("Time from"),
        "until": _("Time until"),
        "hand": _("Remark (no names)"),
    }


def entry_of(shown: Shown, about: About) -> Entry:
    """The calendar entry in words: no address and no key."""
    plan, kind = shown.plan, code_label("control_type", shown.plan.kind)
    objects = words.objects_words(len(shown.stops))
    link = request.host_url.rstrip("/") + plan_href(plan.number)
    lines = [
        kind,
        _("Offices: %(offices)s", offices=words.offices_words(plan.offices)),
        objects,
        *(
            [_("Called off: %(reason)s", reason=code_label("call_off_reason", plan.called_off))]
            if plan.called_off
            else []
        ),
        _("Addresses stand in the plan, for who may see them: %(link)s", link=link),
        *([_("Invented example data")] if about.is_invented else []),
    ]
    return Entry(
        number=plan.number,
        sequence=plan.changes,
        municipality=signed_in().scope.municipality,
        day=plan.held_on,
        title=_("Round: %(kind)s, %(objects)s", kind=kind, objects=objects),
        description="\n".join(lines),
        link=link,
        changed_at=datetime.now(UTC),
        is_called_off=plan.called_off is not None,
    )
