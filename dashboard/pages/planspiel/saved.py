"""Saved scenarios on the page: the one that is opened with the numbers of its moment, the list, the form to save."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import check_group, edit_form, empty_state, facts, link_button, panel, plain_table
from dashboard.formatting import MISSING, format_date, format_days, format_moment, format_number, format_percent
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.pages.planspiel import ids
from dashboard.pages.planspiel.forms import RENAME, SAVE, WITHDRAW, about
from dashboard.pages.planspiel.question import Asked
from dashboard.pages.planspiel.words import asked_words, teams_words
from dashboard.routes import href
from geodata.errors import InvalidFilter
from geodata.scenario.answer import Answer
from geodata.scenario.saved import NAME_LIMIT, SavedScenario
from geodata.scenario.summary import summary_of

MOST_COMPARED: Final = 4
_LEAST_COMPARED: Final = 2
_ID_DIGITS: Final = 18


def read_chosen(text: str) -> tuple[int, ...]:
    """The numbers of the scenarios to compare, each once. Raises InvalidFilter unless they are two to four."""
    parts = list(dict.fromkeys(part for part in text.split(",") if part))
    if not all(part.isascii() and part.isdecimal() and len(part) <= _ID_DIGITS for part in parts):
        raise InvalidFilter("compare", f"compare={text} cannot be read; expected numbers such as 3,5.")
    if not _LEAST_COMPARED <= len(parts) <= MOST_COMPARED:
        raise InvalidFilter("compare", f"compare={text} names {len(parts)}; two to four can stand side by side.")
    return tuple(int(part) for part in parts)


# --- the one that is opened -------------------------------------------------------------------------------------------


def opened_panel(opened: SavedScenario, asked: Asked, found: Answer) -> Component:
    """Name, numbers of the moment of saving beside those of today, and what can be done with it."""
    now = summary_of(asked.areas, found)
    told = _(
        "Saved on %(moment)s by %(who)s, from the state of %(day)s. Below it is calculated anew from the state of "
        "%(now)s.",
        moment=format_moment(opened.saved_at),
        who=opened.saved_by or MISSING,
        day=format_date(opened.as_of),
        now=format_date(asked.scenario.as_of),
    )
    rows = [row for row in _both(opened.summary, now) if row[1] != row[2]]
    if rows:
        head = (_("Differs by now"), _("when saved"), _("calculated anew"))
        differs = plain_table(head, rows, _("What differs from the moment of saving"))
    else:
        differs = html.P(_("Calculated anew, the numbers are the same."))
    note = [html.P(opened.note, className="planspiel-words")] if opened.note else []
    return panel(opened.name, [html.P(told, className="quiet"), *note, differs, _actions(opened)])


def kept_panel(opened: SavedScenario) -> Component:
    """The numbers of the moment of saving alone, where they cannot be calculated anew."""
    words = _(
        "Saved on %(moment)s by %(who)s, from the state of %(day)s. It cannot be calculated anew, because an area of "
        "it is not there any more.",
        moment=format_moment(opened.saved_at),
        who=opened.saved_by or MISSING,
        day=format_date(opened.as_of),
    )
    shown = facts([(_("Asked"), question_words(opened.summary, opened.query)), *told(opened.summary)])
    return panel(opened.name, [html.P(words, className="quiet"), shown, _actions(opened)])


def _both(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[list[str]]:
    return [[label, then, today] for (label, then), (_label, today) in zip(told(before), told(now), strict=True)]


def told(summary: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The numbers of a summary as label and words, always in the same order."""
    city = summary.get("city", {})
    shortest = [_days(days) for days in summary.get("shortest_sustainable_days", [])]
    wished = [_of(wish, "overdue_end_after") for wish in summary.get("wishes", [])]
    takes = summary.get("teams_to_keep_all")
    return [
        (_("Shortest interval that lasts"), ", ".join(shortest) or MISSING),
        (_("Overdue at the end where the wishes are"), ", ".join(wished) or MISSING),
        (_("Overdue at that time, whole city"), _of(city, "overdue_now")),
        (_("Overdue at the end, without the change"), _of(city, "overdue_end_before")),
        (_("Overdue at the end, with the change"), _of(city, "overdue_end_after")),
        (_("Controls needed a year"), format_number(summary.get("needed_per_year_after"))),
        (_("Controls with sufficient access possible a year"), format_number(summary.get("effective_visits_per_year"))),
        (_("Needed of possible"), format_percent(summary.get("utilisation"))),
        (_("Teams that keep every rule and wish"), _("no number of teams") if takes is None else teams_words(takes)),
        (_("Other cases visited later"), format_percent(summary.get("found_later_share"))),
        (_("Visits per house and year"), _number(city.get("visits_per_house_year_after"))),
    ]


def _of(row: Mapping[str, Any], name: str) -> str:
    return _("%(part)s of %(all)s", part=format_number(row.get(name)), all=format_number(row.get("pairs")))


def _days(days: int | None) -> str:
    return _("no interval") if days is None else format_days(days)


def _number(value: float | None) -> str:
    return format_number(value, decimals=1)


def _actions(opened: SavedScenario) -> Component:
    number = {"scenario": str(opened.id)}
    values = {"name": opened.name, "note": opened.note or ""}
    release = link_button(_("Take into a release"), href("/freigaben", number), symbol="release")
    forms = [
        edit_form(RENAME, values=values, about=number | {"expected": str(opened.version)}, folded=True),
        edit_form(WITHDRAW, about=number, folded=True),
    ]
    return html.Div([release, *forms], className="planspiel-actions")


# --- save, and the list -----------------------------------------------------------------------------------------------


def save_panel(asked: Asked) -> Component:
    """The form that keeps this question with its numbers."""
    values = {"name": asked_words(asked)[:NAME_LIMIT], "note": ""}
    form = edit_form(SAVE, values=values, about=about(asked.scenario), folded=True)
    return html.Div(form, className="planspiel-forms")


def saved_panel(found: Sequence[SavedScenario], page_path: str) -> Component:
    """All saved scenarios; two to four of them can be put side by side."""
    title = _("Saved scenarios")
    if not found:
        text = _("Save a scenario above; then it stands here for your colleagues, and two of them can be compared.")
        return panel(title, empty_state(_("None saved yet"), text, level=3), id=ids.LIST)
    entries = [html.Li(_entry(one, page_path)) for one in found]
    listed = html.Ul(entries, className="planspiel-saved-list")
    if len(found) < _LEAST_COMPARED:
        return panel(title, listed, id=ids.LIST)
    return panel(title, [listed, _choice(found, page_path)], id=ids.LIST)


def _entry(one: SavedScenario, page_path: str) -> list[Component]:
    link = html.A(one.name, href=href(page_path, {"scenario": one.id}), className="qm-link")
    words = _(
        "%(question)s. Saved on %(moment)s by %(who)s, from the state of %(day)s.",
        question=question_words(one.summary, one.query),
        moment=format_moment(one.saved_at),
        who=one.saved_by or MISSING,
        day=format_date(one.as_of),
    )
    return [link, html.Span(words, className="planspiel-entry-words")]


def question_words(summary: Mapping[str, Any], query: Mapping[str, str]) -> str:
    """What was asked, with the names of the areas as they were."""
    wishes = [
        _(
            "%(area)s, %(type)s, every %(days)s",
            area=one["area"] or _("Whole city"),
            type=code_label("control_type", one["control_type"]),
            days=format_days(one["interval_days"]),
        )
        for one in summary.get("wishes", [])
    ] or [_("rules as they are")]
    return "; ".join([*wishes, teams_words(int(query.get("teams", "0")))])


def _choice(found: Sequence[SavedScenario], page_path: str) -> Component:
    words = _("Please choose two to four scenarios.")
    boxes = check_group(ids.COMPARE, _("Which (two to four)"), [(str(one.id), one.name) for one in found])
    send = html.Button(_("Compare"), type="submit", id=ids.COMPARE_BUTTON, className="button")
    choice = html.Form(
        [boxes, send],
        action=href(page_path),
        method="GET",
        className="planspiel-choose",
        **{"data-most": str(MOST_COMPARED), "data-words": words, "data-address": href(page_path)},
    )
    return html.Details([html.Summary(_("Put side by side")), choice], className="planspiel-beside")
