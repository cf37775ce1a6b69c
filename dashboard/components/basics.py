"""Small parts that every page is put together from. Words arrive translated."""

# ruff: noqa: A002 - `id` and `className` are the words of Dash

from collections.abc import Sequence
from typing import Any, Literal

import dash
from dash import html
from dash.development.base_component import Component

from dashboard.i18n import gettext as _

Children = str | Component | Sequence[Any] | None
NoticeKind = Literal["good", "bad", "info"]


def icon(name: str, *, label: str | None = None) -> Component:
    """A drawing of `assets/icons.css`; without a label it is decoration and hidden from screen readers."""
    named = {"role": "img", "aria-label": label} if label else {"aria-hidden": "true"}
    return html.Span(className=f"icon icon-{name}", **named)


def badge(text: str, *, kind: str = "neutral", shape: str | None = None) -> Component:
    """A short label; what its colour says, its shape and its text say too."""
    mark = [html.Span(className=f"shape shape-{shape}", **{"aria-hidden": "true"})] if shape else []
    return html.Span([*mark, text], className=f"badge badge-{kind}")


def page_header(title: str, *, lead: str | None = None, actions: Children = None) -> Component:
    """The heading of a page, one sentence under it, and what can be done with the whole page."""
    words = [html.H1(title, className="page-title")]
    if lead:
        words.append(html.P(lead, className="page-lead"))
    return html.Div([html.Div(words), html.Div(actions, className="page-actions")], className="page-head")


def panel(
    title: str, children: Children, *, actions: Children = None, id: str | None = None, level: int = 2
) -> Component:
    """A titled section; `level` is that of its heading (1 to 4)."""
    heading = getattr(html, f"H{level}")(title, className="panel-title")
    head = html.Div([heading, html.Div(actions, className="panel-actions")], className="panel-head")
    identity = {"id": id} if id else {}
    return html.Section([head, html.Div(children, className="panel-body")], className="panel", **identity)


def folding_panel(title: str, children: Children, *, is_open: bool = True, id: str | None = None) -> Component:
    """A section that its title folds away; works without a callback."""
    identity = {"id": id} if id else {}
    summary = html.Summary([html.Span(title), icon("chevron")], className="panel-title")
    body = html.Div(children, className="panel-body")
    return html.Details([summary, body], open=is_open, className="panel panel-folding", **identity)


def tile(label: str, value: str, unit: str | None = None, hint: str | None = None) -> Component:
    """One figure in large digits with its name, its unit and a comparison or definition under it."""
    figure = [html.Span(value, className="tile-value")]
    if unit:
        figure.append(html.Span(unit, className="tile-unit"))
    lines = [html.Dt(label, className="tile-label"), html.Dd(figure, className="tile-figure")]
    if hint:
        lines.append(html.Dd(hint, className="tile-hint"))
    return html.Dl(lines, className="tile")


def facts(pairs: Sequence[tuple[str, Children]]) -> Component:
    """Names and values in two columns."""
    rows = [html.Div([html.Dt(name), html.Dd(value)], className="fact") for name, value in pairs]
    return html.Dl(rows, className="facts")


def empty_state(title: str, text: str, action: Children = None, *, level: int = 2, symbol: str = "empty") -> Component:
    """An empty place that says what would stand there and how to get it."""
    heading = getattr(html, f"H{level}")(title, className="empty-title")
    parts = [icon(symbol), heading, html.P(text, className="quiet")]
    if action is not None:
        parts.append(html.Div(action, className="empty-action"))
    return html.Div(parts, className="empty")


def error_panel(title: str, text: str, *, error_id: str | None = None) -> Component:
    """Something failed: what, what to do, and the number that stands in the log."""
    parts = [icon("warning"), html.Div([html.Strong(title), html.P(text)])]
    if error_id:
        parts.append(html.P([_("Number of the fault"), ": ", html.Code(error_id)], className="quiet"))
    return html.Div(parts, className="notice notice-bad", role="alert")


def notice(text: Children, *, kind: NoticeKind = "info") -> Component:
    """A box of words inside a page."""
    symbol = {"good": "check", "bad": "warning", "info": "info"}[kind]
    return html.Div([icon(symbol), html.Div(text)], className=f"notice notice-{kind}")


def loading(text: str | None = None) -> Component:
    """A place that is being filled."""
    words = text or _("Loading …")
    return html.Div(
        [html.Span(className="spinner", **{"aria-hidden": "true"}), words], className="loading", role="status"
    )


def progress(done: int, total: int, *, label: str) -> Component:
    """A progress bar with its numbers in words."""
    return html.Label([label, html.Progress(value=str(done), max=str(total))], className="progress")


def button(text: str, *, id: str | None = None, kind: str = "", symbol: str | None = None, **more: Any) -> Component:
    """A button; `kind` is "", "primary", "quiet" or "danger"."""
    identity = {"id": id} if id else {}
    parts = [icon(symbol), text] if symbol else text
    return html.Button(parts, type="button", className=f"button button-{kind}".removesuffix("-"), **identity, **more)


def link_button(text: str, address: str, *, symbol: str | None = None, kind: str = "") -> Component:
    """A link inside the application that looks like a button."""
    parts = [icon(symbol), text] if symbol else text
    return html.A(parts, href=address, className=f"button button-{kind} qm-link".replace("- ", " "))


def confirm_dialog(id: str, title: str, text: Children, *, confirm_label: str, is_dangerous: bool = False) -> Component:
    """A question before something that cannot be taken back. A button with `data-opens=id` shows it.

    The answer arrives as `n_clicks` of `<id>-confirm`; Escape and "Cancel" close it without one.
    """
    kind = "danger" if is_dangerous else "primary"
    answers = [
        html.Button(_("Cancel"), type="button", className="button", **{"data-closes": "true"}),
        html.Button(
            confirm_label,
            id=f"{id}-confirm",
            type="button",
            className=f"button button-{kind}",
            **{"data-closes": "true"},
        ),
    ]
    body = [html.H2(title, id=f"{id}-title"), html.Div(text), html.Div(answers, className="dialog-answers")]
    return html.Dialog(body, id=id, className="dialog", **{"aria-labelledby": f"{id}-title"})


def notify(message: str, kind: NoticeKind = "info") -> None:
    """Show a notice from inside a server callback; bad ones stay until the user closes them."""
    dash.set_props("shell-notice", {"data": {"message": message, "kind": kind}})
