"""Two languages: every word that the interface shows has a German form, and every code a label in both."""

import ast
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from flask import Flask
from flask.testing import FlaskClient

from dashboard import formatting, i18n
from etl.source import sources
from geodata import codes
from geodata.access import PERMISSION_WORDS, ROLES
from tests.web.conftest import PAGE

ROOT = Path(__file__).parents[2]
KEYWORDS = {"_", "gettext", "N_", "ngettext"}
CODE_LISTS = {
    "state": codes.STATES,
    "use_type": codes.USE_TYPES,
    "access": codes.ACCESS_LEVELS,
    "control_type": codes.CONTROL_TYPES,
    "result": codes.INSPECTION_RESULTS,
    "defect": codes.DEFECTS,
    "office": codes.OFFICES,
    "ownership_form": codes.OWNERSHIP_FORMS,
    "colour": codes.ASSESSMENT_COLOURS,
    "placed_by": codes.PLACED_BY,
    "area_kind": codes.AREA_KINDS,
    "context_kind": codes.CONTEXT_KINDS,
    "role": codes.ROLES,
    "demolition_stage": codes.DEMOLITION_STAGES,
    "demolition_blocker": codes.DEMOLITION_BLOCKERS,
    "demolition_outcome": codes.DEMOLITION_OUTCOMES,
    "photograph_moment": codes.PHOTOGRAPH_MOMENTS,
    "audit_action": codes.AUDIT_ACTIONS,
    "call_off_reason": codes.CALL_OFF_REASONS,
    "skip_reason": codes.SKIP_REASONS,
    "assessment_axis": codes.ASSESSMENT_AXES,
    "assessment_contribution": codes.ASSESSMENT_CONTRIBUTIONS,
    "assessment_threshold": codes.ASSESSMENT_THRESHOLDS,
    "report_problem": codes.REPORT_PROBLEMS,
    "report_state": codes.REPORT_STATES,
    "report_reason": codes.REPORT_REASONS,
    "measure_family": codes.MEASURE_FAMILIES,
    "measure_kind": codes.MEASURE_KINDS,
    "measure_step": codes.MEASURE_STEPS,
    "measure_outcome": codes.MEASURE_OUTCOMES,
    "court_status": codes.COURT_STATUSES,
    "measure_cause": codes.MEASURE_CAUSES,
    "milder_means": codes.MILDER_MEANS,
    "utility": codes.UTILITIES,
    "cut_reason": codes.CUT_REASONS,
    "closure_cause": codes.CLOSURE_CAUSES,
    "closure_event": codes.CLOSURE_EVENTS,
    "closure_outcome": codes.CLOSURE_OUTCOMES,
    "household_place": codes.HOUSEHOLD_PLACES,
    "dwelling_change": codes.DWELLING_CHANGES,
    "dwelling_provider": codes.DWELLING_PROVIDERS,
    "grant_state": codes.GRANT_STATES,
    "funding_risk": codes.FUNDING_RISKS,
    "payment_state": codes.PAYMENT_STATES,
    "goal_rating": codes.GOAL_RATINGS,
    "proof_result": codes.PROOF_RESULTS,
    "cost_category": codes.COST_CATEGORIES,
}


def messages() -> Iterator[tuple[str, Path]]:
    """Every msgid in the code and the templates of what the interface shows.

    The code is read as a syntax tree: Babel's own extraction does not look into f-strings.
    """
    for package in ("dashboard", "layers", "geodata"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and _name(node.func) in KEYWORDS and node.args:
                    first = node.args[0]
                    if isinstance(first, ast.Constant) and isinstance(first.value, str):
                        yield first.value, path
    for path in sorted((ROOT / "dashboard" / "templates").glob("*.html")):
        for _, message, _, _ in extract_from_file("jinja2.ext:babel_extract", path, keywords={"_": None}):
            yield str(message), path


def test_every_message_has_a_german_translation() -> None:
    catalogue = i18n.read_catalogue("de")
    found = {(message, path.relative_to(ROOT).as_posix()) for message, path in messages()}
    assert len(found) > 100
    found |= {(message, "geodata/access.py") for message in _words_of_roles()}
    missing = sorted(pair for pair in found if (entry := catalogue.get(pair[0])) is None or not entry.string)
    assert not missing


def test_no_translation_is_left_over_from_a_message_that_is_gone() -> None:
    # Layers do not know gettext: their titles are plain words that the dashboard translates. Nor do roles.
    used = {message for message, _ in messages()} | set(_words_of_layers()) | set(_words_of_roles())
    entries = [message.id if isinstance(message.id, str) else message.id[0] for message in i18n.read_catalogue("de")]
    assert not [entry for entry in entries if entry and entry not in used and not _is_code(entry)]


def test_placeholders_are_the_same_in_both_languages() -> None:
    problems = [
        (message.id, str(error)) for message in i18n.read_catalogue("de") for error in message.check() if message.id
    ]
    assert not problems


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_code_has_a_label(language: str) -> None:
    catalogue = i18n.read_catalogue(language)
    for code_list, values in CODE_LISTS.items():
        labels = [str(entry.string) for value in values if (entry := catalogue.get(f"{code_list}:{value}"))]
        assert len(labels) == len(values) == len(set(labels)), code_list


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_field_that_a_row_can_be_rejected_for_has_a_name(language: str) -> None:
    catalogue = i18n.read_catalogue(language)
    fields = {field.name for source in sources().values() for field in source.fields} | {"geometry"}
    assert len(fields) > 40
    assert not [name for name in sorted(fields) if not catalogue.get(f"field:{name}")]


def test_two_domains_cannot_translate_one_message_differently(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    (folder / "a.po").write_text(head + 'msgid "Map"\nmsgstr "Karte"\n', encoding="utf-8")
    (folder / "b.po").write_text(head + 'msgid "Map"\nmsgstr "Plan"\n', encoding="utf-8")
    monkeypatch.setattr(i18n, "LOCALE_FOLDER", tmp_path)
    with pytest.raises(ValueError, match="Map"):
        i18n.read_catalogue("de")


def test_the_address_switches_the_language_and_the_session_keeps_it(client: Callable[[str], FlaskClient]) -> None:
    browser = client("staff")
    assert '<html lang="de"' in browser.get("/karte", headers=PAGE).text
    assert "Abmelden" in browser.get("/_dash-layout").get_data(as_text=True)
    assert '<html lang="en"' in browser.get("/karte?lang=en", headers=PAGE).text
    assert "Sign out" in browser.get("/_dash-layout").text
    assert '<html lang="en"' in browser.get("/karte?lang=xx", headers=PAGE).text
    assert '<html lang="de"' in browser.get("/karte?lang=de", headers=PAGE).text


def test_the_language_survives_signing_out_and_in(client: Callable[[str], FlaskClient]) -> None:
    browser = client("staff")
    browser.get("/karte?lang=en", headers=PAGE)
    browser.post("/abmelden")
    assert "Sign in" in browser.get("/anmelden").text
    browser.post("/anmelden/beispiel", data={"account": "petra"})
    assert "Sign out" in browser.get("/_dash-layout").text


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "de",
            [
                "15.11.2026",
                "1.234,5",
                "12 %",
                "1,5 ha",
                "1,2 km",
                "1 Tag",
                "12 Tage",
                "–",
                "1.201\u00a0€",
                "1.200,50\u00a0€",
            ],
        ),
        (
            "en",
            [
                "15 Nov 2026",
                "1,234.5",
                "12%",
                "1.5 ha",
                "1.2 km",
                "1 day",
                "12 days",
                "–",
                "1,201\u00a0€",
                "1,200.50\u00a0€",
            ],
        ),
    ],
)
def test_figures_read_as_the_language_writes_them(server: Flask, language: str, expected: list[str]) -> None:
    with server.test_request_context(f"/?lang={language}"):
        i18n.settle_language()
        shown = [
            formatting.format_date(date(2026, 11, 15)),
            formatting.format_number(1234.5, decimals=1),
            formatting.format_percent(0.12),
            formatting.format_area(15_000),
            formatting.format_distance(1_200),
            formatting.format_days(1),
            formatting.format_days(12),
            formatting.format_number(None),
            formatting.format_money(1_200.5),
            formatting.format_amount(1_200.5),
        ]
    assert [text.replace("\u00a0", " ") for text in shown] == [text.replace("\u00a0", " ") for text in expected]


def _is_code(entry: str) -> bool:
    return re.fullmatch(r"[a-z_]+:[a-z0-9_]+", entry) is not None


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _words_of_roles() -> Iterator[str]:
    yield from (rights.words for rights in ROLES.values())
    yield from PERMISSION_WORDS.values()


def _words_of_layers() -> Iterator[str]:
    for path in (ROOT / "layers").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
