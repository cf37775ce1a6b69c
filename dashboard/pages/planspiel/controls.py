"""The form of the question: what a newcomer sets on top, the rest folded away; `assets/planspiel.js` sends it."""

from collections.abc import Sequence
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import icon, link_button
from dashboard.components.native import Choice, Field, Option
from dashboard.formatting import format_number
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.pages.planspiel import ids
from dashboard.pages.planspiel.question import Asked, area_of, examples, suggested
from dashboard.pages.planspiel.words import origin_words, rule_hint
from dashboard.routes import href
from geodata.areas import Area
from geodata.codes import AREA_KINDS, OFFICES
from geodata.scenario import question as limits
from geodata.scenario.defaults import OfficeRounds
from geodata.scenario.question import Wish

# Rows for wishes that a newcomer does not see; a link may name more, and all of them are shown.
_SPARE_WISHES: Final = 2
WHOLE_CITY: Final = "0"


def question_form(asked: Asked, page_path: str) -> Component:
    """All controls with what is asked in them."""
    words = [icon("refresh"), _("Calculate")]
    send = html.Button(words, type="submit", id=ids.APPLY, className="button button-primary")
    first, *more = [*(asked.wishes or [suggested(asked.stock, area_of(asked.query))]), *[None] * _SPARE_WISHES]
    teams = _number("teams", _("Teams"), asked.scenario.teams.teams, 0, limits.TEAMS_MOST, 1)
    return html.Form(
        [
            html.Div([_wish(asked, 0, first), teams, send], className="planspiel-asked"),
            html.P(origin_words(asked), className="quiet planspiel-origin"),
            _more(asked, more),
            html.Div(_resets(asked, page_path), className="planspiel-resets"),
        ],
        action=href(page_path),
        method="GET",
        className="planspiel-form",
        id=ids.FORM,
    )


def _wish(asked: Asked, number: int, wish: Wish | None) -> Component:
    """One row: where, what kind of control, every how many days; without days it asks nothing."""
    areas = [(WHOLE_CITY, _("Whole city")), *_area_options(asked.areas)]
    types = [(code, code_label("control_type", code)) for code in asked.control_types]
    area = str((wish and wish.area_id) or WHOLE_CITY)
    days = _number(
        f"days-{number}", _("Interval in days"), wish.interval_days if wish else None, 1, limits.INTERVAL_DAYS_MOST, 1,
        hint=rule_hint(asked, wish) if wish else _("Empty: no further wish"), wish="days",
    )  # fmt: skip
    parts = [
        html.Legend(_("Wish %(number)s", number=number + 1), className="visually-hidden"),
        _menu(f"area-{number}", _("Area"), areas, area, wish="area"),
        _menu(f"type-{number}", _("Kind of control"), types, wish.control_type if wish else types[0][0], wish="type"),
        days,
    ]
    return html.Fieldset(parts, className="planspiel-wish")


def _area_options(areas: Sequence[Area]) -> list[Option]:
    ordered = sorted(areas, key=lambda area: (AREA_KINDS.index(area.kind), area.name))
    return [(str(area.id), f"{area.name} ({code_label('area_kind', area.kind)})") for area in ordered]


def _more(asked: Asked, wishes: Sequence[Wish | None]) -> Component:
    scenario, teams = asked.scenario, asked.scenario.teams
    numbers = [
        _number("rounds", _("Rounds per team and week"), teams.rounds_per_team_week, 0, limits.ROUNDS_MOST, 0.01),
        _number("objects", _("Objects per round"), teams.objects_per_round, 0, limits.OBJECTS_MOST, 0.01),
        _number(
            "failed", _("Without sufficient access, per cent"), round(teams.failed_share * 100, 1),
            0, limits.FAILED_MOST * 100, 0.1,
        ),
        _number(
            "single", _("Single visits outside of rounds per week"), teams.single_visits_per_week,
            0, limits.PER_WEEK_MOST, 0.01,
        ),
        _number("weeks", _("Working weeks per year"), teams.working_weeks_per_year, 1, limits.WEEKS_MOST, 0.01),
        _menu("months", _("Look ahead"), _months(scenario.months), str(scenario.months)),
        _menu("order", _("Who is visited first"), _orders(), scenario.order),
        _menu("kind", _("Areas in the tables"), _kinds(asked), asked.query.get("kind", "")),
    ]  # fmt: skip
    parts = [
        html.H2(_("Capacity and calculation"), className="planspiel-caption"),
        html.Div(numbers, className="planspiel-numbers"),
        html.H2(_("Rounds per week that an office can join"), className="planspiel-caption"),
        html.P(_("The scarcest office limits all rounds. Empty: it does not limit them."), className="quiet"),
        html.Div(_offices(asked), className="planspiel-numbers"),
        html.H2(_("More wishes"), className="planspiel-caption"),
        *[_wish(asked, number, wish) for number, wish in enumerate(wishes, start=1)],
    ]
    is_open = any(asked.is_set(name) for name in _FOLDED) or len(asked.wishes) > 1
    summary = html.Summary([html.Span(_("More assumptions")), icon("chevron")])
    body = html.Div(parts, className="planspiel-more-body")
    return html.Details([summary, body], className="planspiel-more", open=is_open)


_FOLDED: Final = ("rounds", "objects", "failed", "single", "weeks", "months", "order", "office")


def _months(chosen: int) -> list[Option]:
    known = sorted({12, 24, 36, chosen})
    return [(str(months), _("%(count)s months", count=format_number(months))) for months in known]


def _orders() -> list[Option]:
    return [("due", _("who was due first")), ("risk", _("risk first, nobody waits for ever"))]


def _kinds(asked: Asked) -> list[Option]:
    return [("", _("as the wish")), *((kind, code_label("area_kind", kind)) for kind in asked.kinds)]


def _offices(asked: Asked) -> list[Component]:
    """A field for each office that joined rounds or limits them, and a row for one more."""
    given = dict(asked.scenario.teams.office_rounds_per_week)
    joined = {one.office: one for one in asked.stock.measured.counted.offices}
    shown = [office for office in OFFICES if office in given or office in joined]
    left = [office for office in OFFICES if office not in shown]
    another = [
        _plain_menu("office-more", _("Another office"), [(code, code_label("office", code)) for code in left]),
        _rounds_field("office-more-rounds", _("Rounds per week"), None, ""),
    ]
    fields = [
        _rounds_field(
            f"office-{office}", code_label("office", office), given.get(office), _joined(joined.get(office)), office
        )
        for office in shown
    ]
    return [*fields, *([html.Div(another, className="planspiel-office-more")] if left else [])]


def _joined(one: OfficeRounds | None) -> str:
    if one is None:
        return ""
    return _("joined %(rounds)s a week", rounds=format_number(one.rounds_per_week, decimals=2))


def _rounds_field(name: str, label: str, value: float | None, hint: str, office: str = "") -> Component:
    mark = {"data-office": office} if office else {}
    return Field(
        id=ids.part(name), label=label, kind="number", value="" if value is None else _plain(value), hint=hint or None,
        min=0, max=limits.PER_WEEK_MOST, step=0.01, **mark,
    )  # fmt: skip


def _plain_menu(name: str, label: str, options: Sequence[Option]) -> Component:
    known = [{"value": code, "label": text} for code, text in options]
    return Choice(id=ids.part(name), label=label, kind="select", value="", options=known, empty_label=_("none"))


def _resets(asked: Asked, page_path: str) -> list[Component]:
    kept = {"as_of": asked.query["as_of"]} if "as_of" in asked.query else {}
    links = [
        html.A(one.words, href=href(page_path, {**kept, **one.query}), className="choice-link qm-link")
        for one in examples(asked.stock, area_of(asked.query))
    ]
    words = html.Span(_("For example:"), className="quiet")
    shown = html.Nav([words, *links], className="choice-links", **{"aria-label": _("Examples")})
    back = link_button(_("Back to the measured values"), href(page_path, kept), kind="quiet")
    return [*([shown] if links else []), *([back] if asked.is_changed else [])]


# --- controls ---------------------------------------------------------------------------------------------------------


def _number(
    name: str, label: str, value: float | None, least: float, most: float, step: float,
    *, hint: str = "", part: str | None = None, wish: str | None = None,
) -> Component:  # fmt: skip
    mark: dict[str, Any] = {"data-wish": wish} if wish else {"data-part": part or name}
    return Field(
        id=ids.part(name), label=label, kind="number", value="" if value is None else _plain(value),
        min=least, max=most, step=step, hint=hint or None, **mark,
    )  # fmt: skip


def _menu(name: str, label: str, options: Sequence[Option], value: str, *, wish: str | None = None) -> Component:
    mark: dict[str, Any] = {"data-wish": wish} if wish else {"data-part": name}
    known = [{"value": code, "label": text} for code, text in options]
    return Choice(id=ids.part(name), label=label, kind="select", options=known, value=value, **mark)


def _plain(value: float) -> str:
    """As the browser's own number field writes it."""
    return f"{round(value, 2):.2f}".rstrip("0").rstrip(".")
