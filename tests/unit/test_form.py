"""Values of a form: what comes from the browser becomes typed values or the code of a problem, and nothing else."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.form import AddressText, Form, FormField, MalformedForm, Saved, Submission
from dashboard.form_values import check, read_values, to_wire
from tests.factories.form_cases import CASES
from tests.factories.trial_form import Desk, trial_form

TODAY = date(2026, 11, 15)


@pytest.mark.parametrize(("field", "raw", "problem"), CASES)
def test_each_rule_has_its_code(field: FormField, raw: Any, problem: str | None) -> None:
    assert check(field, raw, TODAY)[1] == problem


@pytest.mark.parametrize(
    ("name", "raw", "typed"),
    [
        ("what", "  zwei \n Zeilen\x07 ", "zwei   Zeilen"),
        ("what", "\u202eA\u200bb\u00add \u0645\u06cc\u200c\u0634", "Abd \u0645\u06cc\u200c\u0634"),
        ("what", "\u200b", None),
        ("what", "", None),
        ("body", "eins\r\nzwei", "eins\nzwei"),
        ("day", "2026-11-14", date(2026, 11, 14)),
        ("count", "12", 12),
        ("count", 12, 12),
        ("count", "", None),
        ("use_type", "", None),
        ("offices", ["customs", "customs", "police"], ("customs", "police")),
        ("offices", None, ()),
        ("is_met", False, False),
        ("is_met", None, None),
        ("address", {"text": " Weg 1 ", "id": "4"}, AddressText("Weg 1", "4")),
        ("address", {"text": "  ", "id": "4"}, None),
        ("point", [7.46, 51], (7.46, 51.0)),
        ("open_choice", "anything", "anything"),
    ],
)
def test_what_comes_in_is_typed(name: str, raw: Any, typed: Any) -> None:
    checked = read_values(trial_form(Desk()), {"what": "x", name: raw}, TODAY)
    assert checked.values[name] == typed
    assert type(checked.values[name]) is type(typed)
    assert list(checked.problems) == ([] if checked.values["what"] else ["what"])


def test_a_password_is_taken_as_it_was_typed() -> None:
    assert check(FormField("word", "Word", "password"), "  a\tb ", TODAY) == ("  a\tb ", None)


@pytest.mark.parametrize(
    "raw",
    [
        None, [], "x", {"other": 1}, {"what": 1}, {"what": ["x"]}, {"day": 20261114}, {"count": 1.5}, {"count": True},
        {"use_type": ["other"]}, {"offices": "police"}, {"offices": [1]}, {"is_met": "yes"}, {"is_met": 1},
        {"address": "Weg 1"}, {"address": {"street": "Weg"}}, {"point": [1]}, {"point": ["7", "51"]},
        {"point": [181, 0]}, {"point": [float("nan"), 0]}, {"point": [True, 0]}, {"visits": {}}, {"visits": [1]},
        {"visits": [{"unknown": 1}]}, {"visits": [{}] * 4},
    ],
)  # fmt: skip
def test_a_shape_that_no_page_of_ours_sends_is_malformed(raw: Any) -> None:
    with pytest.raises(MalformedForm):
        read_values(trial_form(Desk()), raw, TODAY)


def test_the_entries_of_a_group_are_named_by_their_place() -> None:
    checked = read_values(trial_form(Desk()), {"what": "x", "visits": [{"seen": "a"}, {"seen": " "}]}, TODAY)
    assert checked.values["visits"] == ({"seen": "a"}, {"seen": None})
    assert checked.problems == {"visits.1.seen": "required"}


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner)))
def test_any_value_is_typed_refused_or_malformed(raw: Any) -> None:
    form = trial_form(Desk())
    for field in form.plain_fields:
        try:
            value, problem = check(field, raw, TODAY)
        except MalformedForm:
            continue
        # What passed the check once passes it again as the browser would send it back.
        if problem is None:
            assert check(field, to_wire(value), TODAY) == (value, None)


def test_a_number_of_what_the_form_is_about_is_a_number() -> None:
    def submission(**about: str) -> Submission:
        return Submission(id=None, values={}, about=about, confirmed=frozenset())  # type: ignore[arg-type]

    assert submission(property="12").number("property") == 12
    assert submission().expected is None
    assert submission(expected="7").expected == 7
    for text in ("", "-1", "1.0", "x", "²", "9" * 19):
        with pytest.raises(MalformedForm):
            submission(property=text).number("property")


def test_a_form_finds_its_fields_inside_of_groups() -> None:
    form = trial_form(Desk())
    assert [form.field(name) is not None for name in ("what", "count", "visits.3.seen", "visits", "other")] == [
        True, True, True, False, False,
    ]  # fmt: skip
    assert Form("k", "T", "p", (), "S", lambda *_: Saved("")).field("a.0.b") is None
