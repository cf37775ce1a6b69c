"""The four answers of the page before a committee meeting, each a card: a number, sentences, names, the evidence."""

from collections.abc import Sequence
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from dashboard.formatting import format_date, format_days, format_money, format_number, format_percent, format_share
from dashboard.i18n import N_, code_label, ngettext
from dashboard.i18n import gettext as _
from dashboard.pages.rueckbau import delays, links, selection, words
from dashboard.pages.rueckbau.answers import GrantAtRisk, HowMany, MoneyAtRisk
from dashboard.pages.rueckbau.shown import Shown
from geodata.demolitions import Project
from geodata.funding.flow import AtRisk, Flow
from geodata.housing.whereabouts import Whereabouts
from geodata.projects.programmes import read_programmes

# More names would push the fourth answer off the page; the evidence has all of them.
MOST_NAMED: Final = 5
RISKS: Final = {
    "call_window": N_("money not called yet, the window for calls closes"),
    "interest": N_("money paid and not used, interest (Zwischenzinsen) is due"),
    "proof_due": N_("proof of use is due (Verwendungsnachweis: what the money was spent on)"),
}
Part = tuple[str, str, int]  # class of the segment, its words, its number


def card(title: str, number: str | None, lines: Sequence[Any], more: Sequence[Component] = ()) -> Component:
    """One answer: the question, the number to remember, the sentences, and where the evidence stands."""
    parts: list[Component] = [html.H2(title, className="rueckbau-question")]
    if number:
        parts.append(html.P(number, className="rueckbau-number"))
    parts += [line if isinstance(line, Component) else html.P(line) for line in lines]
    if more:
        parts.append(html.P(list(more), className="rueckbau-more"))
    return html.Section(parts, className="rueckbau-card")


# --- how many ---------------------------------------------------------------------------------------------------------


def how_many(found: HowMany, shown: Shown) -> Component:
    """Down, running and ended of all, with the progress by the published rule."""
    values = selection.figure_values(shown.projects, shown.as_of)
    progress = values["demolition_progress"].value
    number = _("%(part)s of %(whole)s", part=format_number(found.down), whole=format_number(found.projects))
    lines: list[Any] = [
        _("projects are demolished (%(share)s).", share=format_share(found.down, found.projects)),
        bar(
            [
                ("good", _("demolished"), found.down),
                ("accent", _("still to come"), found.still_to_come),
                ("quiet", _("ended otherwise"), found.ended),
            ]
        ),
        _(
            "%(now)s of them in the last 12 months; %(before)s in the 12 months before.",
            now=format_number(found.down_last_year),
            before=format_number(found.down_before),
        ),
        ngettext(
            "%(count)s project is running, %(blocked)s of it held up and %(late)s behind the plan.",
            "%(count)s projects are running, of these %(blocked)s are held up and %(late)s are behind their plan.",
            found.running,
            count=format_number(found.running),
            blocked=format_number(found.blocked),
            late=format_number(found.late),
        ),
    ]
    if isinstance(progress, int | float):
        lines.append(_("Mean progress by the published rule: %(share)s.", share=format_percent(progress / 100)))
    if found.ended:
        lines.append(_outcome_words(found))
    lines += programme_lines(shown)
    more = [
        links.evidence(_("Plan and status"), links.view_address(shown.query, links.PLAN)),
        links.evidence(_("Map"), links.view_address(shown.query, links.PLACES)),
    ]
    return card(_("How many of how many?"), number, lines, more)


def programme_lines(shown: Shown) -> list[Component]:
    """Each programme with its progress, where there are several."""
    programmes = read_programmes(shown.projects)
    if len(programmes) < 2:
        return []
    rows = [
        html.Tr(
            [
                html.Th(one.programme or _("without a programme"), scope="row"),
                html.Td(_("%(part)s of %(whole)s", part=one.demolished, whole=one.projects), className="number"),
                html.Td(_meter(one.progress or 0)),
                html.Td(format_percent(one.progress), className="number"),
            ]
        )
        for one in programmes
    ]
    heads = [html.Th(_("Programme"), scope="col"), html.Th(_("demolished"), scope="col", className="number"),
             html.Th(_("Progress"), scope="col", colSpan=2, className="number")]  # fmt: skip
    table = html.Table([html.Thead(html.Tr(heads)), html.Tbody(rows)], className="rueckbau-flow rueckbau-of-programmes")
    return [table]


def _outcome_words(found: HowMany) -> str:
    named = ", ".join(
        f"{format_number(count)} {code_label('demolition_outcome', outcome)}"
        for outcome, count in found.outcomes.items()
    )
    return _("Ended otherwise, which is an outcome and no failure: %(outcomes)s.", outcomes=named)


# --- what is late -----------------------------------------------------------------------------------------------------


def late(found: Sequence[Project], shown: Shown) -> Component:
    """Late projects by name: how many days, in which stage they were lost, what holds them up and since when."""
    title = _("What is late, and why?")
    running = sum(one.status == "running" for one in shown.projects)
    held = [one for one in shown.projects if one.status == "running" and one.is_blocked and one not in found]
    number = _("%(part)s of %(whole)s", part=format_number(len(found)), whole=format_number(running))
    lines: list[Any] = [_("running projects are behind their plan.")]
    if found:
        lines.append(
            html.Ol([html.Li(late_line(one, shown)) for one in found[:MOST_NAMED]], className="rueckbau-names")
        )
    rest = len(found) - MOST_NAMED
    if rest > 0:
        lines.append(_("and %(count)s more", count=format_number(rest)))
    if held:
        names = ", ".join(one.address for one in held[:MOST_NAMED])
        lines.append(_("Held up, but not behind the plan yet: %(names)s.", names=names))
    more = [
        links.evidence(_("All delays and obstacles"), links.view_address(shown.query, links.OBSTACLES)),
    ]
    return card(title, number, lines, more)


def late_line(one: Project, shown: Shown) -> list[Any]:
    """One late project: name, days, and why in small words."""
    days = html.Strong(format_days(one.slip_days), className="rueckbau-days")
    return [links.project_link(one, shown.known, shown.query), " ", days, html.Span(why(one, shown), className="quiet")]


def why(one: Project, shown: Shown) -> str:
    """The stage that lost most days and what holds the project up."""
    lost = delays.lost_most(one, shown.as_of)
    parts = []
    if lost is not None:
        stage = code_label("demolition_stage", lost.stage)
        parts.append(_("lost in %(stage)s (%(days)s)", stage=stage, days=format_days(lost.days)))
    if one.is_blocked:
        said = words.blocker_text(one.blocker, one.blocked_since_on)
        days = delays.blocked_days(one, shown.as_of)
        parts.append(said if days is None else f"{said} ({format_days(days)})")
    return "; ".join(parts)


# --- money ------------------------------------------------------------------------------------------------------------


def money(found: MoneyAtRisk, total: Flow | None, shown: Shown) -> Component:
    """What has passed or is at risk in the next six months, the nearest first, and where the money stands."""
    title = _("Which money is at risk?")
    more = [links.evidence(_("All grants and deadlines"), links.filtered(shown.query, "/foerderung"))]
    if total is not None and not total.granted_eur and not found.grants:
        return card(title, None, [_("No grant is recorded for this choice on this date.")], more)
    lines: list[Any] = []
    if found.grants:
        text = ngettext(
            "of %(count)s grant: a deadline has passed or ends in the next 6 months.",
            "of %(count)s grants: a deadline has passed or ends in the next 6 months.",
            len(found.grants),
            count=format_number(len(found.grants)),
        )
    else:
        text = _("have a deadline in the next 6 months.")
    lines.append(text)
    if found.passed:
        passed = ngettext(
            "Of it, past the deadline and still open: %(amount)s of %(count)s grant.",
            "Of it, past the deadline and still open: %(amount)s of %(count)s grants.",
            found.passed,
            amount=format_money(found.passed_eur),
            count=format_number(found.passed),
        )
        lines.append(html.P(passed, className="rueckbau-warned"))
    if found.grants:
        shown_first = found.grants[: MOST_NAMED - 2]
        lines.append(html.Ol([html.Li(risk_line(one, shown)) for one in shown_first], className="rueckbau-names"))
        rest = len(found.grants) - len(shown_first)
        lines += [_("and %(count)s more", count=format_number(rest))] if rest else []
    lines += binding_lines(found)
    lines += [] if total is None else flow_lines(total)
    if shown.is_narrowed:
        lines.append(html.P(_("Only grants of the properties of these projects."), className="quiet"))
    return card(title, format_money(found.total_eur), lines, more)


def risk_line(found: GrantAtRisk, shown: Shown) -> list[Any]:
    """One grant: what is at risk of it in all, and each reason with its day; of several each with its own money."""
    first = found.risks[0]
    name = html.A(
        first.address or first.title,
        href=links.dated(shown.query, "/foerderung", grant=first.grant_key),
        className="qm-link",
    )
    said = [_risk_words(one, is_alone=len(found.risks) == 1) for one in found.risks]
    amount = html.Strong(format_money(found.amount_eur), className="rueckbau-days")
    return [name, " ", amount, html.Span("; ".join([*said, first.programme]), className="quiet")]


def _risk_words(one: AtRisk, *, is_alone: bool) -> str:
    days = format_number(abs(one.days_left))
    left = (
        ngettext("%(count)s day ago", "%(count)s days ago", -one.days_left, count=days)
        if one.days_left < 0
        else ngettext("in %(count)s day", "in %(count)s days", one.days_left, count=days)
    )
    unsure = "" if one.is_confirmed else f" ({_('not confirmed yet')})"
    amount = "" if is_alone else f"{format_money(one.amount_eur)} "
    return f"{format_date(one.on)} ({left}): {amount}{_(RISKS[one.what])}{unsure}"


def binding_lines(found: MoneyAtRisk) -> list[Any]:
    """Binding periods that end: a day to know, no money at risk."""
    if not found.bindings_ending:
        return []
    count = found.bindings_ending
    text = ngettext(
        "Besides, the binding period of %(count)s grant ends; that puts no money at risk.",
        "Besides, the binding periods of %(count)s grants end; that puts no money at risk.",
        count,
        count=format_number(count),
    )
    return [html.P(text, className="quiet")]


def flow_lines(total: Flow) -> list[Any]:
    """Granted, called, paid: each as a bar against what was granted."""
    if not total.granted_eur:
        return []
    steps = [(_("granted"), total.granted_eur), (_("called"), total.called_eur), (_("paid"), total.paid_eur)]
    rows = [
        html.Tr(
            [
                html.Th(name, scope="row"),
                html.Td(_meter(amount / total.granted_eur)),
                html.Td(format_money(amount), className="number"),
                html.Td(format_percent(amount / total.granted_eur), className="number"),
            ]
        )
        for name, amount in steps
    ]
    caption = html.Caption(_("Granted, called and paid"), className="visually-hidden")
    return [html.Table([caption, html.Tbody(rows)], className="rueckbau-flow")]


def _meter(share: float) -> Component:
    filled = html.Span(style={"width": f"{100 * min(share, 1):.1f}%"})
    return html.Div(filled, className="rueckbau-bar", **{"aria-hidden": "true"})


# --- residents --------------------------------------------------------------------------------------------------------


def moved(found: Whereabouts, shown: Shown) -> Component:
    """Households as counts, and what became of the closed houses."""
    title = _("Where did the residents go?")
    more = [links.evidence(_("Housing balance and whereabouts"), links.filtered(shown.query, "/wohnraum"))]
    if not found.closed_houses:
        return card(title, None, [_("No closed house is recorded for this choice.")], more)
    lines: list[Any] = []
    number = None
    if found.households_affected is None:
        lines.append(_("It is not recorded how many households had to leave."))
    else:
        number = format_number(found.households_affected)
        lines.append(
            ngettext(
                "household had to leave its home.",
                "households had to leave their homes.",
                found.households_affected,
            )
        )
        lines.append(bar(_places(found)))
    if found.houses_without_count:
        lines.append(
            ngettext(
                "Of %(count)s closed house the number of households is not recorded.",
                "Of %(count)s closed houses the number of households is not recorded.",
                found.houses_without_count,
                count=format_number(found.houses_without_count),
            )
        )
    lines.append(_house_words(found))
    lines.append(html.P(_("All closed houses of the areas; households are counts, never names."), className="quiet"))
    return card(title, number, lines, more)


def _places(found: Whereabouts) -> list[Part]:
    return [
        ("good", _("in replacement housing"), found.rehoused or 0),
        ("accent", _("returned"), found.returned or 0),
        ("quiet", _("moved elsewhere"), found.moved_elsewhere or 0),
        ("open", _("not known"), found.not_known or 0),
    ]


def _house_words(found: Whereabouts) -> str:
    return _(
        "Closed houses: %(all)s. Reopened %(reopened)s, in renovation %(renovating)s, demolished %(demolished)s, still "
        "closed %(closed)s.",
        all=format_number(found.closed_houses),
        reopened=format_number(found.reopened),
        renovating=format_number(found.renovating),
        demolished=format_number(found.demolished),
        closed=format_number(found.still_closed),
    )


def bar(parts: Sequence[Part]) -> Component:
    """Parts of a whole as one bar, each with its number under it; pattern and words tell them apart, not the colour."""
    whole = sum(count for _kind, _name, count in parts)
    drawn = [
        html.Span(className=f"rueckbau-part rueckbau-part-{kind}", style={"flexGrow": str(count)})
        for kind, _name, count in parts
        if count
    ]
    named = [
        html.Li([html.Span(className=f"rueckbau-swatch rueckbau-part-{kind}", **{"aria-hidden": "true"}),
                 f"{name} {format_number(count)}"])
        for kind, name, count in parts
    ]  # fmt: skip
    picture = html.Div(drawn, className="rueckbau-whole", **{"aria-hidden": "true"}) if whole else None
    return html.Div([picture, html.Ul(named, className="rueckbau-parts")])
