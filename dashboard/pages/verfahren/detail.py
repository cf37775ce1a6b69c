"""One proceeding: its head with flags and court, the open form, its steps, amounts, safeguards, relatives, versions."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from urllib.parse import unquote

from dash import html
from dash.development.base_component import Component

from dashboard.components import (
    badge,
    empty_state,
    facts,
    icon,
    link_button,
    notice,
    panel,
    plain_table,
)
from dashboard.form import Form
from dashboard.formatting import MISSING, format_amount, format_date, format_moment, format_number
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.page import PageContext
from dashboard.pages.verfahren import ids, links
from dashboard.pages.verfahren.forms import CHANGE, CHANGE_CLOSING, CLOSE, PERMISSION, STEP
from dashboard.pages.verfahren.open_form import open_form
from dashboard.pages.verfahren.safeguards import IMMEDIATE_DANGER
from dashboard.pages.verfahren.steps import steps_panel
from dashboard.proceeding_words import basis_line, court_words, deadline_badge, explained, flag, outcome_words
from geodata.measures.history import Version, read_versions
from geodata.measures.kinds import MeasureKind, by_code, read_kinds
from geodata.measures.ladder import ladder
from geodata.measures.reads import Measure, read_measure, read_measures_of
from geodata.measures.safeguards import lacking_safeguards


def detail(context: PageContext) -> Component:
    """The page of the proceeding in the address, or words that there is none."""
    key = unquote(context.path).replace("\0", "")
    with context.deps.asker() as asker:
        one = read_measure(asker, key, context.as_of)
        if one is None:
            return _not_found(context)
        kinds = by_code(read_kinds(asker))
        others = [other for other in read_measures_of(asker, one.property_id, context.as_of) if other.key != one.key]
        versions = read_versions(asker, one.key)
        opened = open_form(asker, context, one, kinds, others)
    kind = kinds.get(one.kind)
    parts = [
        _head(one, kind, context),
        *_court_gap(one, context),
        *opened,
        html.Div(
            [
                html.Div([steps_panel(one, kind, _proposed(one, kinds.values()), context)], className="verfahren-main"),
                html.Aside(
                    [
                        _facts_panel(one),
                        *_safeguards(one, kind),
                        *_relatives(one, others, context),
                        _versions_panel(versions, is_told=context.scope.allows(PERMISSION)),
                    ],
                    className="verfahren-aside",
                    **{"aria-label": _("Facts of the proceeding")},
                ),
            ],
            className="verfahren-pair",
        ),
    ]
    return html.Article(parts, className="page verfahren")


def _proposed(one: Measure, kinds: Iterable[MeasureKind]) -> list[str]:
    """The steps that can come next in this proceeding, by the rule of the ladder."""
    return [found.step_kind for found in ladder([one], kinds).next_steps if found.measure_key and found.step_kind]


def _not_found(context: PageContext) -> Component:
    text = _(
        "There is no proceeding with this key on %(date)s that your account may see. The key may be mistyped, the "
        "object may lie in an area that is not assigned to you, or the proceeding was opened later.",
        date=format_date(context.as_of),
    )
    back = link_button(_("All proceedings"), links.same_page(context.query, view="alle"))
    return html.Div(empty_state(_("Proceeding not found"), text, back, level=1), className="page verfahren")


# --- head -------------------------------------------------------------------------------------------------------------


def _head(one: Measure, kind: MeasureKind | None, context: PageContext) -> Component:
    back = html.A([icon("back"), _("All proceedings")], href=links.same_page(context.query, view="alle"),
                  className="verfahren-back qm-link")  # fmt: skip
    title = html.H1(_("%(kind)s: %(address)s", kind=code_label("measure_kind", one.kind),
                      address=one.address or one.property_key), className="page-title")  # fmt: skip
    lead = html.P([explained(one.kind), " ", basis_line(one.legal_basis, is_confirmed=one.is_confirmed)],
                  className="page-lead")  # fmt: skip
    words = [back, title, lead, html.Div([*_marks(one, context), *_last_resort(kind)], className="verfahren-marks")]
    to_object = link_button(_("To the object"), links.object_address(one.property_id, context.query), symbol="house")
    bar = html.Div([*_actions(one, kind, context), to_object], className="verfahren-actions")
    return html.Header([*words, bar], className="verfahren-head")


def _marks(one: Measure, context: PageContext) -> list[Component]:
    """Open or closed, the next deadline, and the two flags, which are told apart on purpose."""
    marks: list[Component] = [
        badge(outcome_words(one.outcome, one.closed_on), shape="ring" if one.is_open else "square")
    ]
    following = one.next_deadline
    if following and following.due_on and following.state:
        left = (following.due_on - context.as_of).days
        words = f"{code_label('measure_step', following.kind)}, {format_date(following.due_on)}"
        marks.append(html.Span([deadline_badge(left, following.state), " ", words]))
    if one.family not in ("cooperative", "acquisition"):
        marks += [
            flag(_("Order enforceable"), value=one.is_order_enforceable),
            flag(_("Coercion enforceable"), value=one.is_coercion_enforceable),
        ]
    return marks


def _last_resort(kind: MeasureKind | None) -> list[Component]:
    if kind is None or not kind.is_last_resort:
        return []
    return [badge(_("last resort"), kind="warn", shape="triangle")]


def _court_gap(one: Measure, context: PageContext) -> list[Component]:
    """An action that stands among the steps only: the facts would tell, and count, no court."""
    has_action = any(step.kind == "court_action" for step in one.steps)
    if not has_action or not one.is_open or one.court_status not in (None, "none"):
        return []
    words = _("An action is recorded as a step. How it stands and what remains enforceable is not recorded yet.")
    if not context.scope.allows(PERMISSION):
        return [notice(words)]
    return [notice([words, " ", html.A(_("Record it"), href=_form_address(one, CHANGE, context), className="qm-link")])]


def _actions(one: Measure, kind: MeasureKind | None, context: PageContext) -> list[Component]:
    if not context.scope.allows(PERMISSION):
        return []
    change = CHANGE_CLOSING if kind is not None and kind.needs_safeguards else CHANGE
    first, last = [(STEP, "plus", "primary")], [(CLOSE, "check", "")]
    ways = [*first, (change, "table", ""), *last] if one.is_open else [(change, "table", "")]
    return [
        link_button(_(form.title), _form_address(one, form, context), symbol=symbol, kind=look)
        for form, symbol, look in ways
    ]


def _form_address(one: Measure, form: Form, context: PageContext) -> str:
    return links.proceeding(one.key, context.query, **{ids.FORM: form.key})


# --- beside the steps -------------------------------------------------------------------------------------------------


def _facts_panel(one: Measure) -> Component:
    pairs: list[tuple[str, object]] = [
        (_("Office"), code_label("office", one.office)),
        (_("File reference"), one.file_reference or MISSING),
        (_("Opened on"), format_date(one.opened_on)),
        (_("Outcome"), outcome_words(one.outcome, one.closed_on)),
        (_("Final since"), format_date(one.final_on)),
        (_("Court"), court_words(one.court_status, one.court_since_on)),
        (_("Cause"), ", ".join(code_label("measure_cause", code) for code in one.causes) or MISSING),
        (_("Look again on"), format_date(one.next_check_on)),
        *([(_("Averted until"), format_date(one.averted_until_on))] if one.averted_until_on else []),
        *([(_("Free note"), one.note)] if one.note else []),
    ]
    return html.Div([panel(_("Facts"), facts(pairs)), *_amounts(one)], className="verfahren-stack")


def _amounts(one: Measure) -> list[Component]:
    amounts = (one.amount_ordered_eur, one.amount_paid_eur, one.amount_recovered_eur)
    if all(amount is None for amount in amounts):
        return []
    pairs = [
        (_("Amount ordered"), format_amount(one.amount_ordered_eur)),
        (_("of it paid"), format_amount(one.amount_paid_eur)),
        (_("of it recovered by execution"), format_amount(one.amount_recovered_eur)),
        (_("Amount open"), format_amount(one.amount_open_eur)),
    ]
    return [panel(_("Amounts"), facts(pairs))]


def _safeguards(one: Measure, kind: MeasureKind | None) -> list[Component]:
    """What was weighed before a house is closed; a gap is told as a gap."""
    if kind is None or not kind.needs_safeguards:
        return []
    means = ", ".join(code_label("milder_means", code) for code in one.milder_means)
    pairs = [
        (_("Milder means that were considered"), means or MISSING),
        *([(_("Why they are not enough"), one.milder_means_note)] if one.milder_means_note else []),
        (_("Replacement dwellings offered"), format_number(one.replacement_dwellings_offered)),
        (_("Households that were offered one"), format_number(one.replacement_households_offered)),
        (_("Who decided"), one.decided_by or MISSING),
        (_("Date on which it was decided"), format_date(one.decided_on)),
    ]
    return [panel(_("Before a house is closed"), [*_gaps(one), facts(pairs)])]


def _gaps(one: Measure) -> list[Component]:
    """What is missing before a house is closed; an end tells no gap any more."""
    words = []
    if lacking_safeguards(asdict(one)):
        words.append(_("What has to stand here before a house is closed is not complete."))
    has_danger = IMMEDIATE_DANGER in one.milder_means
    if one.is_open and one.replacement_households_offered == 0 and not has_danger:
        words.append(_("No household was offered replacement housing yet."))
    return [notice(text, kind="bad") for text in words]


def _relatives(one: Measure, others: Sequence[Measure], context: PageContext) -> list[Component]:
    """The order that this one enforces, and what enforces it or collects its costs."""
    related = [other for other in others if other.key == one.follows_key or other.follows_key == one.key]
    if not related:
        return []
    entries = [
        html.Li(
            [
                html.Span(_("belongs to") if other.key == one.follows_key else _("followed by"), className="quiet"),
                " ",
                html.A(code_label("measure_kind", other.kind), href=links.proceeding(other.key, context.query),
                       className="qm-link"),
                f" ({format_date(other.opened_on)}, {outcome_words(other.outcome, other.closed_on)})",
            ]
        )
        for other in related
    ]  # fmt: skip
    return [panel(_("Belongs together"), html.Ul(entries, className="verfahren-relatives"))]


def _versions_panel(versions: Sequence[Version], *, is_told: bool) -> Component:
    """What was recorded when; who entered it is for who enters such things."""
    head = (_("Since"), _("What"), *((_("Brought by"),) if is_told else ()))
    rows = [
        [format_moment(one.recorded_at), _version_words(one), *((one.by or _("a delivery"),) if is_told else ())]
        for one in versions
    ]
    table = plain_table(head, rows, _("Versions"), numbers_from=len(head))
    summary = html.Summary(_("%(count)s versions", count=format_number(len(versions))))
    return panel(_("Versions"), html.Details([summary, table], className="table-twin"))


def _version_words(one: Version) -> str:
    what = code_label("measure_step", one.step_kind) if one.step_kind else _("Facts of the proceeding")
    return what if one.superseded_at is None else _("%(what)s (replaced)", what=what)
